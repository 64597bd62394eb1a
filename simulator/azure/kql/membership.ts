import { typeOf } from './bound.ts';
import { assertComparable, compared } from './compare.ts';
import { type Fail, toText } from './convert.ts';
import type { Evaluator, Scope } from './plan.ts';
import type { SyntaxNode } from './syntax.ts';
import { hasTerm, ignoringCase } from './text-match.ts';
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
  const fail = compilation.failAt(node);
  const same = kind.endsWith('CsExpression') ? sameText : (left: Value, right: Value) => compared(left, right, fail) === 0;
  const left = compile(node.Left, scope);
  const { items, nodes } = listed(node, scope, compile);
  for (const item of nodes) assertComparable(item, typeOf(node.Left, compilation), typeOf(item, compilation), compilation);
  return (cells, execution) => {
    const value = left(cells, execution);
    if (value === null) return negated;
    const candidates = flattened(items.map((item) => item(cells, execution)));
    return candidates.some((candidate) => candidate !== null && same(value, candidate, fail)) !== negated;
  };
}

/** `has_any` and `has_all`. */
export function compileHasList(node: SyntaxNode, scope: Scope, compile: Compile): Evaluator {
  const { compilation } = scope;
  const all = compilation.kindOf(node) === 'HasAllExpression';
  const fail = compilation.failAt(node);
  const match = ignoringCase(hasTerm);
  const left = compile(node.Left, scope);
  const type = typeOf(node.Left, compilation);
  const { items } = listed(node, scope, compile);
  return (cells, execution) => {
    const value = left(cells, execution);
    if (value === null) return false;
    const text = toText(value, type, fail);
    const terms = flattened(items.map((item) => item(cells, execution)));
    const test = (term: Value) => match(text, typeof term === 'string' ? term : fail('has_any and has_all take text.'));
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
