/** What PowerShell takes for the end of a single-quoted string: the apostrophe and its typographic relatives. */
const POWERSHELL_QUOTES = /['\u2018\u2019\u201a\u201b]/g;

/**
 * A text as a PowerShell string that stands for exactly these characters: nothing in single quotes is expanded, a doubled quote is one.
 * @throws Error for a control character and anything that may break a line.
 */
export function quotePowerShell(text: string): string {
  refuseControls(text);
  return `'${text.replace(POWERSHELL_QUOTES, '$&$&')}'`;
}

/**
 * A text as a word of sh that stands for exactly these characters.
 * @throws Error for a control character and anything that may break a line.
 */
export function quoteShell(text: string): string {
  refuseControls(text);
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function refuseControls(text: string): void {
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) throw new Error(`cannot be part of a script: ${JSON.stringify(text)}`);
}
