import { type Comparison, comparisonOf, type FieldTypes, literalOf, type Scalar } from './fields.ts';
import { ODataError, type Token, tokensOf } from './tokens.ts';

export type Entity = Readonly<Record<string, unknown>>;
export type Predicate = (entity: Entity) => boolean;

const FUNCTIONS: Record<string, (value: string, part: string) => boolean> = {
  startswith: (value, part) => value.startsWith(part),
  endswith: (value, part) => value.endsWith(part),
  contains: (value, part) => value.includes(part),
};

/** Turns a $filter into a test; throws ODataError for what cannot be parsed or names a field that cannot be filtered on. */
export function compileFilter(text: string, fields: FieldTypes): Predicate {
  const reader = createReader(text);
  const test = parseOr(reader, fields);
  const rest = reader.peek();
  if (rest) throw reader.unexpected(rest);
  return test;
}

interface Reader {
  peek(): Token | undefined;
  next(): Token;
  /** Takes the next token if it is this word or mark. */
  takes(value: string): boolean;
  expect(value: string): void;
  unexpected(token: Token): ODataError;
}

function createReader(text: string): Reader {
  const tokens = tokensOf(text);
  let at = 0;
  const unexpected = (token: Token) => new ODataError(`Syntax error at position ${token.at} in '${text}'.`);
  function next(): Token {
    const token = tokens[at];
    if (!token) throw new ODataError(`Expression expected at position ${text.length} in '${text}'.`);
    at += 1;
    return token;
  }
  function takes(value: string): boolean {
    const token = tokens[at];
    const hit = token !== undefined && (token.kind === 'name' || token.kind === 'mark') && token.value.toLowerCase() === value;
    if (hit) at += 1;
    return hit;
  }
  function expect(value: string): void {
    if (takes(value)) return;
    throw new ODataError(`Syntax error: '${value}' expected at position ${tokens[at]?.at ?? text.length} in '${text}'.`);
  }
  return { peek: () => tokens[at], next, takes, expect, unexpected };
}

function parseOr(reader: Reader, fields: FieldTypes): Predicate {
  const parts = [parseAnd(reader, fields)];
  while (reader.takes('or')) parts.push(parseAnd(reader, fields));
  return (entity) => parts.some((part) => part(entity));
}

function parseAnd(reader: Reader, fields: FieldTypes): Predicate {
  const parts = [parseNot(reader, fields)];
  while (reader.takes('and')) parts.push(parseNot(reader, fields));
  return (entity) => parts.every((part) => part(entity));
}

function parseNot(reader: Reader, fields: FieldTypes): Predicate {
  if (!reader.takes('not')) return parsePrimary(reader, fields);
  const inner = parseNot(reader, fields);
  return (entity) => !inner(entity);
}

function parsePrimary(reader: Reader, fields: FieldTypes): Predicate {
  if (reader.takes('(')) {
    const inner = parseOr(reader, fields);
    reader.expect(')');
    return inner;
  }
  const name = reader.next();
  if (name.kind !== 'name') throw reader.unexpected(name);
  const test = FUNCTIONS[name.value.toLowerCase()];
  if (test && reader.takes('(')) return parseFunction(reader, fields, test);
  if (name.value.endsWith('/any') && reader.takes('(')) return parseAny(reader, fields, name.value.slice(0, -'/any'.length));
  const field = fields.find(name.value);
  return parseComparison(reader, (entity) => folded(fields.read(entity, field.name), fields), { type: field.type, fields });
}

function parseComparison(
  reader: Reader,
  read: (entity: Entity) => unknown,
  { type, fields }: { type: Scalar; fields: FieldTypes },
): Predicate {
  const compare: Comparison = comparisonOf(reader.next(), type);
  const wanted = folded(literalOf(reader.next(), type), fields);
  return (entity) => compare(read(entity), wanted);
}

function folded<T>(value: T, fields: FieldTypes): T {
  return typeof value === 'string' ? (fields.fold(value) as T) : value;
}

function parseFunction(reader: Reader, fields: FieldTypes, test: (value: string, part: string) => boolean): Predicate {
  const field = fields.find(reader.next().value);
  reader.expect(',');
  const part = reader.next();
  reader.expect(')');
  if (part.kind !== 'text') throw reader.unexpected(part);
  return (entity) => {
    const value = fields.read(entity, field.name);
    return typeof value === 'string' && test(fields.fold(value), fields.fold(part.value));
  };
}

// machineTags/any(tag: tag eq 'x')
function parseAny(reader: Reader, fields: FieldTypes, list: string): Predicate {
  const field = fields.find(list);
  const variable = reader.next();
  reader.expect(':');
  const again = reader.next();
  if (again.value !== variable.value) throw reader.unexpected(again);
  const compare = comparisonOf(reader.next(), 'string');
  const wanted = literalOf(reader.next(), 'string');
  reader.expect(')');
  return (entity) => {
    const items = fields.read(entity, field.name);
    return Array.isArray(items) && items.some((item) => compare(item, wanted));
  };
}
