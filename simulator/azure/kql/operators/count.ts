import { columnsOf } from '../bound.ts';
import type { OperatorCompiler } from '../plan.ts';

export const compileCount: OperatorCompiler = (node, input, compilation) => ({
  columns: columnsOf(node, compilation),
  ordered: false,
  run: (execution) => [[input.run(execution).length]],
});
