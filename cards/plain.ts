const NAME_LENGTH = 120;
const SENTENCE_LENGTH = 400;
/** Control, format (bidi, zero-width, tags), private-use and invisible filler characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Default_Ignorable_Code_Point}]/gu;
/** More marks than any script stacks on one letter. */
const STACKED_MARKS = /(\p{M}{3})\p{M}+/gu;
const LONG_TOKEN = /\S{16,}/gu;
const LONGEST_UNBROKEN = 32;

/** Text from a person or a machine as one harmless line: nothing unseen, no mention, no date function, at most `longest` characters. */
export function plain(text: string, longest: number = NAME_LENGTH): string {
  const bounded = text.slice(0, longest * 16).toWellFormed();
  const line = bounded
    .replace(/\s+/gu, ' ')
    .replace(UNSEEN, '')
    .normalize('NFC')
    .replace(STACKED_MARKS, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
  return shorten(line, longest)
    .replace(/\{(?=\{)/g, '{ ')
    .replace(/<(?=\/?at\b)/gi, '< ');
}

/** A name, never empty. */
export function name(text: string): string {
  return plain(text) || '(no name)';
}

/** A sentence that may hold foreign text; ends with a full stop unless it ends otherwise, or is empty. */
export function sentence(text: string): string {
  const line = plain(text, SENTENCE_LENGTH);
  return line === '' || /[.!?…:]$/u.test(line) ? line : `${line}.`;
}

/** The same text with places to break long words, for narrow screens. Only for showing: copied text carries the breaks. */
export function breakable(text: string): string {
  return text.replace(LONG_TOKEN, (token) =>
    token
      .replace(/[./\\\-_:]/gu, '$&\u200B')
      .split('\u200B')
      .map((part) => Array.from(part))
      .flatMap((part) => chunks(part))
      .join('\u200B'),
  );
}

/** For the one place where a client may still read markdown: the text shown instead of a card it cannot draw. */
export function withoutMarkdown(text: string): string {
  return text
    .replace(/[[\]<>`|~#\\]/g, '')
    .replace(/[*_]/g, '\\$&')
    .replaceAll('://', ': //');
}

function shorten(line: string, longest: number): string {
  const letters = Array.from(line);
  return letters.length <= longest
    ? line
    : `${letters
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`;
}

function chunks(letters: readonly string[]): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < letters.length; at += LONGEST_UNBROKEN) pieces.push(letters.slice(at, at + LONGEST_UNBROKEN).join(''));
  return pieces;
}

/** The same with a capital at its start, for words that stand as a sentence of their own. */
export function asSentence(text: string): string {
  const words = sentence(text);
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
