import { ExpressionError, type Functions } from './expression.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));

/** The functions of the template language that need nothing from around them. */
const PLAIN: Functions = {
  concat: (...values) => (Array.isArray(values[0]) ? values.flat() : values.map(text).join('')),
  empty: (value) =>
    value === null || value === undefined || value === '' || (typeof value === 'object' && Object.keys(value as object).length === 0),
  toLower: (value) => text(value).toLowerCase(),
  toUpper: (value) => text(value).toUpperCase(),
  equals: (one, other) => (typeof one === 'string' ? one.toLowerCase() === text(other).toLowerCase() : one === other),
  not: (value) => value !== true,
  and: (...values) => values.every((value) => value === true),
  or: (...values) => values.some((value) => value === true),
  if: (condition, yes, no) => (condition === true ? yes : no),
  length: (value) => (typeof value === 'string' || Array.isArray(value) ? value.length : Object.keys((value ?? {}) as object).length),
  contains: (all, one) => (Array.isArray(all) ? all.includes(one) : text(all).toLowerCase().includes(text(one).toLowerCase())),
  split: (value, by) => text(value).split(text(by)),
  replace: (value, from, to) => text(value).replaceAll(text(from), text(to)),
  first: (value) => (Array.isArray(value) || typeof value === 'string' ? (value[0] ?? null) : null),
  last: (value) => (Array.isArray(value) || typeof value === 'string' ? (value.at(-1) ?? null) : null),
  createArray: (...values) => values,
  true: () => true,
  false: () => false,
};

/** The plain functions, `parameters` over `values` (by name in any letter case) and whatever `more` adds. */
export function functionsOver(values: Readonly<Record<string, unknown>>, more: Functions = {}): Functions {
  const known = new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]));
  function parameters(name: unknown): unknown {
    const key = text(name).toLowerCase();
    if (known.has(key)) return known.get(key);
    throw new ExpressionError(`The parameter '${text(name)}' is not found.`);
  }
  return { ...PLAIN, parameters, ...more };
}
