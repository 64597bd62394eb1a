import type { NoticeView } from '../../cards/notice/data.ts';
import { noticeCard } from '../../cards/notice/data.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { RenderedCard } from '../../core/ports.ts';
import type { Context } from './context.ts';
import { frameOf } from './context.ts';

/** One sentence of what happened, and the next step with the command lines it is made of. */
export function notice(
  context: Context,
  tone: NoticeView['tone'],
  sentence: string,
  next: string,
  reference: string | null = null,
  commands: readonly string[] = [],
): RenderedCard {
  return noticeCard({ tone, sentence, next, commands, reference }, frameOf(context));
}

/** An answer with lists to be copied word by word. */
export function listsNotice(context: Context, sentence: string, next: string, lists: NonNullable<NoticeView['lists']>): RenderedCard {
  return noticeCard({ tone: 'info', sentence, next, lists, reference: null }, frameOf(context));
}

/** What a person sees of an outcome that is not ok. An operator finds the rest in the log under the reference. */
export function outcomeNotice(context: Context, outcome: Exclude<Outcome<unknown>, { kind: 'ok' }>): RenderedCard {
  if (outcome.kind === 'refused') return notice(context, 'refused', outcome.because, outcome.next, null, outcome.commands);
  const reference = context.ids.reference();
  context.log.error(outcome.doing, { reference, fix: outcome.fix });
  return notice(
    context,
    'error',
    'That did not work, and nothing was changed.',
    'Try again, or give the reference to whoever runs Greenlight.',
    reference,
  );
}
