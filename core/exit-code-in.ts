/**
 * The exit code that a message tells: `exit code 5`, `exited with 12`, `error code: 31`; null when it tells none. Which sentence it stands in is
 * documented nowhere: UNVERIFIED. Hexadecimal numbers and versions are none.
 */
export function exitCodeIn(message: string): number | null {
  const found = /\b(?:exit(?:ed)?|error|return(?:ed)?)(?:[ -]?(?:status|code|with|of))+['":=( ]*(-?\d{1,9})(?![\w.]\w)(?!\w)/i.exec(
    message,
  );
  return found ? Number(found[1]) : null;
}
