import type { CollectedKind, Evidence, EvidenceKind, EvidenceOf } from '../../core/evidence.ts';
import { evidenceKinds } from '../../core/evidence.ts';
import { MINUTE, SECOND } from '../../core/instant.ts';
import { at as valueAt } from '../../core/json.ts';
import type { Call, Expectation, Item, PlanTarget } from '../../core/plan.ts';
import { callNonce, expandCall } from '../../core/plan.ts';
import type { ReadBack } from '../../core/ports.ts';
import type { Context } from './context.ts';
import type { HeldRun } from './held-run.ts';

/** A call that is proven absent is sent again at most this often. */
const MAX_ATTEMPTS = 4;
/** How long Azure may take to show a call it has accepted. */
const SETTLE_MS = 2 * MINUTE;
/** How long a proof without a call is tried before it counts as unverified. */
const PROOF_MS = 5 * MINUTE;

/** Begins an item of a target's sequence: the intent is committed before anything is sent. */
export async function openItem(context: Context, held: HeldRun, target: PlanTarget, item: Item): Promise<void> {
  if (item.call === null) return proveByReading(context, held, target, item as Item & { do: 'prove' });
  const { call } = item;
  const at = context.clock.now();
  const committed = await held.apply(
    { type: 'intent', at, targetId: target.id, callId: call.id },
    { kind: 'intent', data: { target: target.id, call: call.id } },
    async (tx) => {
      const { fresh } = await tx.journalIntent(held.hash, target.id, call.id, at);
      if (!fresh) throw new Error(`the journal already holds ${call.id} for ${target.name}`);
    },
  );
  if (committed) await send(context, held, target, call);
}

async function send(context: Context, held: HeldRun, target: PlanTarget, call: Call): Promise<void> {
  const sent = await context.writer.send(held.plan, held.hash, target, expandCall(held.hash, target.id, call));
  const at = context.clock.now();
  const journal = (outcome: 'accepted' | 'refused' | 'ambiguous' | 'open', detail: string) =>
    context.store.transact((tx) => tx.journalOutcome(held.hash, target.id, call.id, outcome, at, detail));
  if (sent.kind === 'accepted') return journal('accepted', '');
  if (sent.kind === 'throttled') {
    held.notBefore.set(target.id, at + sent.retryAfterSeconds * SECOND);
    return journal('open', `throttled for ${sent.retryAfterSeconds} s`);
  }
  const about = { target: target.id, call: call.id };
  if (sent.kind === 'refused') {
    context.log.warn('sending a signed call', { ...about, because: sent.because, fix: sent.fix });
    const note = `${sent.because} ${sent.fix}`.trim();
    await held.apply(
      { type: 'settled', at, targetId: target.id, result: 'failed', note },
      { kind: 'outcome', data: { ...about, result: 'refused', note } },
      (tx) => tx.journalOutcome(held.hash, target.id, call.id, 'refused', at, note),
    );
    return;
  }
  const event = { type: 'ambiguous', at, targetId: target.id, note: sent.because, givenUp: false } as const;
  await held.apply(event, { kind: 'outcome', data: { ...about, result: 'ambiguous', note: sent.because } }, (tx) =>
    tx.journalOutcome(held.hash, target.id, call.id, 'ambiguous', at, sent.because),
  );
}

/** Reads back a call whose outcome is open. It is sent again only when Azure shows that it never arrived. */
export async function lookAtCall(context: Context, held: HeldRun, target: PlanTarget, item: Item, since: number): Promise<void> {
  const call = item.call as Call;
  const seen = await context.writer.readBack(expandCall(held.hash, target.id, call));
  const at = context.clock.now();
  const waited = at - since;
  const limit = call.timeoutSeconds * SECOND;
  if (seen.kind === 'succeeded') {
    return item.do === 'prove' ? proveByOutput(context, held, target, item, seen.output) : settle(context, held, target, call, 'done', '');
  }
  if (seen.kind === 'failed') {
    if (item.do === 'prove') return prove(context, held, target, item, 'unverified', `the probe failed: ${seen.because}`, call);
    return settle(context, held, target, call, 'failed', seen.because);
  }
  if (seen.kind === 'absent') return sendAgainOrGiveUp(context, held, target, call, waited);
  if (waited > limit) await giveUp(context, held, target, call, unclearWords(seen, call));
}

function unclearWords(seen: ReadBack, call: Call): string {
  if (seen.kind === 'unread') return `what became of it could not be read: ${seen.because}`;
  return `still running after ${Math.round(call.timeoutSeconds / 60)} minutes`;
}

