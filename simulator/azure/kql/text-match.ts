/** `has` matches whole terms: runs of letters and digits. */
const termCharacter = /[\p{L}\p{N}]/u;

function isTerm(text: string, index: number): boolean {
  return index >= 0 && index < text.length && termCharacter.test(text.charAt(index));
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

export type TextMatch = (text: string, wanted: string) => boolean;

export const hasTerm: TextMatch = (text, wanted) => termMatch(text, wanted, true, true);
export const hasTermPrefix: TextMatch = (text, wanted) => termMatch(text, wanted, true, false);
export const hasTermSuffix: TextMatch = (text, wanted) => termMatch(text, wanted, false, true);
export const contains: TextMatch = (text, wanted) => text.includes(wanted);
export const startsWith: TextMatch = (text, wanted) => text.startsWith(wanted);
export const endsWith: TextMatch = (text, wanted) => text.endsWith(wanted);
export const equals: TextMatch = (text, wanted) => text === wanted;

/** The same, blind to case. */
export function ignoringCase(match: TextMatch): TextMatch {
  return (text, wanted) => match(text.toLowerCase(), wanted.toLowerCase());
}
