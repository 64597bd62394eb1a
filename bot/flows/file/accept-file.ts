import type { Decides } from '../../../core/decides.ts';
import { GREENLIGHT, makeDecisionPlan } from '../../../core/decision-plan.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { MigrationChange } from '../../../core/migration-change.ts';
import { changesBetween, needsAcceptance } from '../../../core/migration-changes.ts';
import { phases } from '../../../core/phase.ts';
import type { PlanRecord, Tx } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { keepPlanIn } from '../requests/request-action.ts';
import { voidSignOff } from '../sign-off/void-sign-off.ts';
import { count } from '../words.ts';
import type { FileFound } from './in-force.ts';
import { inForceNote, isWaiting, keepText, keptText, lockFile, proposedFile, saveInForce, saveProposed } from './in-force.ts';

type Readable = Extract<FileFound, { kind: 'ok' }>;
type AcceptFile = Extract<Decides, { kind: 'accept-file' }>;

/** What became of a version of the file; part of its ledger entry. The first three are posted; the others have the news of their plan. */
export type FileEvent = PostedFileEvent | 'accepted' | 'not-taken';
export type PostedFileEvent = 'first' | 'adopted' | 'broken';

/** Where the hash of the broken file is kept that was told of last. */
const BROKEN = 'migration:broken';

/** Looks at the migration file. Small changes count at once; what people signed by waits for the word of an approver of the old version. */
export async function followFile(context: Context): Promise<void> {
  const { inForce, store } = context;
  await inForce.refresh();
  const found = await inForce.look();
  if (found === null) return;
  const settled = await store.transact((tx) => (found.kind === 'ok' ? consider(context, tx, found) : sayBroken(context, tx, found)));
  if (settled) inForce.settle(found.hash);
  await inForce.refresh();
}

/** False when another instance decided something meanwhile: then it is looked at again. */
async function consider(context: Context, tx: Tx, found: Readable): Promise<boolean> {
  const at = context.clock.now();
  await lockFile(tx, at);
  if ((await tx.note(BROKEN)) !== null) await tx.saveNote(BROKEN, '');
  const note = await inForceNote(tx);
  if (note === null) {
    await saveInForce(tx, { hash: found.hash, accepts: [found.hash], since: at }, found.text);
    await tell(context, tx, 'first', found.hash, { name: found.migration.name });
    return true;
  }
  if (note.hash !== context.inForce.written.fileHash) return false;
  const proposed = await proposedFile(tx);
  const waiting = proposed && isWaiting(proposed) ? proposed.record : null;
  if (found.hash === note.hash) {
    if (waiting) await voidSignOff(context, tx, waiting, 'the migration file is again what it was');
    if (proposed) await saveProposed(tx, null);
    return true;
  }
  // A version is put to the approvers once; whoever wants to be asked again changes the file, be it a comment.
  if (proposed?.hash === found.hash && proposed.record.signOff.state !== 'superseded') return true;
  if (waiting) await voidSignOff(context, tx, waiting, 'the migration file changed again');
  const changes = changesBetween(context.inForce.written, found.migration);
  if (needsAcceptance(changes)) {
    await propose(context, tx, found, changes);
    return true;
  }
  await saveInForce(tx, { hash: found.hash, accepts: [...note.accepts, found.hash], since: at }, found.text);
  await saveProposed(tx, null);
  await tell(context, tx, 'adopted', found.hash, { from: note.hash, changes: changes.map(({ words }) => words) });
  return true;
}

