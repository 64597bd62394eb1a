import { parameters } from '../bound.ts';
import { compileExpression } from '../expressions.ts';
import { type OperatorCompiler, rowwisePlan } from '../plan.ts';

/** `where`: a null condition drops the row. */
export const compileFilter: OperatorCompiler = (node, input, compilation) => {
  parameters(node, [], compilation);
  const condition = compileExpression(node.Condition, { compilation, columns: input.columns, aggregate: null });
  return rowwisePlan(input, input.columns, (cells, execution) => (condition(cells, execution) === true ? cells : undefined));
};
