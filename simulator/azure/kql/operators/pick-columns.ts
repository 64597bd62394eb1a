import { assertWidth, columnsOf } from '../bound.ts';
import { type OperatorCompiler, rowwisePlan } from '../plan.ts';

/** `project-away`, `project-keep`, `project-reorder`: the binder says which columns stay and where. */
export const compilePickColumns: OperatorCompiler = (node, input, compilation) => {
  const columns = columnsOf(node, compilation);
  const indexes = columns.map(({ name }) => input.columns.findIndex((column) => column.name === name));
  if (indexes.includes(-1)) compilation.fail(node, 'NotImplemented', 'A column of this operator is not one of its input.');
  return rowwisePlan(input, columns, (cells) => indexes.map((index) => cells[index] ?? null));
};

/** `project-rename`: names change, places do not. */
export const compileRename: OperatorCompiler = (node, input, compilation) => {
  const columns = columnsOf(node, compilation);
  assertWidth(node, input.columns.length, columns, compilation);
  return { columns, ordered: input.ordered, run: (execution) => input.run(execution) };
};
