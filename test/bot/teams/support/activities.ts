import { APP_ID } from './tokens.ts';

export const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
export const OTHER_TENANT = 'aaaaaaaa-0000-4000-8000-00000000000a';
export const CHANNEL = { tenantId: TENANT, teamId: '19:team@thread.tacv2', channelId: '19:migration@thread.tacv2' };
export const ANN = 'bbbbbbbb-0000-4000-8000-00000000000b';
export const BOT = `28:${APP_ID}`;

export type Loose = Record<string, unknown>;

/** A member as the roster shows them. */
export function member(over: Loose = {}): Loose {
  return {
    id: '29:ann',
    name: 'Ann Approver',
    aadObjectId: ANN,
    objectId: ANN,
    tenantId: TENANT,
    userRole: 'user',
    userPrincipalName: 'ann@contoso.example',
    ...over,
  };
}

export function mention(id = BOT, text = '<at>Greenlight</at>', name = 'Greenlight'): Loose {
  return { type: 'mention', mentioned: { id, name }, text };
}

/** A message in the channel that mentions the bot; anything can be overridden. */
export function message(serviceUrl: string, over: Loose = {}): Loose {
  return {
    type: 'message',
    id: '1700000000001',
    timestamp: '2026-11-22T10:00:00.000Z',
    channelId: 'msteams',
    serviceUrl,
    from: { id: '29:ann', name: 'Ann Approver', aadObjectId: ANN },
    recipient: { id: BOT, name: 'Greenlight' },
    conversation: {
      isGroup: true,
      conversationType: 'channel',
      tenantId: TENANT,
      id: `${CHANNEL.channelId};messageid=1700000000001`,
    },
    channelData: { tenant: { id: TENANT }, team: { id: CHANNEL.teamId }, channel: { id: CHANNEL.channelId } },
    text: '<at>Greenlight</at> how ready are we?',
    entities: [mention(), { type: 'clientInfo', locale: 'en-GB' }],
    ...over,
  };
}

/** A button pressed on a card of the bot. */
export function press(serviceUrl: string, action: Loose = {}, over: Loose = {}): Loose {
  const { text: _text, entities: _entities, ...rest } = message(serviceUrl);
  return {
    ...rest,
    type: 'invoke',
    name: 'adaptiveCard/action',
    replyToId: 'message-9',
    value: { action: { type: 'Action.Execute', verb: 'approve', data: { plan: 'GL-0001' }, ...action }, trigger: 'manual' },
    ...over,
  };
}
