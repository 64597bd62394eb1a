import { groupId } from './activities.ts';
import type { Handler } from './connector.ts';
import { findPlace } from './conversations.ts';
import { HttpError } from './http.ts';
import type { MessageStore } from './message-store.ts';
import type { Member, Roster } from './roster.ts';
import type { Channel } from './types.ts';

const PAGE_SIZE = 200;
const LARGEST_PAGE = 500;

export function memberHandlers(
  channel: Channel,
  roster: Roster,
  store: MessageStore,
): Record<'members' | 'member' | 'pagedMembers' | 'team' | 'channels', Handler> {
  const listed = (conversationId: string): readonly Member[] => {
    const { member } = findPlace(conversationId, channel, roster, store);
    return member ? [member] : roster.members;
  };
  const checkTeam = (id: string | undefined): void => {
    if (id !== channel.teamId) throw new HttpError(404, 'NotFound', 'The team does not exist or the bot is not in it.');
  };

  return {
    members: ({ params }) => ({ status: 200, body: listed(params[0] ?? '').map(account) }),
    member: ({ params }) => {
      const asked = roster.find(params[1] ?? '');
      if (!asked || !listed(params[0] ?? '').includes(asked)) {
        throw new HttpError(404, 'MemberNotFoundInConversation', 'The member does not exist in this conversation.');
      }
      return { status: 200, body: account(asked) };
    },
    pagedMembers: ({ params, query }) => {
      const all = listed(params[0] ?? '');
      const size = Math.min(number(query.get('pageSize'), PAGE_SIZE), LARGEST_PAGE);
      const start = readToken(query.get('continuationToken'), all.length);
      const end = start + size;
      return {
        status: 200,
        body: { members: all.slice(start, end).map(account), ...(end < all.length ? { continuationToken: token(end) } : {}) },
      };
    },
    team: ({ params }) => {
      checkTeam(params[0]);
      const { teamId, teamName, tenantId } = channel;
      const memberCount = roster.members.length;
      return { status: 200, body: { id: teamId, name: teamName, aadGroupId: groupId(teamId), tenantId, channelCount: 1, memberCount } };
    },
    channels: ({ params }) => {
      checkTeam(params[0]);
      // The General channel shares the team's id and has no name of its own.
      const name = channel.channelId === channel.teamId ? null : channel.channelName;
      return { status: 200, body: { conversations: [{ id: channel.channelId, name, type: 'standard' }] } };
    },
  };
}

function account(member: Member): Record<string, unknown> {
  const [givenName = '', ...rest] = member.name.split(' ');
  return {
    id: member.mri,
    name: member.name,
    givenName,
    surname: rest.join(' '),
    aadObjectId: member.id,
    objectId: member.id,
    email: member.upn,
    userPrincipalName: member.upn,
    tenantId: member.tenantId,
    userRole: member.isGuest ? 'guest' : 'user',
  };
}

function number(raw: string | null, otherwise: number): number {
  if (raw === null) return otherwise;
  const value = Number(raw);
  if (!Number.isInteger(value) || value < 1) throw new HttpError(400, 'BadArgument', 'pageSize must be a positive whole number.');
  return value;
}

function token(start: number): string {
  return Buffer.from(JSON.stringify({ start })).toString('base64url');
}

function readToken(raw: string | null, length: number): number {
  if (raw === null || raw === '') return 0;
  const match = /^\{"start":(\d+)\}$/.exec(Buffer.from(raw, 'base64url').toString('utf8'));
  const start = Number(match?.[1] ?? -1);
  if (start < 0 || start > length) throw new HttpError(400, 'BadArgument', 'The continuation token is not valid.');
  return start;
}
