import type { ChecklistView } from '../../../cards/checklist/data.ts';
import { checklistCard } from '../../../cards/checklist/data.ts';
import { canonical } from '../../../core/canonical.ts';
import { sha256 } from '../../../core/hash.ts';
import type { Instant } from '../../../core/instant.ts';
import { MINUTE, SECOND } from '../../../core/instant.ts';
import type { Json } from '../../../core/json.ts';
import type { CardRecord, OutgoingMessage, Tx } from '../../../core/ports.ts';
import { changeMark } from '../change-mark.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import type { Readiness } from '../readiness/overview.ts';
import { checklistView, readChecklist } from '../views/checklist.ts';
import type { Living } from './living-key.ts';
import { everyLiving, livingKey, livingOf } from './living-key.ts';

/** Edits of one checklist are at least this far apart. */
const EDIT_EVERY_MS = 15 * SECOND;
/** A checklist is looked at this often also when nothing was read: evidence grows too old, and its times move on. */
const LOOK_AGAIN_MS = 10 * MINUTE;
/** An edit that was asked for and has not been shown after this long is asked for again. */
const ASK_AGAIN_MS = MINUTE;

/** What the channel's card shows now. JSON, kept as a note. */
type Shown = {
  readonly at: Instant;
  /** Of what it shows, without any time. */
  readonly content: string;
  /** Of what was known then; see {@link changeMark}. */
  readonly change: string;
};

/**
 * Asks for a phase's living checklist: posted when there is none, edited in place when there is. What was asked for a moment ago, by whichever
 * instance, is on its way and not asked for again: two posts under way at once would leave one behind that nobody keeps true.
 */
export async function keepChecklist(tx: Tx, living: Living, at: Instant): Promise<void> {
  const key = livingKey(living);
  await tx.saveNote(`asking:${key}`, at); // locked: of several instances one asks
  const asked = (await tx.note(askedNote(key))) as Instant | null;
  const shown = await shownOf(tx, key);
  if (asked !== null && asked > (shown?.at ?? 0) && at - asked < ASK_AGAIN_MS) return;
  await tx.saveNote(askedNote(key), at);
  await tx.outbox({ how: 'edit', key, data: {}, at });
}

/** The living card, as it is posted or edited; null when it shows what there is already. What was shown is remembered. */
export async function composeChecklist(
  context: Context,
  readiness: Readiness,
  rest: string,
): Promise<(OutgoingMessage & { readonly postOnce: true; readonly onSent: (tx: Tx) => Promise<void> }) | null> {
  const key = `checklist:${rest}`;
  const living = livingOf(context.migration, key);
  if (!living) return null;
  const { change, shown, card } = await context.store.transact(async (tx) => ({
    change: await changeMark(tx),
    shown: await shownOf(tx, key),
    card: await tx.card(key),
  }));
  const view = await viewOf(context, readiness, living);
  const content = contentOf(view);
  const now = context.clock.now();
  if (card && shown && !isEditDue(shown, content, now)) return null;
  return {
    card: checklistCard(view, frameOf(context)),
    text: '',
    mentions: [],
    replyTo: null,
    postOnce: true,
    onSent: (tx) => tx.saveNote(shownNote(key), { at: now, content, change } satisfies Shown),
  };
}

/** Keeps every living checklist true: asks for an edit of each that shows something else than what is known, at the pace of edits. */
export function createKeepChecklists(context: Context, readiness: Readiness): () => Promise<void> {
  /** What was known when a checklist was last found to be true. */
  const looked = new Map<string, { readonly change: string; readonly at: Instant }>();
  return async () => {
    const now = context.clock.now();
    const { change, cards } = await context.store.transact(async (tx) => ({
      change: await changeMark(tx),
      cards: await livingCards(context, tx),
    }));
    for (const { living, shown } of cards) {
      const key = livingKey(living);
      const last = looked.get(key) ?? (shown && { change: shown.change, at: shown.at });
      if (last && last.change === change && now - last.at < LOOK_AGAIN_MS) continue;
      if (shown && now - shown.at < EDIT_EVERY_MS) continue;
      if (shown && !isEditDue(shown, contentOf(await viewOf(context, readiness, living)), now)) {
        looked.set(key, { change, at: now });
        continue;
      }
      looked.delete(key);
      await context.store.transact((tx) => keepChecklist(tx, living, now));
    }
  };
}

interface LivingCard {
  readonly living: Living;
  readonly card: CardRecord;
  readonly shown: Shown | null;
}

async function livingCards(context: Context, tx: Tx): Promise<readonly LivingCard[]> {
  const found: LivingCard[] = [];
  for (const living of everyLiving(context.migration)) {
    const card = await tx.card(livingKey(living));
    if (card) found.push({ living, card, shown: await shownOf(tx, livingKey(living)) });
  }
  return found;
}

/** Must the card be edited now? At once when it says something else, now and then so that its times stay near. */
function isEditDue(shown: Shown, content: string, now: Instant): boolean {
  const age = now - shown.at;
  return shown.content === content ? age >= LOOK_AGAIN_MS : age >= EDIT_EVERY_MS;
}

async function viewOf(context: Context, readiness: Readiness, { phase, ring }: Living): Promise<ChecklistView> {
  const facts = await readChecklist(context, await readiness.overview(), phase, ring === null ? {} : { ring });
  return checklistView(context, facts, { kept: 'living' });
}

/** What a checklist says, without the times that move on by themselves. */
function contentOf(view: ChecklistView): string {
  const steps = view.steps.map(({ asOf: _asOf, unknownSince, ...step }) => ({ ...step, unknown: unknownSince !== null }));
  const sources = view.sources.map(({ readAt: _readAt, ...source }) => source);
  return sha256(canonical({ ...view, steps, sources } as unknown as Json));
}

const askedNote = (key: string): string => `asked:${key}`;

const shownNote = (key: string): string => `shown:${key}`;

async function shownOf(tx: Tx, key: string): Promise<Shown | null> {
  return (await tx.note(shownNote(key))) as Shown | null;
}
