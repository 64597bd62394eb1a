import { ODataError, type Token } from './tokens.ts';

export type Scalar = 'string' | 'number' | 'boolean' | 'instant' | 'strings';
export type Literal = string | number | boolean | null;
export type Comparison = (value: unknown, wanted: Literal) => boolean;

/** The fields of an entity a $filter may name, and how its text is compared. */
export interface FieldTypes {
  /** Throws ODataError for a field that is unknown or cannot be filtered on. */
  find(name: string): { name: string; type: Scalar };
  read(entity: Readonly<Record<string, unknown>>, name: string): unknown;
  /** Text as it is compared. */
  fold(text: string): string;
}

/** Fields by name (`a/b` for a property of a complex one); `ignoreCase` is for the values of directory objects. */
export function createFields(types: Readonly<Record<string, Scalar>>, entity: string, ignoreCase = false): FieldTypes {
  const byName = new Map(Object.entries(types).map(([name, type]) => [name.toLowerCase(), { name, type }]));
  return {
    find(name) {
      const field = byName.get(name.toLowerCase());
      if (!field) throw new ODataError(`The property '${name}' on type '${entity}' cannot be used in the $filter query option.`);
      return field;
    },
    read: (from, name) => name.split('/').reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], from),
    fold: (text) => (ignoreCase ? text.toLowerCase() : text),
  };
}

const ORDERS: Record<string, (order: number) => boolean> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};

/** The test an operator stands for; nothing but `eq null` and `ne` holds for a missing value. */
export function comparisonOf(token: Token, type: Scalar): Comparison {
  const name = token.value.toLowerCase();
  const holds = token.kind === 'name' && Object.hasOwn(ORDERS, name) ? ORDERS[name] : undefined;
  if (!holds) throw new ODataError(`Syntax error: a comparison operator is expected at position ${token.at}, not '${token.value}'.`);
  return (value, wanted) => {
    const missing = value === null || value === undefined;
    if (missing || wanted === null) return name === 'ne' ? missing !== (wanted === null) : name === 'eq' && missing && wanted === null;
    return holds(orderOf(type === 'instant' ? Date.parse(value as string) : (value as Literal), wanted));
  };
}

function orderOf(value: Literal, wanted: Literal): number {
  if (value === wanted) return 0;
  return (value as string) < (wanted as string) ? -1 : 1;
}

const READERS: Record<Scalar, (token: Token) => Literal | undefined> = {
  string: ({ kind, value }) => (kind === 'text' || kind === 'guid' ? value : undefined),
  strings: ({ kind, value }) => (kind === 'text' ? value : undefined),
  number: ({ kind, value }) => (kind === 'number' ? Number(value) : undefined),
  boolean: ({ kind, value }) => (kind === 'name' && /^(true|false)$/.test(value) ? value === 'true' : undefined),
  instant: ({ kind, value }) => (kind === 'instant' ? instant(value) : undefined),
};

/** The value a literal stands for; an instant in ms. Throws ODataError for one of another type. */
export function literalOf(token: Token, type: Scalar): Literal {
  if (token.kind === 'name' && token.value === 'null') return null;
  const value = READERS[type](token);
  if (value === undefined || Number.isNaN(value)) {
    throw new ODataError(`A binary operator with incompatible types was detected: '${token.value}' at position ${token.at}.`);
  }
  return value;
}

// A date alone may carry a Z in these APIs.
function instant(text: string): number {
  return Date.parse(/^\d{4}-\d{2}-\d{2}Z$/.test(text) ? text.slice(0, 10) : text);
}
