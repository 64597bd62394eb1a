import { assertWidth, columnsOf, named, parameters } from '../bound.ts';
import { compileExpression } from '../expressions.ts';
import type { OperatorCompiler } from '../plan.ts';
import { type Cells, rowKey } from '../values.ts';

function unique(rows: readonly Cells[]): readonly Cells[] {
  const seen = new Map<string, Cells>();
  for (const cells of rows) {
    const key = rowKey(cells);
    if (!seen.has(key)) seen.set(key, cells);
  }
  return [...seen.values()];
}

export const compileDistinct: OperatorCompiler = (node, input, compilation) => {
  parameters(node, [], compilation);
  const columns = columnsOf(node, compilation);
  const elements = compilation.language.elements(node.Expressions);
  if (elements.some((element) => compilation.kindOf(element) === 'StarExpression')) {
    assertWidth(node, input.columns.length, columns, compilation);
    return { columns, ordered: false, run: (execution) => unique(input.run(execution)) };
  }
  assertWidth(node, elements.length, columns, compilation);
  const scope = { compilation, columns: input.columns, aggregate: null };
  const evaluators = elements.map((element) => compileExpression(named(element, compilation).expression, scope));
  return {
    columns,
    ordered: false,
    run: (execution) => unique(input.run(execution).map((cells) => evaluators.map((evaluate) => evaluate(cells, execution)))),
  };
};
