import { stepCard } from '../../../cards/step/data.ts';
import { holds } from '../../../core/attesting.ts';
import type { Person } from '../../../core/person.ts';
import { samePerson } from '../../../core/person.ts';
import type { RenderedCard } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { notice, outcomeNotice } from '../notice.ts';
import type { Readiness } from '../readiness/overview.ts';
import { readStep, stepView } from '../views/step.ts';
import { withRefresh } from '../with-refresh.ts';
import { attestableStep } from './attestable-step.ts';
import { givenCard } from './attestation-in.ts';

/** Answers a sentence that wants to take a word back: the card of that word, or of the step where there are several. It ends nothing by itself. */
export async function takeBackByWord(
  context: Context,
  readiness: Readiness,
  step: string | null,
  onlyMine: boolean,
  person: Person,
): Promise<RenderedCard> {
  const found = attestableStep(context, step ?? '');
  if (found.kind !== 'ok') return outcomeNotice(context, found);
  const { row } = found.value;
  const { attestations } = await context.store.transact((tx) => tx.decisions());
  const holding = attestations.filter((one) => one.stepId === row.id && holds(one, context.clock.now()));
  const meant = holding.filter(({ by }) => !onlyMine || samePerson(by, person));
  const [only, ...more] = meant;
  if (!only) {
    const whose = onlyMine && holding.length > 0 ? 'No word of yours' : 'No word';
    return notice(context, 'info', `${whose} for “${row.title}” holds now.`, 'There is nothing to take back.');
  }
  const card = more.length === 0 ? givenCard(context, only) : null;
  if (card) return withRefresh(card, 'attestation.view', { id: only.id }, [person]);
  return stepCard(stepView(context, row, await readStep(context, row, await readiness.overview(), {}), null), frameOf(context));
}
