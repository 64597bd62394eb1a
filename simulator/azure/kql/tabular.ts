import { operators } from './operators/index.ts';
import { compileUnion } from './operators/union.ts';
import type { Compilation, Plan } from './plan.ts';
import type { SyntaxNode } from './syntax.ts';

/** Makes a tabular expression ready to run: a table, a pipeline, a union, or one of them in parentheses. */
export function compileTabular(node: SyntaxNode, compilation: Compilation): Plan {
  const kind = compilation.kindOf(node);
  if (kind === 'ParenthesizedExpression') return compileTabular(node.Expression, compilation);
  if (kind === 'NameReference') return table(node, compilation);
  if (kind === 'UnionOperator') return compileUnion(node, null, compilation);
  if (kind !== 'PipeExpression') return compilation.fail(node, 'UnsupportedOperator', 'A query reads a table or a union of tables.');
  const compile = operators.get(compilation.kindOf(node.Operator));
  if (!compile) return compilation.fail(node.Operator, 'UnsupportedOperator', 'This operator is not supported.');
  return compile(node.Operator, compileTabular(node.Expression, compilation), compilation);
}

function table(node: SyntaxNode, compilation: Compilation): Plan {
  const name = node.SimpleName.toLowerCase();
  const columns = compilation.catalogue.table(name);
  if (!columns) return compilation.fail(node, 'NotImplemented', `${node.SimpleName} is not a table.`);
  return { columns, ordered: false, run: (execution) => execution.rows(name) };
}
