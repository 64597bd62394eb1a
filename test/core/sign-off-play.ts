import type { Plan } from '../../core/plan.ts';
import type { SignOff, SignOffEvent } from '../../core/sign-off.ts';
import { decide, openSignOff } from '../../core/sign-off.ts';
import type { LivePolicy } from '../../core/signers.ts';
import { live, NOW, person } from '../support/facts.ts';

export function approve(digit: number, at: number = NOW): SignOffEvent {
  return { type: 'approve', by: person(digit), at };
}

/** The sign-off of a plan after events that are all accepted. */
export function signOffAfter(plan: Plan, events: readonly SignOffEvent[], policy: LivePolicy = live): SignOff {
  return events.reduce(
    (signOff, event) => {
      const outcome = decide(signOff, event, policy);
      if (outcome.kind !== 'ok') throw new Error(JSON.stringify(outcome));
      return outcome.value;
    },
    openSignOff(plan, 'h'),
  );
}

/** Why an event is refused; `ok` when it is not. */
export function refusalOf(signOff: SignOff, event: SignOffEvent, policy: LivePolicy = live): string {
  const outcome = decide(signOff, event, policy);
  return outcome.kind === 'refused' ? outcome.code : outcome.kind;
}
