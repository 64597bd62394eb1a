import type { Considered } from '../../../core/action.ts';
import type { FollowUp } from '../../../core/follow-up.ts';
import { followUpTargets } from '../../../core/follow-up.ts';
import { refused } from '../../../core/outcome.ts';
import type { Person } from '../../../core/person.ts';
import type { PlanTarget } from '../../../core/plan.ts';
import type { PlanRecord, RenderedCard } from '../../../core/ports.ts';
import type { Snapshot, Subject } from '../../../core/snapshot.ts';
import type { Collect } from '../collect-evidence.ts';
import type { Context } from '../context.ts';
import { mayRequest, planAndAsk, refuse } from './request-action.ts';

const nothingWords: Readonly<Record<FollowUp, string>> = {
  rest: 'left nothing to do',
  undo: 'changed nothing that could be taken back',
};

/** A plan of exactly what an ended run left undone (also the way to go on after a stop), or of taking back what it changed. Needs fresh signatures. */
export async function requestFollowUp(
  context: Context,
  collect: Collect,
  hash: string,
  how: FollowUp,
  person: Person,
  ticket: string | null,
): Promise<RenderedCard> {
  const { run, record } = await context.store.transact(async (tx) => ({ run: (await tx.run(hash))?.run, record: await tx.plan(hash) }));
  const no = mayRequest(context, person);
  if (no) return refuse(context, person, record?.plan.id ?? hash.slice(0, 12), no);
  const action = context.actions.find(({ id }) => id === record?.plan.action);
  if (!run || !record || !action) {
    return refuse(context, person, hash.slice(0, 12), refused('unknown-plan', 'This run is not known here.', 'Ask “run status”.'));
  }
  const { plan } = record;
  if (run.state !== 'finished') {
    return refuse(context, person, plan.id, refused('running', `${plan.id} has not ended yet.`, 'Wait for its end, or stop it first.'));
  }
  const only = new Set(followUpTargets(plan, run, how));
  if (only.size === 0) {
    return refuse(context, person, plan.id, refused('nothing-to-do', `${plan.id} ${nothingWords[how]}.`, 'No plan was made.'));
  }
  return planAndAsk(context, collect, action, person, {
    scope: plan.scope,
    ticket: ticket ?? plan.ticket,
    standing: null,
    follows: { hash, plan: plan.id, how },
    only,
    ...(how === 'undo' && { consider: await undoing(context, record, only) }),
  });
}

/** The undo items that were ready in the plan, for each target its action lets be undone now. */
async function undoing(
  context: Context,
  { plan }: PlanRecord,
  only: ReadonlySet<string>,
): Promise<(snapshot: Snapshot) => (subject: Subject) => Considered> {
  const action = context.actions.find(({ id }) => id === plan.action);
  const targets = new Map(plan.targets.filter(({ id }) => only.has(id)).map((target) => [target.id, target]));
  const changed = await changedFingerprints(context, [...targets.values()]);
  return (snapshot) => (subject) => {
    const target = targets.get(subject.id);
    if (!action || !target || target.undo.length === 0) {
      return { include: false, code: 'no-undo', because: action?.undoWords ?? 'the action is no longer known' };
    }
    const block = action.undoBlock(subject, snapshot, context.clock.now());
    if (block) return { include: false, ...block };
    const fingerprint = target.kind === 'machine' ? target.fingerprint : changed.get(target.id);
    if (!fingerprint) return { include: false, code: 'unread', because: 'its present state could not be read' };
    const { holds, undo } = target;
    const draft = { found: `changed by ${plan.id}`, fingerprint, holds, sequence: undo, makeSafe: [], undo: [], finalCheck: null };
    return { include: true, target: draft };
  };
}

/** A subscription's fingerprint is the very setting that the plan changed, so the undo goes by what it is now; few of them, read one by one. */
async function changedFingerprints(
  context: Context,
  targets: readonly PlanTarget[],
): Promise<ReadonlyMap<string, PlanTarget['fingerprint']>> {
  const found = new Map<string, PlanTarget['fingerprint']>();
  for (const target of targets.filter(({ kind }) => kind === 'subscription')) {
    const now = await context.targets.fingerprint(target);
    if (now.state === 'read' && now.value !== null) found.set(target.id, now.value);
  }
  return found;
}
