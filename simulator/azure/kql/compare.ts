import type { Fail } from './fail.ts';
import type { Compilation } from './plan.ts';
import type { SyntaxNode } from './syntax.ts';
import type { KqlType } from './types.ts';
import { order, type Value } from './values.ts';

const families: Readonly<Record<KqlType, string>> = {
  string: 'string',
  long: 'number',
  int: 'number',
  real: 'number',
  bool: 'bool',
  datetime: 'datetime',
  timespan: 'timespan',
  dynamic: 'dynamic',
};

/** Refuses, before any row is read, two types the binder lets compare but this engine does not. */
export function assertComparable(node: SyntaxNode, left: KqlType, right: KqlType, compilation: Compilation): void {
  const pair = [families[left], families[right]];
  if (pair[0] === pair[1] || pair.includes('dynamic') || isBoolWithNumber(left, right)) return;
  compilation.fail(node, 'NotImplemented', `Comparing ${left} with ${right} is not implemented; convert one of them.`);
}

/** true counts as 1 beside a number, false as 0. */
export function isBoolWithNumber(left: KqlType, right: KqlType): boolean {
  return (left === 'bool' && families[right] === 'number') || (families[left] === 'number' && right === 'bool');
}

export function boolAsNumber(value: Value): Value {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Order of two values, neither null. A dynamic of another kind is refused: its text or number has to be asked for. */
export function compared(left: Value, right: Value, fail: Fail): number {
  const result = order(left, right);
  return (
    result ?? fail('A dynamic value is compared with a value of another kind; convert it with tostring(), tolong() or tobool() first.')
  );
}

/** `==`: one null is false, two are null. */
export function equal(left: Value, right: Value, fail: Fail): boolean | null {
  if (left === null || right === null) return left === right ? null : false;
  return compared(left, right, fail) === 0;
}

/** `!=`: one null is true, two are null. */
export function notEqual(left: Value, right: Value, fail: Fail): boolean | null {
  if (left === null || right === null) return left === right ? null : true;
  return compared(left, right, fail) !== 0;
}

/** `<`, `<=`, `>`, `>=`: any null is null. */
export function relational(accept: (order: number) => boolean): (left: Value, right: Value, fail: Fail) => boolean | null {
  return (left, right, fail) => (left === null || right === null ? null : accept(compared(left, right, fail)));
}
