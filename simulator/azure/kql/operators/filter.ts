import { parameters } from '../bound.ts';
import { compileExpression } from '../expressions.ts';
import type { OperatorCompiler } from '../plan.ts';

/** `where`: a null condition drops the row. */
export const compileFilter: OperatorCompiler = (node, input, compilation) => {
  parameters(node, [], compilation);
  const condition = compileExpression(node.Condition, { compilation, columns: input.columns, aggregate: null });
  return {
    columns: input.columns,
    ordered: input.ordered,
    run: (execution) => input.run(execution).filter((cells) => condition(cells, execution) === true),
  };
};
