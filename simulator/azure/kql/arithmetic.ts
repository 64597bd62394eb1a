import type { Fail } from './fail.ts';
import { datetime } from './time.ts';
import type { KqlType } from './types.ts';
import { Datetime, Timespan, type Value } from './values.ts';

type Arithmetic = (left: Value, right: Value, result: KqlType, fail: Fail) => Value;

/** Whole-number results are cut towards zero; a whole number divided by zero is null. */
const numbers: Readonly<Record<string, (left: number, right: number, whole: boolean) => number | null>> = {
  AddExpression: (left, right) => left + right,
  SubtractExpression: (left, right) => left - right,
  MultiplyExpression: (left, right) => left * right,
  DivideExpression: (left, right, whole) => (whole ? (right === 0 ? null : Math.trunc(left / right) + 0) : left / right),
  ModuloExpression: (left, right, whole) => (whole && right === 0 ? null : ((left % right) + Math.abs(right)) % Math.abs(right)),
};

/** Keyed by operator and the kinds of both sides: d datetime, t timespan, n number. */
const times: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  'AddExpression dt': (left, right) => left + right,
  'AddExpression td': (left, right) => left + right,
  'AddExpression tt': (left, right) => left + right,
  'SubtractExpression dt': (left, right) => left - right,
  'SubtractExpression dd': (left, right) => left - right,
  'SubtractExpression tt': (left, right) => left - right,
};

function kindOf(value: Value): string {
  if (value instanceof Datetime) return 'd';
  if (value instanceof Timespan) return 't';
  return typeof value === 'number' ? 'n' : '?';
}

function onTimes(operator: string, left: Datetime | Timespan, right: Datetime | Timespan, fail: Fail): Value {
  const pair = kindOf(left) + kindOf(right);
  if (operator === 'DivideExpression' && pair === 'tt') {
    return right.ticks === 0n ? fail('A timespan is divided by zero.') : Number(left.ticks) / Number(right.ticks);
  }
  const compute = times[`${operator} ${pair}`];
  if (!compute) return fail('This arithmetic on times is not implemented.');
  const ticks = compute(left.ticks, right.ticks);
  if (pair === 'dd' || pair === 'tt') return new Timespan(ticks);
  return datetime(ticks) ?? fail('The datetime is outside the years 1 to 9999.');
}

function scale(operator: string, span: Timespan, factor: number, fail: Fail): Value {
  const ticks = operator === 'MultiplyExpression' ? Number(span.ticks) * factor : Number(span.ticks) / factor;
  return Number.isSafeInteger(Math.round(ticks)) ? new Timespan(BigInt(Math.round(ticks))) : fail('The timespan is too long.');
}

/** The function of an arithmetic operator node, or undefined. Any null operand gives null. */
export function arithmetic(operator: string): Arithmetic | undefined {
  const compute = numbers[operator];
  if (!compute) return undefined;
  return (left, right, result, fail) => {
    if (left === null || right === null) return null;
    if (typeof left === 'number' && typeof right === 'number') return compute(left, right, result === 'long' || result === 'int');
    if ((left instanceof Datetime || left instanceof Timespan) && (right instanceof Datetime || right instanceof Timespan)) {
      return onTimes(operator, left, right, fail);
    }
    if (left instanceof Timespan && typeof right === 'number' && /Multiply|Divide/.test(operator))
      return scale(operator, left, right, fail);
    if (typeof left === 'number' && right instanceof Timespan && operator === 'MultiplyExpression')
      return scale(operator, right, left, fail);
    return fail('Arithmetic on this kind of value is not implemented; convert it first.');
  };
}
