import { typeOf } from './bound.ts';
import { assertComparable, compared, isBoolWithNumber } from './compare.ts';
import type { Fail } from './fail.ts';
import { literal } from './literals.ts';
import type { Compilation, Evaluator, Scope } from './plan.ts';
import type { SyntaxNode } from './syntax.ts';
import { toText } from './text.ts';
import { hasTermIgnoringCase, remembering } from './text-match.ts';
import type { KqlType } from './types.ts';
import { Datetime, isArray, Timespan, type Value } from './values.ts';

type Compile = (node: SyntaxNode, scope: Scope) => Evaluator;

/** The listed values; a dynamic array in the list stands for its elements. */
function listed(node: SyntaxNode, scope: Scope, compile: Compile): { items: Evaluator[]; nodes: SyntaxNode[] } {
  const nodes = scope.compilation.language.elements(node.Right.Expressions);
  for (const item of nodes) {
    if (item.ResultType?.Columns) scope.compilation.fail(item, 'NotImplemented', 'A table inside a list is not implemented; join instead.');
  }
  return { items: nodes.map((item) => compile(item, scope)), nodes };
}

function flattened(values: readonly Value[]): readonly Value[] {
  return values.flatMap((value) => (isArray(value) ? value : [value]));
}

function sameText(left: Value, right: Value, fail: Fail): boolean {
  if (typeof left !== 'string' || typeof right !== 'string')
    return fail('A list compared without case holds text only; convert with tostring() first.');
  return left.toLowerCase() === right.toLowerCase();
}

/** `in`, `in~` and their negations. */
export function compileIn(node: SyntaxNode, scope: Scope, compile: Compile): Evaluator {
  const { compilation } = scope;
  const kind = compilation.kindOf(node);
  const negated = kind.startsWith('Not');
  const blind = kind.endsWith('CsExpression');
  const fail = compilation.failAt(node);
  const same = blind ? sameText : (left: Value, right: Value) => compared(left, right, fail) === 0;
  const left = compile(node.Left, scope);
  const { items, nodes } = listed(node, scope, compile);
  const leftType = typeOf(node.Left, compilation);
  for (const item of nodes) assertListable(item, leftType, typeOf(item, compilation), compilation);
  const texts = constantTexts(nodes, compilation);
  if (texts) return inTexts(left, texts, { blind, negated, fail });
  return (cells, execution) => {
    const value = left(cells, execution);
    if (value === null) return negated;
    const candidates = flattened(items.map((item) => item(cells, execution)));
    return candidates.some((candidate) => candidate !== null && same(value, candidate, fail)) !== negated;
  };
}

function assertListable(item: SyntaxNode, left: KqlType, right: KqlType, compilation: Compilation): void {
  assertComparable(item, left, right, compilation);
  if (isBoolWithNumber(left, right)) compilation.fail(item, 'NotImplemented', 'A list that mixes bools and numbers is not implemented.');
}

/** The list when it is written out as plain texts, as almost every list is. */
function constantTexts(nodes: readonly SyntaxNode[], compilation: Compilation): readonly string[] | undefined {
  const values = nodes.map((node) => (compilation.kindOf(node) === 'StringLiteralExpression' ? literal(node, compilation) : undefined));
  return values.every((value) => typeof value === 'string') ? values : undefined;
}

function inTexts(left: Evaluator, texts: readonly string[], { blind, negated, fail }: { blind: boolean; negated: boolean; fail: Fail }) {
  const fold = (text: string) => (blind ? text.toLowerCase() : text);
  const wanted = new Set(texts.map(fold));
  const evaluate: Evaluator = (cells, execution) => {
    const value = left(cells, execution);
    if (value === null) return negated;
    if (typeof value === 'string') return wanted.has(fold(value)) !== negated;
    return blind ? sameText(value, '', fail) : compared(value, '', fail) === 0;
  };
  return evaluate;
}

/** `has_any` and `has_all`. */
export function compileHasList(node: SyntaxNode, scope: Scope, compile: Compile): Evaluator {
  const { compilation } = scope;
  const all = compilation.kindOf(node) === 'HasAllExpression';
  const fail = compilation.failAt(node);
  const left = compile(node.Left, scope);
  const type = typeOf(node.Left, compilation);
  const { items } = listed(node, scope, compile);
  const matches: ((text: string, wanted: string) => boolean)[] = [];
  return (cells, execution) => {
    const value = left(cells, execution);
    if (value === null) return false;
    const text = toText(value, type, fail);
    const terms = flattened(items.map((item) => item(cells, execution)));
    const test = (term: Value, index: number) => {
      matches[index] ??= remembering(hasTermIgnoringCase);
      return matches[index](text, typeof term === 'string' ? term : fail('has_any and has_all take text.'));
    };
    return all ? terms.every(test) : terms.some(test);
  };
}

/** `between (a .. b)`, both ends included; from a datetime, b may be the length of the range. */
export function compileBetween(node: SyntaxNode, scope: Scope, compile: Compile): Evaluator {
  const { compilation } = scope;
  const negated = compilation.kindOf(node) === 'NotBetweenExpression';
  const fail = compilation.failAt(node);
  const value = compile(node.Left, scope);
  const low = compile(node.Right.First, scope);
  const high = compile(node.Right.Second, scope);
  return (cells, execution) => {
    const tested = value(cells, execution);
    const from = low(cells, execution);
    const end = high(cells, execution);
    if (tested === null || from === null || end === null) return null;
    const to = from instanceof Datetime && end instanceof Timespan ? new Datetime(from.ticks + end.ticks) : end;
    return (compared(tested, from, fail) >= 0 && compared(tested, to, fail) <= 0) !== negated;
  };
}
