import { runCard } from '../../../cards/run/data.ts';
import type { OutgoingMessage, RenderedCard, RunRecord, Tx } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { runView } from '../views/run.ts';
import { finalOf } from './final-note.ts';
import { isQuiet } from './quiet-run.ts';
import { isEditDue, markOf, saveShown, shownOf } from './run-shown.ts';

/** A run's card as it stands now; null for a run that is not known. */
export async function runCardOf(context: Context, hash: string): Promise<RenderedCard | null> {
  const found = await context.store.transact((tx) => load(tx, hash));
  return found && draw(context, found);
}

/** The living card, as it is posted or edited; null when an edit is not due yet. What was shown is remembered. */
export async function composeRun(
  context: Context,
  hash: string,
): Promise<(OutgoingMessage & { readonly onSent: (tx: Tx) => Promise<void> }) | null> {
  const found = await context.store.transact(async (tx) => {
    const loaded = await load(tx, hash);
    return loaded && { ...loaded, shown: await shownOf(tx, hash) };
  });
  if (!found || isQuiet(found.plan, found.record.run)) return null;
  const { record, final, shown } = found;
  if (shown && !isEditDue(shown, record, final, context.clock.now())) return null;
  const { version } = record;
  const mark = markOf(record.run, final);
  return {
    card: draw(context, found),
    text: '',
    mentions: [],
    replyTo: null,
    onSent: (tx) => saveShown(tx, hash, { version, mark, at: context.clock.now() }),
  };
}

async function load(tx: Tx, hash: string) {
  const record: RunRecord | null = await tx.run(hash);
  const plan = (await tx.plan(hash))?.plan;
  return record && plan ? { record, plan, final: await finalOf(tx, hash), gaps: await tx.gaps({ of: 'run', run: hash }) } : null;
}

function draw(context: Context, { record, plan, final, gaps }: NonNullable<Awaited<ReturnType<typeof load>>>): RenderedCard {
  return runCard(runView(plan, record.run, final, context.clock.now(), gaps), frameOf(context));
}
