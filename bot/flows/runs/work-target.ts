import type { CollectedKind, Evidence, EvidenceKind, EvidenceOf, Read } from '../../../core/evidence.ts';
import { evidenceKinds, unread } from '../../../core/evidence.ts';
import type { Instant } from '../../../core/instant.ts';
import { MINUTE, SECOND } from '../../../core/instant.ts';
import type { Call, Item, Plan, PlanTarget } from '../../../core/plan.ts';
import { callNonce, doubted, expandCall, sentOnce } from '../../../core/plan.ts';
import type { JournalRow, ReadBack, Tx } from '../../../core/ports.ts';
import { seenOf } from '../../../core/proof.ts';
import { exitOf } from '../../../core/script-exit.ts';
import type { ReadAnew } from '../collect-evidence.ts';
import type { Context } from '../context.ts';
import { lookAtMachines } from '../protection/look-at-machines.ts';
import type { HeldRun } from './held-run.ts';
import { keepReading } from './keep-reading.ts';
import { whyDrop } from './preflight.ts';

/** A call that is proven absent is sent again at most this often: each time takes minutes, and an intent whose process died before sending counts too. */
const MAX_ATTEMPTS = 12;
/** How long Azure may take to show a call: "absent" before that proves nothing. */
const SETTLE_MS = 2 * MINUTE;
/** How long a proof without a call is tried before its answer counts, unless it says otherwise. */
const PROOF_MINUTES = 2;
/** Between two looks at the same target: often at first, seldom later, within the reads Compute allows a machine (12 a minute, 36 at once). */
const SOONEST_LOOK_MS = 3 * SECOND;
const LATEST_LOOK_MS = 30 * SECOND;
const LOOK_SHARE = 0.2;
const untilNextLook = (waitedMs: number): number => Math.min(LATEST_LOOK_MS, Math.max(SOONEST_LOOK_MS, waitedMs * LOOK_SHARE));

/** Begins an item of a target's sequence: the intent is committed before anything is sent. */
export async function openItem(
  context: Context,
  readAnew: ReadAnew,
  held: HeldRun,
  target: PlanTarget,
  item: Item,
  first: boolean,
): Promise<void> {
  const because = first ? await whyDrop(context, target) : null;
  if (because !== null) {
    const entry = { kind: 'outcome' as const, data: { target: target.id, result: 'dropped', note: because } };
    await held.apply({ type: 'drop', at: context.clock.now(), targetId: target.id, because }, entry);
    return;
  }
  // Re-reading may have taken its time: a freeze may have begun, or the window ended.
  if (first && held.whyStop() !== null) return;
  if (item.do === 'wait') return;
  if (item.call === null) return proveByReading(context, readAnew, held, target, item);
  const { call } = item;
  const at = context.clock.now();
  const committed = await held.apply(
    { type: 'intent', at, targetId: target.id, callId: call.id },
    { kind: 'intent', data: { target: target.id, call: call.id } },
    async (tx) => {
      const { fresh } = await tx.journalIntent(held.hash, target.id, call.id, at);
      if (!fresh) throw new Error(`the journal already holds ${call.id} for ${target.name}`);
      // From here on what was read before no longer counts, whatever becomes of the call and of its proof.
      if (item.do === 'change') await doubtEvidence(tx, held.plan, target, at);
    },
  );
  if (committed) await send(context, held, target, call);
}

async function doubtEvidence(tx: Tx, plan: Plan, target: PlanTarget, at: Instant): Promise<void> {
  for (const { kind, id } of doubted(target)) {
    const { words, from } = evidenceKinds[kind];
    const fix = from === 'run' ? 'Request the probe for it and have it signed.' : 'Ask again in a minute.';
    await tx.saveEvidence(kind, id, unread(`${plan.id} changed it, and the ${words} was not read since`, fix, plan.id, at));
  }
}

/** A reading that was begun after the intent may still have been before the call took effect, so the doubt counts from its end as well. */
async function doubtAgain(tx: Tx, plan: Plan, target: PlanTarget, call: Call, at: Instant): Promise<void> {
  const changes = [...target.sequence, ...target.makeSafe].some((item) => item.do === 'change' && item.call.id === call.id);
  if (changes) await doubtEvidence(tx, plan, target, at);
}

