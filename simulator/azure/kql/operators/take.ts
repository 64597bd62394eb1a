import { parameters } from '../bound.ts';
import { literal } from '../literals.ts';
import type { Compilation, OperatorCompiler } from '../plan.ts';
import type { SyntaxNode } from '../syntax.ts';

/** A literal number of rows. */
export function compileRowCount(node: SyntaxNode, compilation: Compilation): number {
  const count = literal(node, compilation);
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  return compilation.fail(node, 'NotImplemented', 'The number of rows must be a literal whole number.');
}

export const compileTake: OperatorCompiler = (node, input, compilation) => {
  parameters(node, [], compilation);
  const count = compileRowCount(node.Expression, compilation);
  return { columns: input.columns, ordered: input.ordered, run: (execution) => input.run(execution).slice(0, count) };
};
