import { columnsOf, named, typeOf } from '../bound.ts';
import { conform } from '../convert.ts';
import { compileExpression } from '../expressions.ts';
import { type OperatorCompiler, rowwisePlan } from '../plan.ts';

/** Every expression reads the columns before the operator; a name that exists is replaced in place. */
export const compileExtend: OperatorCompiler = (node, input, compilation) => {
  const columns = columnsOf(node, compilation);
  const assigned = compilation.language.elements(node.Expressions).map((element) => ({ element, ...named(element, compilation) }));
  const taken = new Set([...input.columns.map(({ name }) => name), ...assigned.map(({ name }) => name)]);
  const unnamed = columns.filter(({ name }) => !taken.has(name)).map(({ name }) => name);
  const computed = assigned.map(({ element, name, expression }) => {
    const target = name ?? unnamed.shift();
    const index = columns.findIndex((column) => column.name === target);
    if (index < 0) compilation.fail(element, 'NotImplemented', 'The name of this column is not implemented; write name = expression.');
    const type = typeOf(expression, compilation);
    const fail = compilation.failAt(expression);
    const evaluate = compileExpression(expression, { compilation, columns: input.columns, aggregate: null });
    return { index, type, fail, evaluate };
  });
  return rowwisePlan(input, columns, (cells, execution) => {
    const result = cells.slice();
    for (const { index, type, fail, evaluate } of computed) result[index] = conform(evaluate(cells, execution), type, fail);
    return result;
  });
};