async function send(context: Context, held: HeldRun, target: PlanTarget, call: Call): Promise<void> {
  if (!(await maySend(context, held, target, call))) return;
  const sent = await context.writer.send(held.plan, held.hash, target, expandCall(held.plan, held.hash, target.id, call));
  const at = context.clock.now();
  const journal = (outcome: 'accepted' | 'refused' | 'ambiguous' | 'open', detail: string) =>
    context.store.transact((tx) => tx.journalOutcome(held.hash, target.id, call.id, outcome, at, detail));
  if (sent.kind === 'accepted') return journal('accepted', sent.operation ?? '');
  if (sent.kind === 'throttled') {
    held.notBefore.set(target.id, at + sent.retryAfterSeconds * SECOND);
    return journal('open', `throttled for ${sent.retryAfterSeconds} s`);
  }
  const about = { target: target.id, call: call.id };
  if (sent.kind === 'refused') {
    context.log.warn('sending a signed call', { ...about, because: sent.because, fix: sent.fix });
    const note = `${sent.because} ${sent.fix}`.trim();
    await held.apply(
      { type: 'settled', at, targetId: target.id, callId: call.id, result: 'refused', note },
      { kind: 'outcome', data: { ...about, result: 'refused', note } },
      (tx) => tx.journalOutcome(held.hash, target.id, call.id, 'refused', at, note),
    );
    return;
  }
  const event = { type: 'ambiguous', at, targetId: target.id, callId: call.id, note: sent.because, givenUp: false } as const;
  await held.apply(event, { kind: 'outcome', data: { ...about, result: 'ambiguous', note: sent.because } }, (tx) =>
    tx.journalOutcome(held.hash, target.id, call.id, 'ambiguous', at, sent.because),
  );
}

/** Looked at last thing: a process that stood still since the intent may have lost the run, or missed its stop or its end. */
async function maySend(context: Context, held: HeldRun, target: PlanTarget, call: Call): Promise<boolean> {
  return context.store.transact(async (tx) => {
    const run = (await tx.run(held.hash))?.run;
    if (!run || run.state === 'finished' || !(await tx.holdsRun(held.hash, held.fence))) return false;
    const progress = run.targets[target.id];
    // After a stop only what carries a machine to safety may go out.
    if (progress?.safety !== 'owed' && (run.stop || held.whyStop() !== null)) return false;
    const line = await tx.journalLine(held.hash, target.id, call.id);
    return line.outcome === 'open' && progress?.open?.callId === call.id;
  });
}

/** Reads back a call whose outcome is open since `since`. It is sent again only when Azure shows that it never arrived. */
export async function lookAtCall(context: Context, held: HeldRun, target: PlanTarget, item: Item, since: Instant): Promise<void> {
  const call = item.call as Call;
  const asked = context.clock.now();
  const before = await context.store.transact((tx) => tx.journalLine(held.hash, target.id, call.id));
  const seen = await readBack(context, held, target, call, before);
  const at = context.clock.now();
  held.notBefore.set(target.id, Math.max(held.notBefore.get(target.id) ?? 0, at + untilNextLook(at - since)));
  if (seen.kind === 'absent') return sendAgainOrGiveUp(context, held, target, call, asked);
  const line = await context.store.transact((tx) => tx.journalLine(held.hash, target.id, call.id));
  if (seen.kind === 'succeeded') {
    // The machine answered some time after the intent: that is the age its facts have at the most.
    if (item.do === 'prove') return proveByOutput(context, held, target, item, seen.output, line.intentAt);
    return settle(context, held, target, call, 'done', '');
  }
  if (seen.kind === 'failed') {
    if (item.do === 'prove') return prove(context, held, target, item, 'unverified', `the probe failed: ${seen.because}`, call);
    return settleFailed(context, held, target, call, seen);
  }
  if (asked - line.intentAt > call.timeoutSeconds * SECOND) await giveUp(context, held, target, call, unclearWords(seen, call));
}

/** What is sent once leaves no certain trace to look for before Azure has named one: only what was throttled is known not to have happened. */
async function readBack(context: Context, held: HeldRun, target: PlanTarget, call: Call, line: JournalRow): Promise<ReadBack> {
  if (sentOnce.has(call.settles) && isThrottled(line)) return { kind: 'absent' };
  const operation = line.outcome === 'accepted' && line.detail !== '' ? line.detail : null;
  return context.writer.readBack(expandCall(held.plan, held.hash, target.id, call), operation);
}

