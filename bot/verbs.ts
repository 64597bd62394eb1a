import { z } from 'zod';
import { stepCard } from '../cards/step/data.ts';
import type { Person } from '../core/person.ts';
import { phases } from '../core/phase.ts';
import type { RenderedCard } from '../core/ports.ts';
import { openAttestation } from './flows/attest/attestation-in.ts';
import { giveAttestation } from './flows/attest/give-attestation.ts';
import { offerAttestation, offerSchema } from './flows/attest/offer-attestation.ts';
import { takeBackAttestation } from './flows/attest/take-back-attestation.ts';
import { keepChecklist } from './flows/checklists/living-checklist.ts';
import { livingFor } from './flows/checklists/living-key.ts';
import { checklistSchema, ownChecklist } from './flows/checklists/own-checklist.ts';
import type { Collecting } from './flows/collect-evidence.ts';
import { allKinds } from './flows/collect-evidence.ts';
import { PRESSED, REFRESHED } from './flows/collecting/freshness.ts';
import type { Context } from './flows/context.ts';
import { frameOf } from './flows/context.ts';
import { kindsBehind } from './flows/kinds.ts';
import { notice } from './flows/notice.ts';
import { requestAction } from './flows/requests/request-action.ts';
import { requestFollowUp } from './flows/requests/request-follow-up.ts';
import { noSuchRing, ringCalled, ringScope } from './flows/ring-called.ts';
import { runCardOf } from './flows/runs/run-card.ts';
import { stopRuns } from './flows/runs/stop-run.ts';
import { decideSignOff, planIdSchema } from './flows/sign-off/decide-sign-off.ts';
import { openSignOffView } from './flows/sign-off/sign-off-view.ts';
import { targetPage, targetPageSchema } from './flows/sign-off/target-pages.ts';
import { readStep, stepView } from './flows/views/step.ts';

export interface Pressed {
  readonly context: Context;
  readonly collecting: Collecting;
  readonly person: Person;
  readonly data: unknown;
  /** True when the client refreshed by itself: then what is known is shown, and Azure is not asked. */
  readonly automatic: boolean;
}

/** What a button does. Its answer replaces the card for the person who pressed. */
export type Verb = (pressed: Pressed) => Promise<RenderedCard>;

const stepSchema = z.strictObject({ phase: z.enum(phases), step: z.string().max(64), ring: z.string().max(100).optional() });
const requestSchema = z.strictObject({ action: z.string().max(64), ring: z.string().max(64).optional() });

/** Every button, one row each. */
export const verbs: Readonly<Record<string, Verb>> = {
  'checklist.refresh': withData(checklistSchema, async ({ context, collecting: { look }, person, automatic }, asked) =>
    ownChecklist(context, asked, person, await look(automatic ? [] : allKinds(context), REFRESHED)),
  ),
  'checklist.filter': withData(checklistSchema, async ({ context, collecting: { readiness }, person }, asked) =>
    ownChecklist(context, asked, person, await readiness.overview()),
  ),
  'checklist.post': withData(checklistSchema, async ({ context, collecting: { look }, person }, asked) => {
    const overview = await look(kindsBehind(context.steps.filter((row) => row.phase === asked.phase)), PRESSED);
    const living = livingFor(context.migration, asked.phase, asked.ring ? { ring: asked.ring } : {});
    if (living && !person.isGuest) await context.store.transact((tx) => keepChecklist(tx, living, context.clock.now()));
    return ownChecklist(context, asked, person, overview);
  }),
  'checklist.details': withData(stepSchema, async ({ context, collecting: { readiness }, person }, { step, ring }) => {
    const row = context.steps.find(({ id }) => id === step);
    if (!row) return notice(context, 'refused', 'There is no such step.', 'Ask for the phase again.');
    if (ring && ringCalled(context.migration, ring) === null) return noSuchRing(context, ring);
    const facts = await readStep(context, row, await readiness.overview(), ringScope(context.migration, ring));
    return stepCard(stepView(context, row, facts, null, person), frameOf(context));
  }),
  'action.request': withData(requestSchema, ({ context, collecting: { collect }, person }, { action, ring }) =>
    requestAction(context, collect, {
      action,
      scope: ringScope(context.migration, ring),
      person,
      ticket: null,
      standing: null,
    }),
  ),
  'attestation.offer': withData(offerSchema, ({ context, person, automatic }, asked) =>
    offerAttestation(context, { ...asked, ...ringScope(context.migration, asked.ring) }, person, automatic),
  ),
  'attestation.give': ({ context, data, person }) => giveAttestation(context, data, person),
  'attestation.view': withData(planIdSchema, ({ context, person }, { id }) => openAttestation(context, id, person)),
  'attestation.take-back': ({ context, data, person }) => takeBackAttestation(context, data, person),
  'sign-off.view': withData(planIdSchema, ({ context, person }, { id }) => openSignOffView(context, id, person)),
  'sign-off.approve': ({ context, data, person }) => decideSignOff(context, 'approve', data, person),
  'sign-off.reject': ({ context, data, person }) => decideSignOff(context, 'reject', data, person),
  'sign-off.take-back': ({ context, data, person }) => decideSignOff(context, 'take-back', data, person),
  'sign-off.withdraw': ({ context, data, person }) => decideSignOff(context, 'withdraw', data, person),
  'sign-off.hold': ({ context, data, person }) => decideSignOff(context, 'hold', data, person),
  'sign-off.targets': withData(targetPageSchema, ({ context }, { id, page }) => targetPage(context, id, page)),
  'run.stop': withData(planIdSchema, async ({ context, person }, { id }) => {
    const plan = (await context.store.transact((tx) => tx.plan(id)))?.plan;
    if (!plan) return notice(context, 'refused', 'This run is not known here.', 'Say “stop” to stop everything.');
    await stopRuns(context, plan.id, person);
    return shownRun(context, id);
  }),
  'run.refresh': withData(planIdSchema, ({ context }, { id }) => shownRun(context, id)),
  'run.rest': withData(planIdSchema, ({ context, collecting: { collect }, person }, { id }) =>
    requestFollowUp(context, collect, id, 'rest', person, null),
  ),
  'run.undo': withData(planIdSchema, ({ context, collecting: { collect }, person }, { id }) =>
    requestFollowUp(context, collect, id, 'undo', person, null),
  ),
};

/** Data from a card is data: what does not fit the button's own shape is answered, never obeyed. */
function withData<T>(schema: z.ZodType<T>, verb: (pressed: Pressed, data: T) => Promise<RenderedCard>): Verb {
  return async (pressed) => {
    const parsed = schema.safeParse(pressed.data);
    if (parsed.success) return verb(pressed, parsed.data);
    return notice(pressed.context, 'refused', 'This button is out of date or was altered; nothing was done.', 'Ask for the card again.');
  };
}

async function shownRun(context: Context, hash: string): Promise<RenderedCard> {
  return (await runCardOf(context, hash)) ?? notice(context, 'refused', 'This run is not known here.', 'Ask “run status”.');
}
