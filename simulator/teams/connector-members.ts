import { tenantOf } from './activity-frame.ts';
import type { Handler } from './connector.ts';
import { findPlace } from './conversations.ts';
import { HttpError } from './http.ts';
import type { Installation } from './installation.ts';
import type { MessageStore } from './message-store.ts';
import type { Member, Roster } from './roster.ts';
import type { Team } from './team.ts';

const PAGE_SIZE = 200;
// What asks for less or more gets these ("Get Teams specific context for your bot").
const SMALLEST_PAGE = 50;
const LARGEST_PAGE = 500;

interface Sources {
  team: Team;
  roster: Roster;
  store: MessageStore;
  installation: Installation;
}

export function memberHandlers({
  team,
  roster,
  store,
  installation,
}: Sources): Record<'members' | 'member' | 'pagedMembers' | 'team' | 'channels', Handler> {
  const listed = (conversationId: string): readonly Member[] => {
    const { member } = findPlace(conversationId, team, roster, store);
    if (member) installation.requireChat(member);
    else installation.requireTeam();
    return member ? [member] : roster.members;
  };
  const checkTeam = (id: string | undefined): void => {
    if (id !== team.id) throw new HttpError(404, 'NotFound', 'The team does not exist or the bot is not in it.');
    installation.requireTeam();
  };
  const account = (member: Member): Record<string, unknown> => accountOf(member, team);

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
      const size = Math.max(SMALLEST_PAGE, Math.min(number(query.get('pageSize'), PAGE_SIZE), LARGEST_PAGE));
      const start = readToken(query.get('continuationToken'), all.length);
      const end = start + size;
      return {
        status: 200,
        body: { members: all.slice(start, end).map(account), ...(end < all.length ? { continuationToken: token(end) } : {}) },
      };
    },
    team: ({ params }) => {
      checkTeam(params[0]);
      const memberCount = roster.members.length;
      return { status: 200, body: { ...team.info(), tenantId: team.tenantId, channelCount: team.channels().length, memberCount } };
    },
    channels: ({ params }) => {
      checkTeam(params[0]);
      // The General channel shares the team's id and has no name of its own.
      const named = ({ id, name }: { id: string; name: string }) => ({ id, name: id === team.id ? null : name, type: 'standard' });
      return { status: 200, body: { conversations: team.channels().map(named) } };
    },
  };
}

function accountOf(member: Member, team: Team): Record<string, unknown> {
  if (member.isAnonymous) return { id: member.mri, name: member.name, tenantId: team.tenantId, userRole: 'anonymous' };
  const [givenName = '', ...rest] = member.name.split(' ');
  return {
    id: member.mri,
    name: member.name,
    givenName,
    surname: rest.join(' '),
    aadObjectId: member.id,
    objectId: member.id,
    email: mailOf(member),
    userPrincipalName: member.upn,
    tenantId: tenantOf(member, team),
    userRole: member.isGuest ? 'guest' : 'user',
  };
}

// A guest's sign-in name in the team's tenant is made of their own address.
function mailOf({ upn }: Member): string {
  const [, user, domain] = /^(.+)_([^_]+)#EXT#@/i.exec(upn) ?? [];
  return user && domain ? `${user}@${domain}` : upn;
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
