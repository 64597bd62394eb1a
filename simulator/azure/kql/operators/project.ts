import { assertWidth, columnsOf, named, typeOf } from '../bound.ts';
import { conform } from '../convert.ts';
import { compileExpression } from '../expressions.ts';
import { type OperatorCompiler, rowwisePlan } from '../plan.ts';

/** `project`: one result column per expression, in the order written. */
export const compileProject: OperatorCompiler = (node, input, compilation) => {
  const columns = columnsOf(node, compilation);
  const expressions = compilation.language.elements(node.Expressions).map((element) => named(element, compilation).expression);
  assertWidth(node, expressions.length, columns, compilation);
  const computed = expressions.map((expression) => ({
    type: typeOf(expression, compilation),
    fail: compilation.failAt(expression),
    evaluate: compileExpression(expression, { compilation, columns: input.columns, aggregate: null }),
  }));
  return rowwisePlan(input, columns, (cells, execution) =>
    computed.map(({ type, fail, evaluate }) => conform(evaluate(cells, execution), type, fail)),
  );
};