function isThrottled({ outcome, outcomeAt }: JournalRow): boolean {
  return outcome === 'open' && outcomeAt !== null;
}

function unclearWords(seen: ReadBack, call: Call): string {
  if (seen.kind === 'unread') return `what became of it could not be read: ${seen.because}`;
  return `still running after ${Math.round(call.timeoutSeconds / 60)} minutes`;
}

/** A list of Graph lags: the whole of the call's time is left to it, since what it does not show is not sent again anyway. */
function settleMs({ settles, timeoutSeconds }: Call): number {
  return settles === 'listed' ? timeoutSeconds * SECOND : SETTLE_MS;
}

type Next = 'wait' | 'send' | 'give-up' | 'not-begun' | 'never-sent';

/** What to do about a call that Azure did not show when it was asked at `asked`: decided under the fence, with the run locked, so that a stop comes before or after it. */
async function sendAgainOrGiveUp(context: Context, held: HeldRun, target: PlanTarget, call: Call, asked: Instant): Promise<void> {
  const at = context.clock.now();
  const next = await context.store.transact(async (tx): Promise<Next> => {
    const run = (await tx.run(held.hash))?.run;
    if (!run || !(await tx.holdsRun(held.hash, held.fence))) throw new Error(`another instance took over the run of ${held.plan.id}`);
    const { open = null, safety } = run.targets[target.id] ?? {};
    // Settled since this look was decided on: nobody asks for it any more.
    if (open?.callId !== call.id) return 'wait';
    const line = await tx.journalLine(held.hash, target.id, call.id);
    const throttled = isThrottled(line);
    const { since } = open;
    if (!throttled && asked - line.intentAt < settleMs(call)) return 'wait';
    const owed = safety === 'owed';
    if (run.stop && !owed) return throttled ? 'not-begun' : 'give-up';
    if (!owed && held.whyStop() !== null) return 'wait'; // the stop is on its way
    if (throttled && at - since > call.timeoutSeconds * SECOND) return 'never-sent';
    if (!throttled && (line.outcome === 'accepted' || line.attempt >= MAX_ATTEMPTS || sentOnce.has(call.settles))) return 'give-up';
    await tx.journalRetry(held.hash, target.id, call.id, at);
    const data = {
      plan: held.plan.id,
      target: target.id,
      call: call.id,
      attempt: line.attempt + 1,
      because: throttled ? 'throttled' : 'absent',
    };
    await tx.appendLedger({ at, kind: 'intent', actor: null, subject: held.hash, data });
    return 'send';
  });
  await afterAbsent[next](context, held, target, call);
}

const afterAbsent: Readonly<Record<Next, (context: Context, held: HeldRun, target: PlanTarget, call: Call) => Promise<void>>> = {
  wait: async () => undefined,
  send,
  'give-up': (context, held, target, call) =>
    giveUp(context, held, target, call, 'Azure does not show it, and whether it arrived is not known'),
  'never-sent': (context, held, target, call) =>
    settle(context, held, target, call, 'refused', 'Azure kept throttling it, and it was never sent'),
  async 'not-begun'(context, held, target, call) {
    const at = context.clock.now();
    const note = 'stopped before it was sent';
    const entry = { kind: 'outcome' as const, data: { target: target.id, call: call.id, result: 'not-begun', note } };
    await held.apply({ type: 'not-begun', at, targetId: target.id, callId: call.id, note }, entry, (tx) =>
      tx.journalOutcome(held.hash, target.id, call.id, 'refused', at, note),
    );
  },
};

async function settle(
  context: Context,
  held: HeldRun,
  target: PlanTarget,
  call: Call,
  result: 'done' | 'failed' | 'refused',
  note: string,
): Promise<void> {
  const at = context.clock.now();
  const entry = { kind: 'outcome' as const, data: { target: target.id, call: call.id, result, note } };
  await held.apply({ type: 'settled', at, targetId: target.id, callId: call.id, result, note }, entry, async (tx) => {
    await tx.journalOutcome(held.hash, target.id, call.id, result === 'done' ? 'settled' : 'failed', at, note);
    if (result !== 'refused') await doubtAgain(tx, held.plan, target, call, at);
  });
}

