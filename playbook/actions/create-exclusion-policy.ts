import type { Action, HandOver } from '../../core/action.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { evidenceFor, ORGANISATION } from '../../core/snapshot.ts';
import type { Compared } from '../exclusions/compared.ts';
import { compareExclusions, hasEntries } from '../exclusions/compared.ts';
import { differingNames, exclusionsHandOver, foundWords } from '../exclusions/hand-over.ts';
import { unseenServers, wantedExclusions } from '../exclusions/wanted.ts';
import { count } from '../some-of.ts';
import type { Creation } from './exclusion-calls.ts';
import { assignPolicy, createGroup, createPolicy } from './exclusion-calls.ts';

/** Graph may show late what it was told. */
const SHOWN_WITHIN_MINUTES = 15;

const BY_HAND =
  'Compare the entries with the vendor’s own page, make what is missing, and ask again. Greenlight makes it only where the migration file says so (actions, create-exclusion-policy, write).';
const REST_BY_HAND =
  'Nothing is left that Greenlight may make: what differs, and the policy for Linux, is for people. Ask again once it is done.';
const NOTHING = 'There is nothing to do. A policy takes up to 90 minutes to get to a server.';

/**
 * Defender leaves the old product alone: a dynamic group of servers and an exclusion policy for each platform. By default both are only
 * compared and handed over. It makes what is missing, and never touches what is there, whoever made it.
 */
export const createExclusionPolicy: Action = {
  id: 'create-exclusion-policy',
  title: 'Create exclusion policy',
  phase: 'onboard',
  subject: 'organisation',
  class: 'reversible',
  minutesPerTarget: 10,
  needs: ['machine', 'exclusion-policies'],
  permissions: ['DeviceManagementConfiguration.ReadWrite.All', 'Group.ReadWrite.All'],
  effect:
    'Makes what is missing: the dynamic groups of the servers that Defender manages, the Windows policy that excludes the old product’s folders and programs, and, once both are there, the assignment of that policy to its group. What is there is left as it is. Graph gives the ids when something is made, so that assigning it is a second request with signatures of its own.',
  undoWords:
    'None, because the ids that Graph gives are not known when this is signed. Delete the group and the policy by hand: their description names the plan.',
  makeSafeWords: 'Nothing has to be made safe, because no engine on any machine changes; a policy that is not assigned reaches nobody.',
  finalWords: 'None, because every checklist reads the policies and groups anew.',
  scripts: [],
  handsOver(snapshot) {
    const compared = comparisonOf(snapshot);
    if (compared.state === 'unread' || compared.value.length === 0) return null;
    const { write } = snapshot.options.createExclusionPolicy;
    return write && creationsFor(compared.value).length > 0 ? null : handOver(compared.value, write);
  },
  consider(subject, snapshot) {
    const compared = comparisonOf(snapshot);
    if (compared.state === 'unread') return { include: false, code: 'unread', because: compared.reason };
    if (compared.value.length === 0) {
      const unseen = unseenServers(snapshot);
      const more = unseen === 0 ? '' : `; ${count(unseen, 'server')} could not be looked into, so request the probe first`;
      const because = `no product of another vendor was seen on a server, and the migration file names none${more}`;
      return { include: false, code: 'no-products', because };
    }
    if (!snapshot.options.createExclusionPolicy.write) {
      return { include: false, code: 'by-hand', because: 'the migration file leaves making groups and policies to people' };
    }
    const creations = creationsFor(compared.value);
    const found = compared.value.map(foundWords).join('; ');
    if (creations.length === 0) return { include: false, code: 'nothing-missing', because: leftWords(compared.value, found) };
    return {
      include: true,
      target: {
        found,
        fingerprint: {},
        holds: [subject.id],
        sequence: [
          ...creations.map(({ call }) => ({ do: 'change', call, safe: true }) as const),
          {
            do: 'prove',
            id: 'read-policies',
            describes: 'read the policies and groups back with the reader identity',
            evidence: 'exclusion-policies',
            call: null,
            expect: creations.map(({ expect }) => expect),
            withinMinutes: SHOWN_WITHIN_MINUTES,
          },
        ],
        makeSafe: [],
        undo: [],
        finalCheck: null,
      },
    };
  },
  undoBlock: () => null,
  blastRadius: () =>
    'Groups and policies of the WHOLE TENANT: the rule takes in every server that Defender manages, also those outside this migration',
};

/** Nothing where no product is known on any platform. */
function comparisonOf(snapshot: Snapshot): Evidence<readonly Compared[]> {
  const policies = evidenceFor(snapshot, 'exclusion-policies', ORGANISATION);
  if (policies.state === 'unread') return policies;
  return { ...policies, value: wantedExclusions(snapshot).map((wanted) => compareExclusions(wanted, policies.value)) };
}

function creationsFor(compared: readonly Compared[]): readonly Creation[] {
  return compared.flatMap(creationsOn);
}

/**
 * What Greenlight may make on one platform. The policy for Linux is always handed over: how Intune wants it could not be tried. One that
 * somebody else made is not assigned: why it reaches nobody is theirs to know.
 */
function creationsOn({ wanted, group, policy }: Compared): readonly Creation[] {
  if (policy.state === 'differs' || (policy.state === 'there' && policy.reach !== 'nobody')) return [];
  const [own] = policy.state === 'there' ? policy.policies.filter(({ name }) => name === wanted.policyName) : [];
  return [
    ...(group.state === 'missing' ? [createGroup(wanted)] : []),
    ...(policy.state === 'missing' && wanted.platform === 'windows' && hasEntries(wanted) ? [createPolicy(wanted)] : []),
    ...(own && group.state === 'there' ? [assignPolicy(own, group)] : []),
  ];
}

function leftWords(compared: readonly Compared[], found: string): string {
  const differing = differingNames(compared);
  return differing === '' ? found : `${found}; ${differing} is left as it is`;
}

function handOver(compared: readonly Compared[], write: boolean): HandOver {
  const whole = compared.every(({ policy }) => policy.state === 'there' && policy.reach === 'servers');
  if (whole) return exclusionsHandOver(compared, NOTHING);
  return exclusionsHandOver(compared, write ? REST_BY_HAND : BY_HAND);
}
