import { mentionEntity } from './mentions.ts';
import type { Member, Roster } from './roster.ts';
import type { Activity, Channel, Message } from './types.ts';

export interface ActivityMaker {
  message(member: Member, message: Message, replyToId?: string): Activity;
  submit(member: Member, message: Message, value: unknown): Activity;
  invoke(member: Member, message: Message, value: unknown): Activity;
  /** What Teams sends when the app is added to the team. */
  installed(): Activity[];
}

export interface ActivitySources {
  channel: Channel;
  roster: Roster;
  now: () => number;
  nextId: () => string;
  serviceUrl: () => string;
}

const CLIENT = { type: 'clientInfo', locale: 'en-GB', country: 'GB', platform: 'Web', timezone: 'Etc/UTC' };

export function createActivityMaker({ channel, roster, now, nextId, serviceUrl }: ActivitySources): ActivityMaker {
  const bot = { id: roster.botId, name: roster.botName };
  const team = { id: channel.teamId, name: channel.teamName, aadGroupId: groupId(channel.teamId) };

  // A guest acts inside the team's tenant; only somebody of another tenant in a shared channel keeps their own.
  const tenantOf = (member: Member): string => (member.isGuest ? channel.tenantId : member.tenantId);

  const base = (type: string, member: Member): Activity => ({
    type,
    id: nextId(),
    timestamp: new Date(now()).toISOString(),
    localTimestamp: new Date(now()).toISOString(),
    localTimezone: 'Etc/UTC',
    channelId: 'msteams',
    serviceUrl: serviceUrl(),
    from: { id: member.mri, name: member.name, aadObjectId: member.id },
    recipient: bot,
  });
  const place = (member: Member, message: Message): Record<string, unknown> =>
    message.conversation === channel.channelId
      ? {
          conversation: {
            isGroup: true,
            conversationType: 'channel',
            tenantId: channel.tenantId,
            id: `${channel.channelId};messageid=${message.threadId}`,
          },
          channelData: {
            teamsChannelId: channel.channelId,
            teamsTeamId: channel.teamId,
            channel: { id: channel.channelId },
            team,
            tenant: { id: tenantOf(member) },
          },
        }
      : {
          conversation: { conversationType: 'personal', tenantId: channel.tenantId, id: message.conversation },
          channelData: { tenant: { id: tenantOf(member) } },
        };
  const press = (type: string, member: Member, message: Message, value: unknown): Activity => {
    const { channelData, conversation } = place(member, message) as { channelData: object; conversation: object };
    return {
      ...base(type, member),
      conversation,
      channelData: { ...channelData, source: { name: 'message' }, legacy: { replyToId: message.id } },
      replyToId: message.id,
      value,
      locale: CLIENT.locale,
      entities: [CLIENT],
    };
  };

  return {
    message: (member, message, replyToId) => ({
      ...base('message', member),
      id: message.id,
      ...place(member, message),
      text: message.text,
      textFormat: 'plain',
      attachments: [{ contentType: 'text/html', content: `<div>${asHtml(message)}</div>` }],
      entities: [...message.mentions.map(mentionEntity), CLIENT],
      locale: CLIENT.locale,
      ...(replyToId ? { replyToId } : {}),
    }),
    submit: (member, message, value) => press('message', member, message, value),
    invoke: (member, message, value) => ({ ...press('invoke', member, message, value), name: 'adaptiveCard/action' }),
    installed: () => {
      const installer = roster.members.find((member) => member.role === 'owner') ?? roster.members[0];
      if (!installer) return [];
      const conversation = { isGroup: true, conversationType: 'channel', tenantId: channel.tenantId, id: channel.channelId };
      const common = {
        tenant: { id: channel.tenantId },
        team,
        channel: { id: channel.channelId },
        settings: { selectedChannel: { id: channel.channelId } },
      };
      return [
        { ...base('installationUpdate', installer), action: 'add', conversation, channelData: { ...common, source: { name: 'message' } } },
        {
          ...base('conversationUpdate', installer),
          conversation,
          membersAdded: [{ id: roster.botId }],
          channelData: { ...common, eventType: 'teamMemberAdded' },
        },
      ];
    },
  };
}

function asHtml(message: Message): string {
  let html = escapeHtml(message.text);
  for (const [index, mention] of message.mentions.entries()) {
    const span = `<span itemscope itemtype="http://schema.skype.com/Mention" itemid="${index}">${escapeHtml(mention.name)}</span>`;
    html = html.replaceAll(escapeHtml(mention.text), span);
  }
  return html;
}

function escapeHtml(raw: string): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

// A team's Microsoft 365 group has an id of its own; one made from the team id keeps it the same after a restart.
export function groupId(teamId: string): string {
  const hex = Buffer.from(teamId).toString('hex').padEnd(32, '0').slice(-32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