/** A script may have done its work under another code than 0, and a failure that is known is said with what mends it. */
async function settleFailed(
  context: Context,
  held: HeldRun,
  target: PlanTarget,
  call: Call,
  { because, exitCode }: Extract<ReadBack, { kind: 'failed' }>,
): Promise<void> {
  const exit = exitCode === undefined ? null : exitOf(held.plan, call, exitCode);
  if (exit?.done) return settle(context, held, target, call, 'done', exit.words);
  const explained = exit?.words ?? context.actions.find(({ id }) => id === held.plan.action)?.explain?.(because) ?? null;
  await settle(context, held, target, call, 'failed', explained === null ? because : `${explained} (${because})`);
}

async function giveUp(context: Context, held: HeldRun, target: PlanTarget, call: Call, note: string): Promise<void> {
  const at = context.clock.now();
  const entry = { kind: 'outcome' as const, data: { target: target.id, call: call.id, result: 'ambiguous', note } };
  await held.apply({ type: 'ambiguous', at, targetId: target.id, callId: call.id, note, givenUp: true }, entry, async (tx) => {
    await tx.journalOutcome(held.hash, target.id, call.id, 'ambiguous', at, note);
    await doubtAgain(tx, held.plan, target, call, at);
  });
}

type Proof = Item & { do: 'prove' };

/** The probe's output is evidence of its own; what the change printed about itself is not looked at. */
async function proveByOutput(
  context: Context,
  held: HeldRun,
  target: PlanTarget,
  item: Proof,
  output: string,
  observedAt: Instant,
): Promise<void> {
  const call = item.call as Call;
  const facts = context.probes.guestFacts(output, callNonce(held.hash, target.id, call.id), target, observedAt);
  await judgeProof(context, held, target, item, facts, call);
}

async function proveByReading(context: Context, readAnew: ReadAnew, held: HeldRun, target: PlanTarget, item: Proof): Promise<void> {
  const collection = await readAnew(item.evidence as CollectedKind);
  const ids = item.of ?? [target.id];
  const found = (id: string) => (collection.subjects as Record<string, Evidence<EvidenceOf[CollectedKind]>>)[id] ?? collection.failure;
  const seen = seenOf(item, ids, found);
  const since = (await context.store.transact((tx) => tx.run(held.hash)))?.run.targets[target.id]?.since ?? context.clock.now();
  const at = context.clock.now();
  const late = at - since > (item.withinMinutes ?? PROOF_MINUTES) * MINUTE;
  held.notBefore.set(target.id, at + untilNextLook(at - since));
  // What was just written may take a moment to show.
  if (seen.result !== 'met' && !late) return;
  if (seen.result === 'unread') return prove(context, held, target, item, 'unverified', `it could not be read back: ${seen.words}`, null);
  await context.store.transact(async (tx) => {
    for (const id of ids) await keepReading(tx, item.evidence, id, found(id) as Read<EvidenceOf[CollectedKind]>);
  });
  if (seen.result === 'met') return prove(context, held, target, item, 'verified', proofWords(item), null);
  return prove(context, held, target, item, 'mismatch', seen.words, null);
}

async function judgeProof(
  context: Context,
  held: HeldRun,
  target: PlanTarget,
  item: Proof,
  facts: Evidence<EvidenceOf[EvidenceKind]>,
  call: Call,
): Promise<void> {
  if (facts.state === 'unread') return prove(context, held, target, item, 'unverified', facts.reason, call);
  await context.store.transact(async (tx) => {
    await keepReading(tx, item.evidence, target.id, facts);
    // In the same transaction: a probe that was seen is never one that was not looked at.
    if (item.evidence === 'guest') await lookAtMachines(tx, [target.id], { run: held.hash, at: context.clock.now() });
  });
  const seen = seenOf(item, [target.id], () => facts);
  if (seen.result === 'met') return prove(context, held, target, item, 'verified', proofWords(item), call);
  return prove(context, held, target, item, 'mismatch', seen.words, call);
}

function proofWords(item: Proof): string {
  const words = item.expect.map((expectation) => expectation.words).join(', ');
  return words === '' ? `the ${evidenceKinds[item.evidence].words} was read` : words;
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
  await held.apply({ type: 'proof', at, targetId: target.id, callId: call?.id ?? null, result, note }, entry, async (tx) => {
    if (call) await tx.journalOutcome(held.hash, target.id, call.id, 'settled', at, result);
  });
}
