import type { LedgerEntry } from '../../../../core/ledger.ts';
import { GENESIS } from '../../../../core/ledger.ts';
import type { World } from '../world.ts';
import type { Invariant } from './invariant.ts';
import { first } from './invariant.ts';

function shared(world: World): string | null {
  const going = [...world.memory.runs.values()].filter(({ run }) => run.state !== 'finished');
  const heldBy = new Map<string, string>();
  for (const { run } of going) {
    for (const id of world.memory.plans.get(run.planHash)!.plan.targets.flatMap(({ holds }) => holds)) {
      if (heldBy.has(id)) return `two runs go on with ${id}`;
      heldBy.set(id, run.planHash);
    }
  }
  return null;
}

function doesNotFollow(world: World, entry: LedgerEntry): string | null {
  const before = world.memory.ledger[entry.seq - 2];
  if (world.memory.ledger[entry.seq - 1] !== entry) return `entry ${entry.seq} is not where it was acknowledged`;
  return entry.prev === (before?.hash ?? GENESIS) ? null : `entry ${entry.seq} does not chain`;
}

export const owned: readonly Invariant[] = [
  {
    name: '7 the ledger is gap-free, chained, and keeps what was acknowledged',
    broken(world, { commits }) {
      const count = world.commits.reduce((sum, { entries }) => sum + entries.length, 0);
      if (count !== world.memory.ledger.length) return `${count} entries were acknowledged, ${world.memory.ledger.length} are there`;
      return first(commits, ({ entries }) => first(entries, (entry) => doesNotFollow(world, entry)));
    },
  },
  {
    name: '9 one plan has at most one run',
    broken: (world, { commits }) =>
      first(commits, ({ entries }) =>
        first(entries, ({ kind, subject }) => {
          const times =
            kind === 'run-begun' ? world.memory.ledger.filter((other) => other.kind === kind && other.subject === subject).length : 0;
          return times > 1 && `a plan began ${times} times`;
        }),
      ),
  },
  { name: '9 one target is in at most one run at a time', broken: (world, { commits }) => (commits.length > 0 ? shared(world) : null) },
  {
    name: '7 every change of a sign-off or a run is in the ledger, in the same transaction',
    broken: (_world, { commits }) =>
      first(commits, ({ entries, runs, signOffs }) => {
        const changed = [...runs, ...signOffs].map(({ after }) => after.planHash);
        return first(changed, (hash) => !entries.some(({ subject }) => subject === hash) && 'a change is not in the ledger');
      }),
  },
];
