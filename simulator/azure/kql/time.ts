import { Datetime, Timespan } from './values.ts';

export const ticksPerMillisecond = 10_000n;
export const ticksPerSecond = 10_000_000n;
export const ticksPerMinute = 60n * ticksPerSecond;
export const ticksPerHour = 60n * ticksPerMinute;
export const ticksPerDay = 24n * ticksPerHour;
const unixEpochTicks = 621_355_968_000_000_000n;
const lastTicks = 3_155_378_975_999_999_999n;

/** undefined outside the years 1 to 9999. */
export function datetime(ticks: bigint): Datetime | undefined {
  return ticks >= 0n && ticks <= lastTicks ? new Datetime(ticks) : undefined;
}

export function fromInstant(milliseconds: number): Datetime {
  return new Datetime(unixEpochTicks + BigInt(Math.round(milliseconds * 10_000)));
}

/** The calendar of a datetime in UTC, to the millisecond. */
export function calendar(value: Datetime): Date {
  return new Date(Number((value.ticks - unixEpochTicks - modulo(value.ticks, ticksPerMillisecond)) / ticksPerMillisecond));
}

/** Ticks of a calendar date; months and days outside their range roll over. */
export function civil(year: number, month: number, day: number): bigint {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return unixEpochTicks + BigInt(date.getTime()) * ticksPerMillisecond;
}

export function modulo(value: bigint, divisor: bigint): bigint {
  const rest = value % divisor;
  return rest < 0n ? rest + divisor : rest;
}

const isoPattern =
  /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?)?\s*(?:(Z)|([+-])(\d{2}):(\d{2}))?\s*$/i;

/** ISO 8601 with up to 7 decimals, UTC unless it says otherwise; undefined for any other text. */
export function parseDatetime(text: string): Datetime | undefined {
  const found = isoPattern.exec(text);
  if (!found) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', , offsetSign, offsetHour = '0', offsetMinute = '0'] =
    found;
  const midnight = civil(Number(year), Number(month), Number(day));
  const date = calendar(new Datetime(midnight));
  if (date.getUTCMonth() + 1 !== Number(month) || date.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const time =
    BigInt(hour) * ticksPerHour + BigInt(minute) * ticksPerMinute + BigInt(second) * ticksPerSecond + BigInt(fraction.padEnd(7, '0'));
  const offset = (BigInt(offsetHour) * ticksPerHour + BigInt(offsetMinute) * ticksPerMinute) * (offsetSign === '-' ? -1n : 1n);
  return datetime(midnight + time - offset);
}

/** `2026-01-31T08:05:00.0000000Z`, the text tostring() gives. */
export function datetimeText(value: Datetime): string {
  return `${calendar(value).toISOString().slice(0, 19)}.${fractionDigits(value.ticks)}Z`;
}

/** The text a result row carries: without trailing zeros in the fraction. */
export function datetimeJson(value: Datetime): string {
  return datetimeText(value).replace(/\.?0+Z$/, 'Z');
}

function fractionDigits(ticks: bigint): string {
  return modulo(ticks, ticksPerSecond).toString().padStart(7, '0');
}

const clockPattern = /^\s*(-)?(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?\s*$/;
const unitPattern = /^\s*(-?\d+(?:\.\d+)?)\s*([a-z]+)\s*$/;
const ticksPerUnit: Readonly<Record<string, bigint>> = {
  ...units(ticksPerDay, 'd', 'day', 'days'),
  ...units(ticksPerHour, 'h', 'hr', 'hrs', 'hour', 'hours'),
  ...units(ticksPerMinute, 'm', 'min', 'minute', 'minutes'),
  ...units(ticksPerSecond, 's', 'sec', 'second', 'seconds'),
  ...units(ticksPerMillisecond, 'ms', 'milli', 'millis', 'millisecond', 'milliseconds'),
  ...units(10n, 'micro', 'micros', 'microsecond', 'microseconds'),
  ...units(1n, 'tick', 'ticks'),
};

function units(ticks: bigint, ...names: readonly string[]): Record<string, bigint> {
  return Object.fromEntries(names.map((name) => [name, ticks]));
}

/** `1.02:03:04.5`, `90m`, `1.5h`; undefined for any other text. */
export function parseTimespan(text: string): Timespan | undefined {
  const unit = unitPattern.exec(text);
  const size = unit ? ticksPerUnit[unit[2] ?? ''] : undefined;
  if (unit && size !== undefined) return new Timespan(BigInt(Math.round(Number(unit[1]) * Number(size))));
  const clock = clockPattern.exec(text);
  if (!clock) return undefined;
  const [, minus, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = clock;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const whole =
    BigInt(days) * ticksPerDay + BigInt(hours) * ticksPerHour + BigInt(minutes) * ticksPerMinute + BigInt(seconds) * ticksPerSecond;
  const ticks = whole + BigInt(fraction.padEnd(7, '0'));
  return new Timespan(minus ? -ticks : ticks);
}

/** `1.02:03:04.5000000`; days and fraction only when there are any. */
export function timespanText(value: Timespan): string {
  const ticks = value.ticks < 0n ? -value.ticks : value.ticks;
  const two = (part: bigint) => part.toString().padStart(2, '0');
  const days = ticks / ticksPerDay;
  const clock = [(ticks / ticksPerHour) % 24n, (ticks / ticksPerMinute) % 60n, (ticks / ticksPerSecond) % 60n].map(two).join(':');
  const fraction = ticks % ticksPerSecond === 0n ? '' : `.${fractionDigits(ticks)}`;
  return `${value.ticks < 0n ? '-' : ''}${days > 0n ? `${days}.` : ''}${clock}${fraction}`;
}
