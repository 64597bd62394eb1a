import type { Action } from '../../../core/action.ts';
import type { Migration } from '../../../core/migration.ts';
import type { Person } from '../../../core/person.ts';
import type { Call, Item } from '../../../core/plan.ts';
import type { Scope } from '../../../core/scope.ts';
import { machineFacts, person, SUBSCRIPTION, migration as sample } from '../../support/facts.ts';

const member = (digit: number): Person => ({ ...person(digit), memberId: null, isGuest: false });

/** The first three are approvers. The last has an approver's object id in another tenant. */
export const people: readonly Person[] = [
  member(1),
  member(2),
  member(3),
  member(4),
  { ...member(5), isGuest: true },
  { ...member(1), tenantId: person(7).objectId, name: 'Person 1 of elsewhere' },
];

export const machines = ['a', 'b', 'c', 'd'].map((name, index) =>
  machineFacts({ id: `/m/${name}`, name, vmId: `vm-${name}`, tags: { ring: index < 1 ? 'canary' : 'broad' } }),
);

/** What differs from history to history besides its commands. */
export interface Setup {
  readonly quorum: number;
  readonly concurrency: number;
  readonly stopAfterFailures: number;
  readonly maxDroppedShare: number;
}

export function migrationOf({ quorum, concurrency, stopAfterFailures, maxDroppedShare }: Setup): Migration {
  return { ...sample, quorum, waves: { size: 3, concurrency, stopAfterFailures, maxDroppedShare } };
}

const call = (id: string, where: string, settles: Call['settles']): Call => ({
  id,
  describes: '',
  method: 'PUT',
  path: `/x/${where}/{plan}/${id}`,
  query: {},
  body: id === 'probe' ? { nonce: '{nonce}' } : null,
  settles,
  timeoutSeconds: 300,
});

const sequenceOn = (where: string): readonly Item[] => [
  { do: 'change', call: call('set', where, 'run-command') },
  {
    do: 'prove',
    id: 'probe',
    describes: '',
    evidence: 'guest',
    call: call('probe', where, 'run-command'),
    expect: [{ path: 'passiveKey', equals: 1, words: 'set' }],
  },
];

const settingOn = (where: string): readonly Item[] => [
  { do: 'change', call: call('switch', where, 'setting') },
  {
    do: 'prove',
    id: 'read',
    describes: '',
    evidence: 'security-settings',
    call: null,
    expect: [{ path: 'endpointProtection', equals: true, words: 'on' }],
  },
];

const common = {
  phase: 'prepare',
  readOnly: false,
  permissions: [],
  effect: '',
  undoWords: '',
  makeSafeWords: '',
  scripts: [],
  needs: [],
} as const;

/** One action on machines, proven by a probe, and one on the subscription, proven by reading. */
export const actions: readonly Action[] = [
  {
    ...common,
    id: 'set',
    title: 'Set',
    subject: 'machine',
    consider(subject) {
      if (subject.kind !== 'machine') return { include: false, code: 'kind', because: 'not a machine' };
      const { id, name, facts } = subject;
      const target = {
        found: '',
        fingerprint: { vmId: facts.vmId ?? '' },
        holds: [id],
        sequence: sequenceOn(name),
        makeSafe: [],
        undo: [],
      };
      return { include: true, target };
    },
    blastRadius: (targets) => `${targets.length}`,
  },
  {
    ...common,
    id: 'switch',
    title: 'Switch',
    subject: 'subscription',
    consider(subject, snapshot) {
      const holds = [subject.id, ...snapshot.machines.map(({ id }) => id)];
      const target = { found: '', fingerprint: { tenant: 'home' }, holds, sequence: settingOn(subject.name), makeSafe: [], undo: [] };
      return { include: true, target };
    },
    blastRadius: (targets) => `${targets.length}`,
  },
];

/** What may be asked for. The whole fleet takes two waves. */
export const requests: readonly { readonly action: string; readonly scope: Scope }[] = [
  { action: 'set', scope: {} },
  { action: 'set', scope: {} },
  { action: 'set', scope: { ring: 'canary' } },
  { action: 'set', scope: { ring: 'broad' } },
  { action: 'switch', scope: { subscription: SUBSCRIPTION } },
];
