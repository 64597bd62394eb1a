import type { Analysis } from './load.ts';

export interface BracketedQuery extends Analysis {
  /** The place in the query as it was written. */
  readonly original: (offset: number) => number;
}

const listOfColumns = /\|\s*project-(?:away|keep|reorder)\b[^|]*$/;
const mostBrackets = 8;

/**
 * `project-away kind`: the parser takes the word for a keyword and stops, the service takes it for the column.
 * Such a word is put in brackets, which the parser reads as a name.
 */
export function bracketKeywordColumns(query: string, analyse: (text: string) => Analysis): BracketedQuery {
  const brackets: { readonly open: number; readonly close: number }[] = [];
  let text = query;
  let analysis = analyse(text);
  for (let word = bareWord(text, analysis); word && brackets.length < mostBrackets; word = bareWord(text, analysis)) {
    text = `${text.slice(0, word.start)}['${text.slice(word.start, word.end)}']${text.slice(word.end)}`;
    brackets.push({ open: word.start + 2, close: word.end + 4 });
    analysis = analyse(text);
  }
  const original = (offset: number) =>
    brackets.reduce((place, { open, close }) => place - (offset >= open ? 2 : 0) - (offset >= close ? 2 : 0), offset);
  return { ...analysis, original };
}

/** The keyword that the first error stands before, in a list of columns. */
function bareWord(text: string, { diagnostics }: Analysis): { start: number; end: number } | undefined {
  const start = Math.min(...diagnostics.map(({ Start }) => Start));
  const word = /^\s*([a-z]+)(?=\s*(?:,|\||$))/.exec(text.slice(start));
  if (!word?.[1] || !listOfColumns.test(text.slice(0, start))) return undefined;
  const end = start + word[0].length;
  return { start: end - word[1].length, end };
}
