import type { Mutant } from './mutant.ts';

/** What is hashed and chained. */
export const recordMutants: readonly Mutant[] = [
  {
    name: 'ledger hash leaves out the data',
    file: 'core/ledger.ts',
    from: '{ seq, prev, at, kind, actor, subject, data } as Json',
    to: '{ seq, prev, at, kind, actor, subject } as Json',
    suite: 'test/core/histories',
  },
  {
    name: 'ledger hash leaves out the actor',
    file: 'core/ledger.ts',
    from: '{ seq, prev, at, kind, actor, subject, data } as Json',
    to: '{ seq, prev, at, kind, subject, data } as Json',
    suite: 'test/core/histories',
  },
  {
    name: 'chain link not checked',
    file: 'core/ledger.ts',
    from: 'if (entry.prev !== head.hash) return',
    to: 'if (false) return',
    suite: 'test/core/histories',
  },
  {
    name: 'plan hash leaves out the targets',
    file: 'core/plan.ts',
    from: "taggedHash('greenlight/plan/v1', plan as unknown as Json)",
    to: "taggedHash('greenlight/plan/v1', { ...plan, targets: [], requestedAt: 0 } as unknown as Json)",
    suite: 'test/core/histories',
  },
];
