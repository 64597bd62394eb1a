import type { CallSite, ScalarFunction } from '../scalar-function.ts';
import {
  calendar,
  civil,
  datetime,
  fromInstant,
  modulo,
  ticksPerDay,
  ticksPerHour,
  ticksPerMillisecond,
  ticksPerMinute,
  ticksPerSecond,
} from '../time.ts';
import { Datetime, Timespan, type Value } from '../values.ts';
import { formatDatetime } from './format-datetime.ts';

const fixed: Readonly<Partial<Record<string, bigint>>> = {
  week: 7n * ticksPerDay,
  day: ticksPerDay,
  hour: ticksPerHour,
  minute: ticksPerMinute,
  second: ticksPerSecond,
  millisecond: ticksPerMillisecond,
  microsecond: 10n,
};
const monthsPer: Readonly<Partial<Record<string, number>>> = { year: 12, quarter: 3, month: 1 };

function checked(ticks: bigint, call: CallSite): Datetime {
  return datetime(ticks) ?? call.fail('The datetime is outside the years 1 to 9999.');
}

function periodName(value: Value | undefined): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}

function unit(value: Value | undefined, call: CallSite): string {
  const name = periodName(value);
  return fixed[name] !== undefined || monthsPer[name] !== undefined ? name : call.fail(`The period '${name}' is not implemented.`);
}

function months(value: Datetime): number {
  const date = calendar(value);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** 0001-01-01 was a Monday and weeks begin on Sunday. */
function weekStart(ticks: bigint): bigint {
  return ticks - modulo(ticks + ticksPerDay, 7n * ticksPerDay);
}

const starts: Readonly<Record<'day' | 'week' | 'month' | 'year', (value: Datetime, offset: number) => bigint>> = {
  day: ({ ticks }, offset) => ticks - (ticks % ticksPerDay) + BigInt(offset) * ticksPerDay,
  week: ({ ticks }, offset) => weekStart(ticks) + BigInt(offset) * 7n * ticksPerDay,
  month: (value, offset) => civil(0, months(value) + offset + 1, 1),
  year: (value, offset) => civil(calendar(value).getUTCFullYear() + offset, 1, 1),
};

function startOf(period: keyof typeof starts): ScalarFunction {
  return ([value, offset], call) => (value instanceof Datetime ? checked(starts[period](value, Number(offset ?? 0)), call) : null);
}

function endOf(period: keyof typeof starts): ScalarFunction {
  return ([value, offset], call) => (value instanceof Datetime ? checked(starts[period](value, Number(offset ?? 0) + 1) - 1n, call) : null);
}

/** How many boundaries of the period lie between the two. */
const difference: ScalarFunction = ([period, later, earlier], call) => {
  const name = unit(period, call);
  if (!(later instanceof Datetime) || !(earlier instanceof Datetime)) return null;
  const perPeriod = monthsPer[name];
  if (perPeriod !== undefined) return Math.floor(months(later) / perPeriod) - Math.floor(months(earlier) / perPeriod);
  if (name === 'week') return Number((weekStart(later.ticks) - weekStart(earlier.ticks)) / (7n * ticksPerDay));
  const size = fixed[name] ?? 1n;
  return Number(later.ticks / size - earlier.ticks / size);
};

/** Months keep the day of the month or, where there is none, take the last one. */
const add: ScalarFunction = ([period, amount, value], call) => {
  const name = unit(period, call);
  if (typeof amount !== 'number' || !(value instanceof Datetime)) return null;
  const perPeriod = monthsPer[name];
  if (perPeriod === undefined) return checked(value.ticks + BigInt(amount) * (fixed[name] ?? 1n), call);
  const target = months(value) + amount * perPeriod;
  const lastDay = Number((civil(0, target + 2, 1) - civil(0, target + 1, 1)) / ticksPerDay);
  const day = Math.min(calendar(value).getUTCDate(), lastDay);
  return checked(civil(0, target + 1, day) + modulo(value.ticks, ticksPerDay), call);
};

const parts: Readonly<Record<string, (value: Datetime) => number>> = {
  year: (value) => calendar(value).getUTCFullYear(),
  quarter: (value) => Math.floor(calendar(value).getUTCMonth() / 3) + 1,
  month: (value) => calendar(value).getUTCMonth() + 1,
  day: (value) => calendar(value).getUTCDate(),
  dayofyear: (value) => Number((value.ticks - starts.year(value, 0)) / ticksPerDay) + 1,
  hour: (value) => calendar(value).getUTCHours(),
  minute: (value) => calendar(value).getUTCMinutes(),
  second: (value) => calendar(value).getUTCSeconds(),
  millisecond: (value) => calendar(value).getUTCMilliseconds(),
};

function part(name: string): ScalarFunction {
  return ([value]) => (value instanceof Datetime ? (parts[name]?.(value) ?? null) : null);
}

const datetimePart: ScalarFunction = ([name, value], call) => {
  const read = parts[periodName(name)] ?? call.fail(`The part '${periodName(name)}' is not implemented.`);
  return value instanceof Datetime ? read(value) : null;
};

function shifted(now: Datetime, span: Value | undefined, direction: 1n | -1n, call: CallSite): Value {
  if (span === null) return null;
  return span instanceof Timespan ? checked(now.ticks + direction * span.ticks, call) : call.fail('A timespan is expected here.');
}

const noTime = new Timespan(0n);

export const datetimeFunctions: Readonly<Record<string, ScalarFunction>> = {
  now: ([offset = noTime], call, now) => shifted(now, offset, 1n, call),
  ago: ([span], call, now) => shifted(now, span, -1n, call),
  datetime_diff: difference,
  datetime_add: add,
  datetime_part: datetimePart,
  startofday: startOf('day'),
  startofweek: startOf('week'),
  startofmonth: startOf('month'),
  startofyear: startOf('year'),
  endofday: endOf('day'),
  endofweek: endOf('week'),
  endofmonth: endOf('month'),
  endofyear: endOf('year'),
  dayofweek: ([value]) => (value instanceof Datetime ? new Timespan(((value.ticks / ticksPerDay + 1n) % 7n) * ticksPerDay) : null),
  dayofmonth: part('day'),
  dayofyear: part('dayofyear'),
  hourofday: part('hour'),
  monthofyear: part('month'),
  getmonth: part('month'),
  getyear: part('year'),
  unixtime_seconds_todatetime: ([value]) => (typeof value === 'number' ? fromInstant(value * 1000) : null),
  unixtime_milliseconds_todatetime: ([value]) => (typeof value === 'number' ? fromInstant(value) : null),
  format_datetime: ([value, format], call) =>
    value instanceof Datetime && typeof format === 'string' ? formatDatetime(value, format, call.fail) : '',
};
