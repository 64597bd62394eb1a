import type { Fail } from './fail.ts';
import type { Evaluator, Scope } from './plan.ts';
import type { SyntaxNode } from './syntax.ts';
import { toText } from './text.ts';
import { textMatchOf } from './text-match.ts';

/** `* has 'text'`: some column of text or of dynamic values matches. Other types of column are not implemented here. */
export function compileAnyColumn(node: SyntaxNode, right: Evaluator, scope: Scope): Evaluator {
  const { compilation, columns } = scope;
  const found = textMatchOf(compilation.kindOf(node));
  if (!found || found.negated) {
    return compilation.fail(node, 'NotImplemented', 'A star can only be tested for text it has, contains, equals, starts or ends with.');
  }
  const odd = columns.find(({ type }) => type !== 'string' && type !== 'dynamic');
  if (odd) compilation.fail(node.Left, 'NotImplemented', `A star over the ${odd.type} column ${odd.name} is not implemented.`);
  const fail: Fail = compilation.failAt(node);
  return (cells, execution) => {
    const wanted = right(cells, execution);
    if (typeof wanted !== 'string') return null;
    return cells.some((cell) => cell !== null && found.match(toText(cell, 'dynamic', fail), wanted));
  };
}
