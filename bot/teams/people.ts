import { performance } from 'node:perf_hooks';
import type { ConnectorClient } from 'botframework-connector';
import { type Evidence, read, unread } from '../../core/evidence.ts';
import type { Channel } from '../../core/migration.ts';
import { guid, type Person } from '../../core/person.ts';
import type { Clock, Log } from '../../core/ports.ts';
import type { InboundAccount } from './activity.ts';
import type { Connector } from './connector.ts';
import { plainLine, plainName } from './plain-name.ts';

/** Who is behind an activity. */
export interface People {
  /** Null when Teams did not say who it is; a guest when the roster could not confirm that they are a member. */
  find(account: InboundAccount): Promise<Person | null>;
  roster(): Promise<Evidence<readonly Person[]>>;
}

const FRESH_FOR = 5 * 60_000;
// Each view names the people of a plan, and Teams lets the list be read 4 times a second: not once for every press.
const ROSTER_FRESH_FOR = 30_000;
const MOST_CACHED = 1_000;
const PAGE_SIZE = 200;
const MOST_PAGES = 100;
const LONGEST_UPN = 256;
const SOURCE = 'Teams channel roster';

export function createPeople(options: { connector: Connector; channel: Channel; clock: Clock; log: Log; elapsed?: () => number }): People {
  const { connector, channel, clock, log } = options;
  const elapsed = options.elapsed ?? (() => performance.now());
  const known = new Map<string, { person: Person; at: number }>();
  const asking = new Map<string, Promise<Person | null>>();
  let listed: { roster: Promise<Evidence<readonly Person[]>>; at: number } | null = null;
  const tenantId = channel.tenantId.toLowerCase();

  async function ask(objectId: string, account: InboundAccount): Promise<Person | null> {
    const unconfirmed: Person = { objectId, tenantId, name: plainName(account.name), memberId: account.id ?? null, isGuest: true };
    const called = await connector.read((client) => client.conversations.getConversationMember(channel.channelId, account.id ?? objectId));
    if (!called.ok) {
      log.warn('A person could not be found in the roster and counts as a guest for now.', { because: called.because });
      return unconfirmed;
    }
    const member = readMember(called.value, tenantId);
    // The roster knows somebody else under that member id: then neither can be believed.
    if (!member || member.objectId !== objectId) return null;
    if (known.size >= MOST_CACHED) known.clear();
    known.set(key(objectId, account), { person: member, at: elapsed() });
    return member;
  }

  async function list(): Promise<Evidence<readonly Person[]>> {
    const called = await connector.read((client) => allMembers(client, channel.channelId));
    if (!called.ok) {
      const fix = 'install the app in the team that holds the channel, then ask again';
      return unread(`the members of the channel could not be read: ${called.because}`, fix, SOURCE, clock.now());
    }
    return read(
      called.value.flatMap((raw) => readMember(raw, tenantId) ?? []),
      SOURCE,
      clock.now(),
    );
  }

  return {
    find: (account) => {
      const objectId = guid(account.aadObjectId);
      if (objectId === null) return Promise.resolve(null);
      const name = key(objectId, account);
      const cached = known.get(name);
      if (cached && elapsed() - cached.at < FRESH_FOR) return Promise.resolve(cached.person);
      const running =
        asking.get(name) ??
        ask(objectId, account).finally(() => {
          asking.delete(name);
        });
      asking.set(name, running);
      return running;
    },
    roster: () => {
      if (listed && elapsed() - listed.at < ROSTER_FRESH_FOR) return listed.roster;
      const mine = { roster: list(), at: elapsed() };
      listed = mine;
      const forget = (): void => {
        if (listed === mine) listed = null;
      };
      mine.roster.then(({ state }) => (state === 'read' ? undefined : forget()), forget);
      return mine.roster;
    },
  };
}

function key(objectId: string, account: InboundAccount): string {
  return `${objectId} ${account.id ?? ''}`;
}

// The SDK's type asks for a token even for the first page.
type Page = { pageSize: number; continuationToken: string };

async function allMembers(client: ConnectorClient, channelId: string): Promise<unknown[]> {
  const members: unknown[] = [];
  let continuationToken = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const asked = { pageSize: PAGE_SIZE, ...(continuationToken === '' ? {} : { continuationToken }) };
    const result = await client.conversations.getConversationPagedMembers(channelId, asked as Page);
    members.push(...(result.members ?? []));
    continuationToken = result.continuationToken ?? '';
    if (continuationToken === '') break;
  }
  return members;
}

// Only who is plainly a member of this tenant counts as one; whatever is missing or odd makes a guest.
function readMember(raw: unknown, tenantId: string): Person | null {
  const account = raw as Readonly<Record<string, unknown>>;
  const objectId = guid(account['aadObjectId']) ?? guid(account['objectId']);
  if (objectId === null) return null;
  const own = guid(account['tenantId']);
  const upn = account['userPrincipalName'];
  const isExternal = typeof upn === 'string' && /#ext#/i.test(upn);
  return {
    objectId,
    tenantId: own ?? tenantId,
    name: plainName(account['name']),
    memberId: typeof account['id'] === 'string' && account['id'] !== '' ? account['id'] : null,
    ...(typeof upn === 'string' && upn !== '' ? { upn: plainLine(upn, LONGEST_UPN) } : {}),
    isGuest: own !== tenantId || isExternal || !(account['userRole'] === 'user' || account['userRole'] === 'owner'),
  };
}