async function sendAgainOrGiveUp(context: Context, held: HeldRun, target: PlanTarget, call: Call, waited: number): Promise<void> {
  const row = await context.store.transact(async (tx) =>
    (await tx.journal(held.hash)).find((line) => line.targetId === target.id && line.callId === call.id),
  );
  if (row?.outcome === 'accepted' && waited < SETTLE_MS) return;
  if (row?.outcome === 'accepted' || (row?.attempt ?? 1) >= MAX_ATTEMPTS) {
    return giveUp(
      context,
      held,
      target,
      call,
      row?.outcome === 'accepted' ? 'Azure accepted it, but does not show it' : `it did not arrive in ${MAX_ATTEMPTS} attempts`,
    );
  }
  const stopped = await context.store.transact(async (tx) => {
    if ((await tx.run(held.hash))?.run.stop) return true;
    await tx.journalRetry(held.hash, target.id, call.id, context.clock.now());
    return false;
  });
  if (!stopped) return send(context, held, target, call);
  const at = context.clock.now();
  const note = 'stopped; Azure shows that the call never arrived';
  const entry = { kind: 'outcome' as const, data: { target: target.id, call: call.id, result: 'not-begun', note } };
  await held.apply({ type: 'not-begun', at, targetId: target.id, note }, entry, (tx) =>
    tx.journalOutcome(held.hash, target.id, call.id, 'refused', at, note),
  );
}

async function settle(
  context: Context,
  held: HeldRun,
  target: PlanTarget,
  call: Call,
  result: 'done' | 'failed',
  note: string,
): Promise<void> {
  const at = context.clock.now();
  const entry = { kind: 'outcome' as const, data: { target: target.id, call: call.id, result, note } };
  await held.apply({ type: 'settled', at, targetId: target.id, result, note }, entry, (tx) =>
    tx.journalOutcome(held.hash, target.id, call.id, result === 'done' ? 'settled' : 'failed', at, note),
  );
}

async function giveUp(context: Context, held: HeldRun, target: PlanTarget, call: Call, note: string): Promise<void> {
  const at = context.clock.now();
  const entry = { kind: 'outcome' as const, data: { target: target.id, call: call.id, result: 'ambiguous', note } };
  await held.apply({ type: 'ambiguous', at, targetId: target.id, note, givenUp: true }, entry, (tx) =>
    tx.journalOutcome(held.hash, target.id, call.id, 'ambiguous', at, note),
  );
}

type Proof = Item & { do: 'prove' };

/** The probe's output is evidence of its own; what the change printed about itself is not looked at. */
async function proveByOutput(context: Context, held: HeldRun, target: PlanTarget, item: Proof, output: string): Promise<void> {
  const call = item.call as Call;
  const facts = context.probes.guestFacts(output, callNonce(held.hash, target.id, call.id), target, context.clock.now());
  await judgeProof(context, held, target, item, facts, call);
}

async function proveByReading(context: Context, held: HeldRun, target: PlanTarget, item: Proof): Promise<void> {
  const kind = item.evidence as CollectedKind;
  const collection = await context.collectors[kind]();
  const found = (collection.subjects as Record<string, Evidence<EvidenceOf[CollectedKind]>>)[target.id] ?? collection.failure;
  const since = (await context.store.transact((tx) => tx.run(held.hash)))?.run.targets[target.id]?.since ?? context.clock.now();
  const late = context.clock.now() - since > PROOF_MS;
  if (!found || found.state === 'unread') {
    if (late)
      await prove(context, held, target, item, 'unverified', `it could not be read back: ${found?.reason ?? 'nothing was returned'}`, null);
    return;
  }
  await judgeProof(context, held, target, item, found, null);
}

async function judgeProof(
  context: Context,
  held: HeldRun,
  target: PlanTarget,
  item: Proof,
  facts: Evidence<EvidenceOf[EvidenceKind]>,
  call: Call | null,
): Promise<void> {
  if (facts.state === 'unread') return prove(context, held, target, item, 'unverified', facts.reason, call);
  await context.store.transact((tx) => tx.saveEvidence(item.evidence, target.id, facts as Evidence<never>));
  const broken = item.expect.filter((expectation) => valueAt(facts.value, expectation.path) !== expectation.equals);
  if (broken.length === 0) return prove(context, held, target, item, 'verified', proofWords(item), call);
  return prove(context, held, target, item, 'mismatch', mismatchWords(broken, facts.value), call);
}

function proofWords(item: Proof): string {
  const words = item.expect.map((expectation) => expectation.words).join(', ');
  return words === '' ? `the ${evidenceKinds[item.evidence].words} was read` : words;
}

function mismatchWords(broken: readonly Expectation[], value: unknown): string {
  return broken.map(({ path, words }) => `expected ${words}, found ${JSON.stringify(valueAt(value, path) ?? null)}`).join('; ');
}

async function prove(
  context: Context,
  held: HeldRun,
  target: PlanTarget,
  item: Proof,
  result: 'verified' | 'mismatch' | 'unverified',
  note: string,
  call: Call | null,
): Promise<void> {
  const at = context.clock.now();
  const entry = { kind: 'proof' as const, data: { target: target.id, proof: item.id, result, note } };
  await held.apply({ type: 'proof', at, targetId: target.id, result, note }, entry, async (tx) => {
    if (call) await tx.journalOutcome(held.hash, target.id, call.id, 'settled', at, result);
  });
}
