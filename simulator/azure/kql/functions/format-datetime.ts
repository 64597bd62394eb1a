import type { Fail } from '../fail.ts';
import { calendar, modulo, ticksPerSecond } from '../time.ts';
import type { Datetime } from '../values.ts';

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

const tokens: Readonly<Record<string, (date: Date) => string>> = {
  yyyy: (date) => padded(date.getUTCFullYear(), 4),
  yy: (date) => padded(date.getUTCFullYear() % 100, 2),
  MM: (date) => padded(date.getUTCMonth() + 1, 2),
  M: (date) => String(date.getUTCMonth() + 1),
  dd: (date) => padded(date.getUTCDate(), 2),
  d: (date) => String(date.getUTCDate()),
  HH: (date) => padded(date.getUTCHours(), 2),
  H: (date) => String(date.getUTCHours()),
  hh: (date) => padded(((date.getUTCHours() + 11) % 12) + 1, 2),
  h: (date) => String(((date.getUTCHours() + 11) % 12) + 1),
  mm: (date) => padded(date.getUTCMinutes(), 2),
  m: (date) => String(date.getUTCMinutes()),
  ss: (date) => padded(date.getUTCSeconds(), 2),
  s: (date) => String(date.getUTCSeconds()),
  tt: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
};

/** Date and time tokens with plain separators; anything else is refused. */
export function formatDatetime(value: Datetime, format: string, fail: Fail): string {
  const date = calendar(value);
  const fraction = modulo(value.ticks, ticksPerSecond).toString().padStart(7, '0');
  return format.replace(/([a-zA-Z])\1*|[^ \-/:,.[\]_]/g, (token) => {
    if (/^f{1,7}$/.test(token)) return fraction.slice(0, token.length);
    return tokens[token]?.(date) ?? fail(`The part '${token}' of a datetime format is not implemented.`);
  });
}
