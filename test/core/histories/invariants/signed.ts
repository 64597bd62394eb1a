import type { LedgerEntry } from '../../../../core/ledger.ts';
import { personId, samePerson } from '../../../../core/person.ts';
import { callsOf, expandCall } from '../../../../core/plan.ts';
import type { PlanRecord } from '../../../../core/ports.ts';
import type { Commit } from '../memory.ts';
import type { World } from '../world.ts';
import type { Invariant } from './invariant.ts';
import { first } from './invariant.ts';

/** Whose approvals stand before an entry, told from the ledger alone: who approved and did not take it back, and when the last one did. */
function approvalsBefore(world: World, begun: LedgerEntry): { people: Set<string>; last: number } {
  const people = new Set<string>();
  let last = 0;
  for (const { kind, actor, subject, data, at, seq } of world.memory.ledger) {
    if (seq >= begun.seq || subject !== begun.subject || kind !== 'vote' || !actor) continue;
    if (data['decision'] === 'approve') people.add(actor.id);
    if (data['decision'] === 'take-back') people.delete(actor.id);
    if (data['decision'] === 'approve') last = at;
  }
  return { people, last };
}

function unsigned(world: World, { live, at }: Commit, entry: LedgerEntry): string | null {
  const { plan } = world.memory.plans.get(entry.subject) as PlanRecord;
  const { people, last } = approvalsBefore(world, entry);
  const listed = plan.signers.approvers.filter((one) => live.approvers.some((other) => samePerson(one, other)));
  const good = listed.filter((one) => people.has(personId(one)) && !samePerson(one, plan.requestedBy));
  const needed = Math.max(plan.signers.quorum, live.quorum);
  if (good.length < needed) return `${plan.id} begins with ${good.length} of ${needed} good signatures`;
  if (people.has(personId(plan.requestedBy))) return `${plan.id} counts its requester`;
  return at < last + plan.graceSeconds * 1_000 ? `${plan.id} begins within its grace` : null;
}

export const signed: readonly Invariant[] = [
  {
    name: '1 no run without a quorum of distinct, listed approvers, none of them the requester, and its grace',
    broken: (world, { commits }) =>
      first(commits, (commit) => first(commit.entries, (entry) => entry.kind === 'run-begun' && unsigned(world, commit, entry))),
  },
  {
    name: '1 every call that is sent is in a plan that has begun, word for word',
    broken: (world, { sendings }) =>
      first(sendings, ({ planHash, targetId, call }) => {
        const record = world.memory.plans.get(planHash);
        if (record?.signOff.state !== 'approved' || !record.signOff.begun || !world.memory.runs.has(planHash))
          return `${call.path} is sent without a begun plan`;
        const planned = callsOf(record.plan).find(({ target, call: one }) => target.id === targetId && one.id === call.id);
        const same = planned && JSON.stringify(expandCall(record.plan, planHash, targetId, planned.call)) === JSON.stringify(call);
        return same ? null : `${call.path} is not in ${record.plan.id}`;
      }),
  },
  {
    name: '1 a run touches the targets of its plan and no other, and none that was dropped',
    broken: (world, { commits }) =>
      first(commits, ({ runs }) =>
        first(runs, ({ before, after }) => {
          const planned = world.memory.plans.get(after.planHash)?.plan.targets.map(({ id }) => id);
          if (Object.keys(after.targets).toSorted().join() !== planned?.toSorted().join()) return 'the set of targets changed';
          const back = Object.entries(before?.targets ?? {}).find(
            ([id, { status }]) => status === 'dropped' && after.targets[id]?.status !== 'dropped',
          );
          return back && `${back[0]} was dropped and is ${after.targets[back[0]]?.status}`;
        }),
      ),
  },
];
