/** PostgreSQL's type number of bigint. */
export const INT8 = 20;

/** Instants and counters are bigint columns and come back as numbers; beyond 2^53 a number would lie, so that is an error. */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`the database holds ${text}, which is not a whole number that can be counted with`);
  return value;
}