/** Asks the approvers of the version that counts. Until then nothing new may be requested, and what has not begun is void. */
async function propose(context: Context, tx: Tx, found: Readable, changes: readonly MigrationChange[]): Promise<void> {
  const told = changes.map(({ what, words, from, to }) => ({
    words: what === 'channel' ? `${words} (takes effect at the next start)` : words,
    from,
    to,
  }));
  const words = told.map((change) => change.words);
  const made = makeDecisionPlan(
    {
      decides: { kind: 'accept-file', fileHash: found.hash, changes: told },
      title: 'Accept the changed migration file',
      effect: `From then on the changed file counts: ${someOf(words)}`,
      blastRadius: `The rules of the whole migration: ${count(changes.length, 'change')}. What has not begun by now is void.`,
      undoWords: 'Change the file back; that needs an approver too.',
      phase: phases[0],
      scope: {},
      requestedBy: GREENLIGHT,
      planId: await tx.nextPlanId(),
      now: context.clock.now(),
      ticket: null,
    },
    context.migration,
  );
  if (made.kind !== 'ok') throw new Error(`the changed migration file could not be put to the approvers: ${made.kind}`);
  await keepText(tx, found.hash, found.text);
  // Also what is signed already: whoever took a signer off the list must not see the plan begin while the new list waits.
  await voidOpen(context, tx, ({ signOff }) => !signOff.begun, `the migration file is changing: ${words[0]}`);
  await saveProposed(tx, { hash: found.hash, plan: await keepPlanIn(context, tx, made.value, null) });
}

/**
 * What an approver's word does, once its grace has passed: the version counts, provided that it still is what lies on disk. Why not, or null.
 */
export async function acceptFile(context: Context, tx: Tx, { plan, hash }: PlanRecord, decides: AcceptFile): Promise<string | null> {
  const at = context.clock.now();
  const { fileHash, changes } = decides;
  await lockFile(tx, at);
  const note = await inForceNote(tx);
  const proposed = await proposedFile(tx);
  const text = await keptText(tx, fileHash);
  if (context.inForce.hashOnDisk() !== fileHash || proposed?.record.hash !== hash || text === null) {
    if (proposed?.record.hash === hash) await saveProposed(tx, null);
    await keepEvent(context, tx, 'not-taken', fileHash, { plan: plan.id });
    return 'the file on disk is not the one that was signed any more. The version before stays in force.';
  }
  await saveInForce(tx, { hash: fileHash, accepts: [fileHash], since: at }, text);
  await saveProposed(tx, null);
  const words = changes.map((change) => change.words);
  await voidOpen(context, tx, (open) => open.hash !== hash, `the migration file changed: ${words[0]}`);
  await keepEvent(context, tx, 'accepted', fileHash, { plan: plan.id, from: note?.hash ?? null, changes: words });
  return null;
}

/** The version that counts stays; the channel is told once of each broken one. */
async function sayBroken(context: Context, tx: Tx, { hash, errors }: Extract<FileFound, { kind: 'errors' }>): Promise<boolean> {
  await lockFile(tx, context.clock.now());
  if ((await tx.note(BROKEN)) === hash) return true;
  await tx.saveNote(BROKEN, hash);
  for (const error of errors) context.log.error('reading the migration file', { error, fix: 'Mend the file; the version before stays.' });
  await tell(context, tx, 'broken', hash, { errors: [...errors] });
  return true;
}

async function voidOpen(context: Context, tx: Tx, which: (record: PlanRecord) => boolean, reason: string): Promise<void> {
  for (const { hash } of await tx.openPlans()) {
    const open = await tx.plan(hash);
    if (open && open.plan.decides?.kind !== 'accept-file' && which(open)) await voidSignOff(context, tx, open, reason);
  }
}

async function tell(context: Context, tx: Tx, event: PostedFileEvent, hash: string, data: JsonObject): Promise<void> {
  const at = context.clock.now();
  const seq = await keepEvent(context, tx, event, hash, data);
  await tx.outbox({ how: 'post', key: `file:${seq}`, data: { event, hash, ...data }, at });
}

async function keepEvent(context: Context, tx: Tx, event: FileEvent, hash: string, data: JsonObject): Promise<number> {
  const entry = { at: context.clock.now(), kind: 'file', actor: null, subject: hash, data: { event, ...data } } as const;
  return (await tx.appendLedger(entry)).seq;
}

/** A few of them; the card lists them all. */
function someOf(words: readonly string[]): string {
  const shown = words.slice(0, 3).join('; ');
  return words.length > 3 ? `${shown}; and ${words.length - 3} more` : shown;
}
