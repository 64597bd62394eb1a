import { randomInt, randomUUID } from 'node:crypto';
import type { AnyJson, ReadyLine } from '../../support/rehearsal.ts';

export type Loose = Record<string, AnyJson>;

/** Somebody of the team: name, Entra object id, and Teams' own id of them. */
export interface Somebody {
  readonly name: string;
  readonly id: string;
  readonly mri: string;
}

/** Activities as Teams sends them from a thread of the migration's channel; anything can be overridden. */
export function createActivities({ botAppId, channel, teams }: ReadyLine, threadId: string) {
  const bot = { id: `28:${botAppId}`, name: 'Greenlight' };

  function base(who: Somebody): Loose {
    return {
      id: `f:${randomUUID()}`,
      timestamp: new Date().toISOString(),
      channelId: 'msteams',
      serviceUrl: `${teams}/`,
      from: { id: who.mri, name: who.name, aadObjectId: who.id },
      recipient: bot,
      conversation: {
        isGroup: true,
        conversationType: 'channel',
        tenantId: channel.tenantId,
        id: `${channel.channelId};messageid=${threadId}`,
      },
      channelData: {
        teamsChannelId: channel.channelId,
        teamsTeamId: channel.teamId,
        channel: { id: channel.channelId },
        team: { id: channel.teamId },
        tenant: { id: channel.tenantId },
      },
    };
  }

  return {
    bot,
    /** Words in the channel that mention the bot. */
    message(who: Somebody, words: string, over: Loose = {}): Loose {
      const id = String(1_795_000_000_000 + randomInt(1_000_000_000));
      const mention = { type: 'mention', mentioned: bot, text: '<at>Greenlight</at>' };
      return { ...base(who), type: 'message', id, text: `<at>Greenlight</at> ${words}`, entities: [mention], ...over };
    },
    /** A press of a button of a card. */
    press(who: Somebody, activityId: string, verb: string, data: AnyJson, over: Loose = {}): Loose {
      return {
        ...base(who),
        type: 'invoke',
        name: 'adaptiveCard/action',
        replyToId: activityId,
        value: { action: { type: 'Action.Execute', verb, data }, trigger: 'manual' },
        ...over,
      };
    },
  };
}

export type Activities = ReturnType<typeof createActivities>;
