import { createHash } from 'node:crypto';
import { CLIENTS, type Client } from './clients.ts';
import type { Member, Roster } from './roster.ts';
import type { Team } from './team.ts';
import type { Activity } from './types.ts';

export interface ActivitySources {
  team: Team;
  roster: Roster;
  now: () => number;
  nextId: () => string;
  serviceUrl: () => string;
}

/** What every activity has in common. */
export interface ActivityFrame {
  base(type: string, member: Member): Activity;
  /** `conversation` and `channelData` of something in a channel's thread, or in a personal chat. */
  place(member: Member, conversation: string, threadId: string | undefined): { conversation: object; channelData: object };
  /** The same content as the service sends it when it has given up on the first try: a new id and time. */
  renewed(activity: Activity): Activity;
}

export function createActivityFrame({ team, roster, now, nextId, serviceUrl }: ActivitySources): ActivityFrame {
  // Whatever is not a message somebody wrote has an id of this kind.
  const eventId = (): string => {
    const hex = createHash('sha256').update(`${roster.botId} ${nextId()}`).digest('hex');
    return `f:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
  };
  const times = (): { timestamp: string; localTimestamp: string } => {
    const at = new Date(now()).toISOString();
    return { timestamp: at, localTimestamp: at };
  };
  return {
    base: (type, member) => ({
      type,
      id: eventId(),
      ...times(),
      localTimezone: 'Etc/UTC',
      channelId: 'msteams',
      serviceUrl: serviceUrl(),
      from: { id: member.mri, name: member.name, ...(member.isAnonymous ? {} : { aadObjectId: member.id }) },
      recipient: { id: roster.botId, name: roster.botName },
    }),
    place: (member, conversation, threadId) => {
      const tenant = { id: tenantOf(member, team) };
      if (!team.find(conversation)) {
        return { conversation: { conversationType: 'personal', tenantId: team.tenantId, id: conversation }, channelData: { tenant } };
      }
      const id = threadId === undefined ? conversation : `${conversation};messageid=${threadId}`;
      return {
        conversation: { isGroup: true, conversationType: 'channel', tenantId: team.tenantId, id },
        channelData: { teamsChannelId: conversation, teamsTeamId: team.id, channel: { id: conversation }, team: team.info(), tenant },
      };
    },
    renewed: (activity) => ({ ...activity, id: eventId(), ...times() }),
  };
}

/** A guest acts inside the team's tenant; only somebody of another tenant in a shared channel keeps their own. */
export function tenantOf(member: Member, team: Team): string {
  return member.isGuest || member.isAnonymous ? team.tenantId : member.tenantId;
}

export function clientInfo(client: Client): Record<string, string> {
  return { type: 'clientInfo', locale: 'en-GB', country: 'GB', platform: CLIENTS[client], timezone: 'Etc/UTC' };
}
