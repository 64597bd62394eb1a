import type { Arguments } from '../../core/question.ts';
import type { Context } from './context.ts';

/** The "read as" line: what was understood, so that a wrong reading is seen at once. */
export function readAsWords(context: Context, intent: string, args: Arguments): string {
  const title = context.questions.find((question) => question.intent === intent)?.title ?? intent;
  const parts = Object.entries(args).map(([name, value]) => (name === 'me' ? 'about you' : `${name} ${String(value)}`));
  return parts.length === 0 ? title : `${title} · ${parts.join(' · ')}`;
}

/** `1 machine`, `3 machines`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
