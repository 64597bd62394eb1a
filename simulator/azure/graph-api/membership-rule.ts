/** A rule Entra would not take; the message is its own. */
export class RuleError extends Error {}

/** The properties of a device a rule may name, in lower case, and their values. */
export type RuleDevice = Readonly<Record<RuleProperty, string>>;

const PROPERTIES = {
  accountenabled: 'boolean',
  deviceid: 'string',
  deviceosversion: 'string',
  deviceostype: 'string',
  displayname: 'string',
  managementtype: 'string',
  objectid: 'string',
} as const;
export type RuleProperty = keyof typeof PROPERTIES;

type Test = (device: RuleDevice) => boolean;

const TOKEN = /\s*(?:([()[\],])|"([^"]*)"|'([^']*)'|(-?[A-Za-z_][\w.]*))/y;
const COMPARISONS: Record<string, (value: string, wanted: string) => boolean> = {
  eq: (value, wanted) => value === wanted,
  startswith: (value, wanted) => value.startsWith(wanted),
  contains: (value, wanted) => value.includes(wanted),
};

interface Token {
  kind: 'mark' | 'text' | 'word';
  value: string;
}

/** Understands the part of Entra's rule language that device groups need; throws RuleError for the rest. Text is compared without case. */
export function compileRule(rule: string): Test {
  const tokens = tokensOf(rule);
  const reader = { tokens, at: 0 };
  const test = parseOr(reader);
  if (reader.at < tokens.length) throw invalid();
  return test;
}

interface Reader {
  tokens: readonly Token[];
  at: number;
}

function tokensOf(rule: string): Token[] {
  const found: Token[] = [];
  const text = rule.trimEnd();
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const hit = TOKEN.exec(text);
    if (!hit) throw invalid();
    const [, mark, double, single, word] = hit;
    if (mark !== undefined) found.push({ kind: 'mark', value: mark });
    else if (word !== undefined) found.push({ kind: 'word', value: word.toLowerCase() });
    else found.push({ kind: 'text', value: (double ?? single ?? '').toLowerCase() });
  }
  return found;
}

function takes(reader: Reader, ...values: string[]): boolean {
  const token = reader.tokens[reader.at];
  const hit = token !== undefined && token.kind !== 'text' && values.includes(token.value);
  if (hit) reader.at += 1;
  return hit;
}

function next(reader: Reader): Token {
  const token = reader.tokens[reader.at];
  if (!token) throw invalid();
  reader.at += 1;
  return token;
}

// -not binds tightest, then -and, then -or; each may be written with or without its hyphen.
function parseOr(reader: Reader): Test {
  const parts = [parseAnd(reader)];
  while (takes(reader, '-or', 'or')) parts.push(parseAnd(reader));
  return (device) => parts.some((part) => part(device));
}

function parseAnd(reader: Reader): Test {
  const parts = [parseNot(reader)];
  while (takes(reader, '-and', 'and')) parts.push(parseNot(reader));
  return (device) => parts.every((part) => part(device));
}

function parseNot(reader: Reader): Test {
  if (!takes(reader, '-not', 'not')) return parsePrimary(reader);
  const inner = parsePrimary(reader);
  return (device) => !inner(device);
}

function parsePrimary(reader: Reader): Test {
  if (takes(reader, '(')) {
    const inner = parseOr(reader);
    if (!takes(reader, ')')) throw invalid();
    return inner;
  }
  const property = propertyOf(next(reader));
  const operator = next(reader);
  if (operator.kind !== 'word' || !operator.value.startsWith('-')) throw invalid();
  return parseOperator(reader, property, operator.value.slice(1));
}

function propertyOf({ kind, value }: Token): RuleProperty {
  const [object, name = ''] = kind === 'word' ? value.split('.') : [];
  if (object !== 'device' || !Object.hasOwn(PROPERTIES, name)) {
    throw new RuleError('Dynamic membership rule validation error: Wrong property applied.');
  }
  return name as RuleProperty;
}

function parseOperator(reader: Reader, property: RuleProperty, name: string): Test {
  if (name === 'in' || name === 'notin') {
    const values = parseList(reader);
    return (device) => values.includes(device[property]) === (name === 'in');
  }
  const negated = name === 'ne' || name.startsWith('not');
  const plain = name === 'ne' ? 'eq' : name.replace(/^not/, '');
  const compare = Object.hasOwn(COMPARISONS, plain) ? COMPARISONS[plain] : undefined;
  if (!compare || (PROPERTIES[property] === 'boolean' && plain !== 'eq')) {
    throw new RuleError(`Dynamic membership rule validation error: Invalid operator -${name} found.`);
  }
  const wanted = literalOf(next(reader), property);
  return (device) => compare(device[property], wanted) !== negated;
}

function parseList(reader: Reader): string[] {
  const values: string[] = [];
  if (!takes(reader, '[')) throw invalid();
  do values.push(literalOf(next(reader), 'displayname'));
  while (takes(reader, ','));
  if (!takes(reader, ']')) throw invalid();
  return values;
}

function literalOf({ kind, value }: Token, property: RuleProperty): string {
  const boolean = PROPERTIES[property] === 'boolean';
  if (boolean ? kind === 'word' && /^(true|false)$/.test(value) : kind === 'text') return value;
  throw new RuleError('Dynamic membership rule validation error: Invalid operands found for operator.');
}

function invalid(): RuleError {
  return new RuleError('Dynamic membership rule validation error: The rule syntax is not valid.');
}
