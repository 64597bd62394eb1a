const LONGEST_MESSAGE = 300;

/** What a machine or Azure said, fit for a sentence: it is text from outside. */
export function oneLine(said: string): string {
  const line = said.replaceAll(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}
