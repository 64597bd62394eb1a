/** What a condition is held against; `field` answers UNKNOWN for what is not to be looked at. */
export interface Ground {
  field: (name: string) => unknown;
  /** Works out an expression. */
  value: (expression: unknown) => unknown;
}

/** A field that does not count in this look; the condition over it is neither true nor false. */
export const UNKNOWN = Symbol('unknown');

/** Thrown for a policy rule that is none; the message says what is wrong with it. */
export class RuleError extends Error {}

type Json = Record<string, unknown>;
type Compare = (given: unknown, wanted: unknown) => boolean;
function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
const same = (one: unknown, other: unknown) => text(one).toLowerCase() === text(other).toLowerCase();
const number = (value: unknown) => Number(value);
const absent = (value: unknown) => value === undefined || value === null;

const POSITIVE: Record<string, Compare> = {
  equals: (given, wanted) => !absent(given) && same(given, wanted),
  like: (given, wanted) => !absent(given) && like(text(given), text(wanted)),
  contains: (given, wanted) =>
    Array.isArray(given) ? given.some((item) => same(item, wanted)) : text(given).toLowerCase().includes(text(wanted).toLowerCase()),
  in: (given, wanted) => list(wanted).some((item) => same(given, item) && !absent(given)),
  containskey: (given, wanted) => Object.keys((given ?? {}) as object).some((key) => same(key, wanted)),
};
const COMPARES: Record<string, Compare> = {
  ...POSITIVE,
  ...Object.fromEntries(
    Object.entries(POSITIVE).map(([name, compare]): [string, Compare] => [`not${name}`, (given, wanted) => !compare(given, wanted)]),
  ),
  exists: (given, wanted) => String(!absent(given)) === text(wanted).toLowerCase(),
  less: (given, wanted) => number(given) < number(wanted),
  lessorequals: (given, wanted) => number(given) <= number(wanted),
  greater: (given, wanted) => number(given) > number(wanted),
  greaterorequals: (given, wanted) => number(given) >= number(wanted),
};

/** A condition made ready to be held against many resources; null when it hangs on a field that does not count. */
export type Test = (ground: Ground) => boolean | null;

/** Takes a condition apart once, however many resources it will be held against. Throws RuleError for one that is none. */
export function compiled(condition: unknown): Test {
  const { allOf, anyOf, not, field, value, ...compared } = parts(condition);
  if (allOf !== undefined) {
    const tests = list(allOf).map(compiled);
    return (ground) => every(tests, ground);
  }
  if (anyOf !== undefined) {
    const tests = list(anyOf).map((item) => negated(compiled(item)));
    return (ground) => invert(every(tests, ground));
  }
  if (not !== undefined) return negated(compiled(not));
  const [[name, wanted] = ['', undefined], ...more] = Object.entries(compared);
  const compare = COMPARES[name];
  if (!compare || more.length > 0) throw new RuleError(`The policy condition '${JSON.stringify(condition)}' is not valid.`);
  const read = field === undefined ? (ground: Ground) => ground.value(value) : fieldReader(text(field));
  return (ground) => {
    const given = read(ground);
    return given === UNKNOWN ? null : compare(given, ground.value(wanted));
  };
}

function fieldReader(name: string): (ground: Ground) => unknown {
  return (ground) => ground.field(name);
}

// Azure reads the operators in any letter case ("Like").
function parts(condition: unknown): Json {
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition))
    throw new RuleError('A policy condition must be an object.');
  const lower = Object.fromEntries(Object.entries(condition).map(([key, value]) => [key.toLowerCase(), value]));
  const { allof, anyof, not, ...rest } = lower;
  if (allof === undefined && anyof === undefined && not === undefined && rest['field'] === undefined && rest['value'] === undefined) {
    throw new RuleError(`The policy condition '${JSON.stringify(condition)}' has neither 'field' nor 'value'.`);
  }
  return {
    ...rest,
    ...(allof === undefined ? {} : { allOf: allof }),
    ...(anyof === undefined ? {} : { anyOf: anyof }),
    ...(not === undefined ? {} : { not }),
  };
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new RuleError('A list was expected in the policy rule.');
}

// What is false decides, however much is open.
function every(tests: readonly Test[], ground: Ground): boolean | null {
  let verdict: boolean | null = true;
  for (const test of tests) {
    const one = test(ground);
    if (one === false) return false;
    if (one === null) verdict = null;
  }
  return verdict;
}

function negated(test: Test): Test {
  return (ground) => invert(test(ground));
}

function invert(verdict: boolean | null): boolean | null {
  return verdict === null ? null : !verdict;
}

// One asterisk at most, as Azure allows.
function like(given: string, wanted: string): boolean {
  const [start = '', end] = wanted.toLowerCase().split('*');
  const value = given.toLowerCase();
  if (end === undefined) return value === start;
  return value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end);
}
