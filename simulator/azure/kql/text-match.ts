/** `has` matches whole terms: runs of letters and digits. */
const termCharacter = /[\p{L}\p{N}]/u;

function isTerm(text: string, index: number): boolean {
  if (index < 0 || index >= text.length) return false;
  const code = text.charCodeAt(index);
  if (code < 128) return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return termCharacter.test(text.charAt(index));
}

function termMatch(text: string, wanted: string, wholeStart: boolean, wholeEnd: boolean): boolean {
  if (wanted === '') return true;
  for (let start = text.indexOf(wanted); start >= 0; start = text.indexOf(wanted, start + 1)) {
    const end = start + wanted.length;
    const startOk = !wholeStart || !isTerm(text, start - 1) || !isTerm(text, start);
    const endOk = !wholeEnd || !isTerm(text, end) || !isTerm(text, end - 1);
    if (startOk && endOk) return true;
  }
  return false;
}

type TextTest = (text: string) => boolean;

/** Takes the wanted text first: it is mostly a literal, so what can be done with it is done once. */
export type TextMatch = (wanted: string) => TextTest;

const hasTerm: TextMatch = (wanted) => (text) => termMatch(text, wanted, true, true);
const hasTermPrefix: TextMatch = (wanted) => (text) => termMatch(text, wanted, true, false);
const hasTermSuffix: TextMatch = (wanted) => (text) => termMatch(text, wanted, false, true);
const contains: TextMatch = (wanted) => (text) => text.includes(wanted);
const startsWith: TextMatch = (wanted) => (text) => text.startsWith(wanted);
const endsWith: TextMatch = (wanted) => (text) => text.endsWith(wanted);

/** The same, blind to case. */
function ignoringCase(match: TextMatch): TextMatch {
  return (wanted) => {
    const test = match(wanted.toLowerCase());
    return (text) => test(text.toLowerCase());
  };
}

const ascii = /^\p{ASCII}*$/u;

/** Equal but for case. No text of another length has the lower case of a plain one. */
export const equalsIgnoringCase: TextMatch = (wanted) => {
  const lower = wanted.toLowerCase();
  const length = ascii.test(lower) ? lower.length : undefined;
  return (text) => text === wanted || ((length === undefined || text.length === length) && text.toLowerCase() === lower);
};

export const hasTermIgnoringCase: TextMatch = ignoringCase(hasTerm);

/** Without `Cs` the match is blind to case; with `Not` in front it is negated. */
const matches: Readonly<Record<string, TextMatch>> = {
  ContainsExpression: ignoringCase(contains),
  ContainsCsExpression: contains,
  StartsWithExpression: ignoringCase(startsWith),
  StartsWithCsExpression: startsWith,
  EndsWithExpression: ignoringCase(endsWith),
  EndsWithCsExpression: endsWith,
  HasExpression: hasTermIgnoringCase,
  HasCsExpression: hasTerm,
  HasPrefixExpression: ignoringCase(hasTermPrefix),
  HasPrefixCsExpression: hasTermPrefix,
  HasSuffixExpression: ignoringCase(hasTermSuffix),
  HasSuffixCsExpression: hasTermSuffix,
  EqualTildeExpression: equalsIgnoringCase,
};

/** The match of an operator node, by the name of its kind. */
export function textMatchOf(kind: string): { match: (text: string, wanted: string) => boolean; negated: boolean } | undefined {
  if (kind === 'BangTildeExpression') return { match: remembering(equalsIgnoringCase), negated: true };
  const match = matches[kind] ?? matches[kind.replace(/^Not/, '')];
  return match ? { match: remembering(match), negated: kind.startsWith('Not') } : undefined;
}

/** Prepares the wanted text anew only when it changes. */
export function remembering(match: TextMatch): (text: string, wanted: string) => boolean {
  let last: { wanted: string; test: TextTest } | undefined;
  return (text, wanted) => {
    if (last?.wanted !== wanted) last = { wanted, test: match(wanted) };
    return last.test(text);
  };
}
