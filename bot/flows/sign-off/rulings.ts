import type { Outcome } from '../../../core/outcome.ts';
import { refused } from '../../../core/outcome.ts';
import type { Person } from '../../../core/person.ts';
import type { PlanRecord } from '../../../core/ports.ts';
import type { SignOff } from '../../../core/sign-off.ts';
import { decide } from '../../../core/sign-off.ts';
import type { Context } from '../context.ts';
import { livePolicy } from '../context.ts';
import type { Cause } from './cause.ts';
import { chosenTarget, holdCause, holdOf, mayHold } from './hold-rule.ts';

export type Decision = 'approve' | 'reject' | 'take-back' | 'withdraw' | 'hold';

/** What a person typed or chose on the card. */
export interface Inputs {
  readonly comment?: string | undefined;
  readonly typed?: string | undefined;
  readonly hold?: string | undefined;
}

interface Ruling {
  readonly outcome: Outcome<SignOff>;
  /** What the view's nonce is used up for: the same press again is a repeat, another one is not. */
  readonly use: string;
  readonly cause: Omit<Cause, 'person'>;
}

/** What each deciding button asks of the sign-off, by its own rules; pure but for the clock. */
export const rulings: Readonly<Record<Decision, (context: Context, record: PlanRecord, inputs: Inputs, person: Person) => Ruling>> = {
  approve(context, record, inputs, person) {
    const typed = digits(inputs.typed);
    const event = { type: 'approve', by: person, at: context.clock.now(), typed } as const;
    const outcome = decide(record.signOff, event, livePolicy(context, record.plan));
    const chosen = (inputs.hold ?? '').trim() !== '';
    return vote('approve', outcome.kind === 'ok' && chosen && outcome.value !== record.signOff ? HOLD_FIRST : outcome, inputs);
  },
  reject(context, record, inputs, person) {
    const event = { type: 'reject', by: person, at: context.clock.now(), reason: inputs.comment ?? '' } as const;
    return vote('reject', decide(record.signOff, event, livePolicy(context, record.plan)), inputs);
  },
  'take-back'(context, record, inputs, person) {
    const event = { type: 'take-back', by: person, at: context.clock.now() } as const;
    return vote('take-back', decide(record.signOff, event, livePolicy(context, record.plan)), inputs);
  },
  withdraw(context, record, inputs, person) {
    const event = { type: 'withdraw', by: person, at: context.clock.now() } as const;
    return vote('withdraw', decide(record.signOff, event, livePolicy(context, record.plan)), inputs);
  },
  hold(context, record, inputs, person) {
    const at = context.clock.now();
    const live = livePolicy(context, record.plan);
    const nothing = { kind: 'hold', decision: 'hold', comment: '' } as const;
    const target = chosenTarget(record.plan, inputs.hold ?? '');
    if (target.kind !== 'ok') return { outcome: target, use: 'hold', cause: nothing };
    const use = `hold ${target.value.id}`;
    const no = mayHold(record, target.value, live, person, at);
    if (no) return { outcome: no, use, cause: nothing };
    const hold = holdOf(target.value, person, at, inputs.comment ?? '');
    if (hold.kind !== 'ok') return { outcome: hold, use, cause: nothing };
    const outcome = decide(record.signOff, { type: 'hold', hold: hold.value }, live);
    return { outcome, use, cause: holdCause(record, target.value, hold.value) };
  },
};

/** A machine was chosen to be held, but Approve was pressed: one of the two was not meant. */
const HOLD_FIRST = refused(
  'hold-chosen',
  'A machine is chosen to be held out, but Approve was pressed.',
  'Press Hold out first, or clear the choice and press Approve again.',
);

function vote(decision: Decision, outcome: Outcome<SignOff>, { comment = '' }: Inputs): Ruling {
  return { outcome, use: decision, cause: { kind: 'vote', decision, comment } };
}

/** Digits and nothing else; a number in any other spelling was not typed as asked. */
function digits(typed: string | undefined): number | null {
  const text = (typed ?? '').trim();
  return /^\d{1,6}$/.test(text) ? Number(text) : null;
}
