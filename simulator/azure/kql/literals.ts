import type { Compilation } from './plan.ts';
import type { SyntaxNode } from './syntax.ts';
import { parseDatetime, parseTimespan } from './time.ts';
import { bagOf, type Value } from './values.ts';

/** The text between the parentheses of `long(…)`, `datetime(…)`, or the whole of a plain literal. */
function inner(text: string): string {
  return (/^[a-z]+\((.*)\)$/is.exec(text)?.[1] ?? text).trim();
}

function number(text: string): number | undefined {
  if (/^[+-]?0x[0-9a-f]+$/i.test(text)) return Number(text);
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function whole(text: string): number | undefined {
  const value = number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** undefined = a form that is not implemented. */
const readers: Readonly<Record<string, (text: string) => Value | undefined>> = {
  LongLiteralExpression: whole,
  IntLiteralExpression: whole,
  RealLiteralExpression: number,
  DateTimeLiteralExpression: parseDatetime,
  TimespanLiteralExpression: parseTimespan,
  BooleanLiteralExpression: (text) => ({ true: true, false: false, '1': true, '0': false })[text.toLowerCase()],
};

/** The value of a literal node, or undefined when the node is not one. */
export function literal(node: SyntaxNode, compilation: Compilation): Value | undefined {
  const kind = compilation.kindOf(node);
  if (kind === 'StringLiteralExpression' || kind === 'CompoundStringLiteralExpression') return String(node.LiteralValue);
  if (kind === 'NullLiteralExpression') return null;
  if (kind === 'DynamicExpression') return json(node.Expression, compilation);
  const read = readers[kind];
  if (!read) return undefined;
  const text = inner(node.Token.Text);
  if (text.toLowerCase() === 'null') return null;
  return read(text) ?? compilation.fail(node, 'NotImplemented', `The literal ${node.Token.Text} is not implemented.`);
}

function json(node: SyntaxNode, compilation: Compilation): Value {
  const kind = compilation.kindOf(node);
  if (kind === 'JsonArrayExpression') return compilation.language.elements(node.Values).map((item) => json(item, compilation));
  if (kind === 'JsonObjectExpression') {
    const pairs = compilation.language.items(node.Pairs).map(({ Element$1: pair }) => pair);
    return bagOf(pairs.map((pair) => [pair.Name.ValueText, json(pair.Value, compilation)] as const));
  }
  if (kind === 'UnaryMinusExpression') return -Number(json(node.Expression, compilation));
  const value = literal(node, compilation);
  return value === undefined ? compilation.fail(node, 'NotImplemented', 'This form of a dynamic literal is not implemented.') : value;
}
