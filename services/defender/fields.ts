import { z } from 'zod';

/** A text of Microsoft's without surrounding blanks; empty for one that is missing. */
export const words = z
  .string()
  .nullish()
  .transform((value) => value?.trim() ?? '');

/** An id in lower case; null for one that is missing. */
export const optionalId = words.transform((value) => value.toLowerCase().replace(/\/+$/, '') || null);

/** A point in time; null for one that is missing or is none. */
export const optionalInstant = words.transform((value) => {
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? null : instant;
});
