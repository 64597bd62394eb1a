import type { Action } from '../../../core/action.ts';
import type { Migration } from '../../../core/migration.ts';
import { weekdays } from '../../../core/migration.ts';
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

/** The first alone in its ring; the next two in one availability set. */
export const machines = ['a', 'b', 'c', 'd'].map((name, index) =>
  machineFacts({
    id: `/m/${name}`,
    name,
    vmId: `vm-${name}`,
    availabilitySet: index === 1 || index === 2 ? '/sets/1' : null,
    tags: { ring: index < 1 ? 'canary' : 'broad' },
  }),
);

/** What differs from history to history besides its commands. */
export interface Setup {
  readonly quorum: number;
  readonly concurrency: number;
  readonly stopAfterFailures: number;
  readonly maxFailedShare: number;
  readonly maxDroppedShare: number;
  readonly soakMinutes: number;
  /** Changes run in a window only: from now for an hour and a half, and again every day. */
  readonly windowed: boolean;
}

export function migrationOf({ quorum, windowed, ...limits }: Setup): Migration {
  const policy = { ...sample.signOff.reversible, quorum, inWindow: windowed };
  return {
    ...sample,
    signOff: { ...sample.signOff, reversible: policy },
    windows: [{ name: 'morning', days: weekdays, from: '09:00', until: '10:30', rings: null }],
    waves: { ...limits, size: 3 },
  };
}

function call(id: string, where: string, settles: Call['settles']): Call {
  return {
    id,
    describes: '',
    method: 'PUT',
    path: `/x/${where}/{plan}/${id}`,
    query: {},
    body: id.endsWith('probe') ? { nonce: '{nonce}' } : null,
    settles,
    timeoutSeconds: 300,
  };
}

/** A change that leaves the machine half-way, a while in which nothing is done, and the look that shows what became of it. */
function steps(where: string, change: string, probe: string, equals: 1 | null): readonly Item[] {
  const expect = [{ path: 'passiveKey', equals, words: 'as wanted' }];
  return [
    { do: 'change', safe: false, call: call(change, where, 'run-command') },
    { do: 'wait', id: `${change}-wait`, describes: '', minutes: 1, call: null },
    { do: 'prove', id: probe, describes: '', evidence: 'guest', call: call(probe, where, 'run-command'), expect },
  ];
}

function settingOn(where: string, id: string, equals: boolean): readonly Item[] {
  const expect = [{ path: 'endpointProtection', equals, words: 'as wanted' }];
  return [
    { do: 'change', safe: true, call: call(id, where, 'setting') },
    { do: 'prove', id: `${id}-read`, describes: '', evidence: 'security-settings', call: null, expect },
  ];
}

const common = {
  phase: 'prepare',
  class: 'reversible',
  minutesPerTarget: 5,
  permissions: [],
  effect: '',
  undoWords: '',
  makeSafeWords: '',
  finalWords: '',
  scripts: [],
  needs: [],
  undoBlock: () => null,
  blastRadius: (targets: readonly unknown[]) => `${targets.length}`,
} as const;

/** One action on machines, proven by a probe, which leaves them half-way meanwhile; and one on the subscription, proven by reading. */
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
        sequence: steps(name, 'set', 'probe', 1),
        makeSafe: steps(name, 'safe', 'safe-probe', null),
        undo: steps(name, 'undo', 'undo-probe', null),
        finalCheck: null,
      };
      return { include: true, target };
    },
  },
  {
    ...common,
    id: 'switch',
    title: 'Switch',
    subject: 'subscription',
    consider(subject, snapshot) {
      const target = {
        found: '',
        fingerprint: { tenant: 'home' },
        holds: [subject.id, ...snapshot.machines.map(({ id }) => id)],
        sequence: settingOn(subject.name, 'switch', true),
        makeSafe: [],
        undo: settingOn(subject.name, 'undo-switch', false),
        finalCheck: null,
      };
      return { include: true, target };
    },
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
