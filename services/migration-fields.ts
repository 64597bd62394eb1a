import { z } from 'zod';
import { guid } from '../core/person.ts';
import { wallOf } from './zone.ts';

/** What stands in the file when a field is wrong: words that end the sentence “expected …”. */
export const expected = (words: string) => ({ error: words });

/** Text that is not blank; surrounding blanks are dropped. */
export const text = (words: string, longest = 200) =>
  z
    .string(expected(words))
    .trim()
    .min(1, expected(words))
    .max(longest, expected(`${words}, at most ${longest} characters`));

/** A GUID, in lower case afterwards. */
export const id = (words: string) =>
  z.string(expected(`${words}, a GUID`)).transform((value, context) => {
    const found = guid(value.trim());
    if (found !== null) return found;
    context.addIssue({ code: 'custom', message: `${words}, a GUID such as 1b4e28ba-2fa1-4d3b-883f-0016d3cca427` });
    return z.NEVER;
  });

/** A whole number; both ends are allowed. */
export const whole = (low: number, high: number, unit: string) => {
  const words = expected(`a whole number of ${unit} from ${low} to ${high}`);
  return z.number(words).int(words).min(low, words).max(high, words);
};

/** A share from 0 to 1. */
export const share = () => {
  const words = expected('a share from 0 to 1');
  return z.number(words).min(0, words).max(1, words);
};

/** A wall-clock time, `HH:MM`. */
export const time = () =>
  z.string(expected('a time such as "08:00"')).regex(/^([01]\d|2[0-3]):[0-5]\d$/, expected('a time such as "08:00", from 00:00 to 23:59'));

/** A day, `YYYY-MM-DD`. */
export const day = (words: string) =>
  z
    .string(expected(`${words}, such as 2026-11-20`))
    .trim()
    .refine((value) => wallOf(`${value} 00:00`) !== null, expected(`${words}, such as 2026-11-20`));

/** A yes or a no. */
export const flag = () => z.boolean(expected('true or false'));

/** At least one entry. */
export const list = <S extends z.ZodType>(item: S, words: string, most: number) =>
  z
    .array(item, expected(words))
    .min(1, expected(words))
    .max(most, expected(`at most ${most} entries`));

/** These keys and no others. */
export const object = <S extends z.core.$ZodLooseShape>(shape: S, words: string) => {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? `one of the keys ${keys}` : words) });
};

/** A mapping from names the file chooses; which names it may choose is seen to by the cross checks. */
export const mapping = <S extends z.ZodType>(item: S, words: string) => z.record(z.string(), item, expected(words));
