import type { Instant } from '../../../core/instant.ts';
import type { Outcome, Refused } from '../../../core/outcome.ts';
import { ok, refused } from '../../../core/outcome.ts';
import type { Person } from '../../../core/person.ts';
import type { Plan, PlanTarget } from '../../../core/plan.ts';
import type { PlanRecord } from '../../../core/ports.ts';
import type { Hold } from '../../../core/sign-off.ts';
import type { LivePolicy } from '../../../core/signers.ts';
import { mayDecide, ownsValue, roleOf } from '../../../core/signers.ts';
import type { Cause } from './cause.ts';

/** May this person hold this target out of a plan? Its owners may, and whoever decides on the whole plan; null when they may. */
export function mayHold({ signOff }: PlanRecord, target: PlanTarget, live: LivePolicy, person: Person, at: Instant): Refused | null {
  if (person.isGuest)
    return refused(
      'guest',
      'Only members of the team can hold a machine, and Teams does not confirm that you are one.',
      'Nothing changed.',
    );
  if (target.owner !== null && ownsValue(live, target.owner, person)) return null;
  const no = mayDecide(signOff, person, live, at);
  if (no?.code === 'requester')
    return refused('requester', 'You asked for this plan, and the machine is not yours.', 'Withdraw the plan, or ask an approver.');
  if (no?.code === 'too-early') return no;
  if (no || roleOf(signOff, person, live, at) === 'owner')
    return refused('not-holder', `You are neither an approver of ${target.name} nor its owner.`, 'The card says who is.');
  return null;
}

/** A hold as it is recorded; refused without a reason. */
export function holdOf(target: PlanTarget, person: Person, at: Instant, reason: string): Outcome<Hold> {
  const words = reason.trim().slice(0, LONGEST_REASON);
  if (words === '')
    return refused('reason-needed', 'Holding a machine needs a reason.', 'Write it in the comment and press Hold out again.');
  const { objectId, tenantId, name } = person;
  return ok({ targetId: target.id, by: { objectId, tenantId, name }, at, reason: words });
}

const LONGEST_REASON = 500;

/** What a press says of the chosen machine: its place in the plan, `#3`, or a name that was typed. */
export function chosenTarget(plan: Plan, chosen: string): Outcome<PlanTarget> {
  const place = /^#(\d{1,5})$/.exec(chosen)?.[1];
  const listed = place === undefined ? undefined : plan.targets[Number(place)];
  if (listed) return ok(listed);
  const wanted = chosen.trim();
  if (wanted === '') return refused('machine-needed', 'No machine was chosen.', 'Choose one and press Hold out again.');
  return targetNamed(plan, wanted);
}

/** The one target of this name; its case does not matter. */
export function targetNamed(plan: Plan, name: string): Outcome<PlanTarget> {
  const [target, ...more] = plan.targets.filter((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!target) return refused('no-such-target', `${plan.id} has no machine of that name.`, 'The plan names the machines it touches.');
  if (more.length > 0) {
    const because = `${more.length + 1} machines of ${plan.id} have that name.`;
    return refused('several-targets', because, 'Choose the one you mean in your own view of the plan.');
  }
  return ok(target);
}

/** How a hold is recorded and told. */
export function holdCause({ plan, hash }: PlanRecord, target: PlanTarget, hold: Hold): Omit<Cause, 'person'> {
  const data = { target: target.name, targetId: target.id, reason: hold.reason };
  return { kind: 'hold', decision: 'hold', comment: '', data, news: holdNewsKey(plan, hash, target) };
}

/** Of the post that names who held what. */
export function holdNewsKey(plan: Plan, hash: string, target: PlanTarget): string {
  return `hold-news:${hash}:${plan.targets.indexOf(target)}`;
}
