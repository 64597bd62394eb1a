import type { Action } from '../../core/action.ts';
import type { PlanRequest } from '../../core/make-plan.ts';
import { makePlan } from '../../core/make-plan.ts';
import type { Migration } from '../../core/migration.ts';
import type { Plan } from '../../core/plan.ts';
import type { ActionClass, SigningPolicy } from '../../core/policy.ts';
import { changeItem, machineFacts, migration, NOW, person, proofItem, snapshotOf, utc } from '../support/facts.ts';

/** Leaves nobody out, and changes each machine once. */
export const action: Action = {
  id: 'act',
  title: 'Act',
  phase: 'prepare',
  subject: 'machine',
  class: 'reversible',
  minutesPerTarget: 10,
  needs: [],
  permissions: [],
  effect: '',
  undoWords: '',
  makeSafeWords: '',
  finalWords: '',
  scripts: [],
  consider: ({ id }) => ({
    include: true,
    target: {
      found: '',
      fingerprint: {},
      holds: [id],
      sequence: [changeItem('set', true), proofItem('probe', 1)],
      makeSafe: [],
      undo: [],
      finalCheck: null,
    },
  }),
  undoBlock: () => null,
  blastRadius: (targets) => `${targets.length}`,
};

/** The first two machines are in the canary ring. */
export const tags = (index: number) => ({ ring: index < 2 ? 'canary' : 'broad' });
export const ten = (over: (index: number) => Partial<ReturnType<typeof machineFacts>> = () => ({})) =>
  snapshotOf(
    Array.from({ length: 10 }, (_, index) => machineFacts({ name: `m${index}`, id: `/m/${index}`, tags: tags(index), ...over(index) })),
  );

export function outcome(asked: Partial<PlanRequest> = {}, file: Migration = migration, snapshot = ten()) {
  const nothingElse = { ticket: null, follows: null, only: null, standing: null };
  return makePlan(
    { action, scope: {}, requestedBy: person(9), planId: 'GL-0001', now: NOW, ...nothingElse, ...asked },
    file,
    snapshot,
    utc,
  );
}

export function plan(asked: Partial<PlanRequest> = {}, file: Migration = migration, snapshot = ten()): Plan {
  const made = outcome(asked, file, snapshot);
  if (made.kind !== 'ok') throw new Error(JSON.stringify(made));
  return made.value;
}

export const asking = (policy: Partial<SigningPolicy>, over: Partial<Migration> = {}, of: ActionClass = 'reversible'): Migration => ({
  ...migration,
  ...over,
  signOff: { ...migration.signOff, [of]: { ...migration.signOff[of], ...policy } },
});
