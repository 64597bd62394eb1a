import { assertWidth, columnsOf, named, parameters, typeOf } from '../bound.ts';
import { conform } from '../convert.ts';
import { compileExpression } from '../expressions.ts';
import type { Compilation, Evaluator, Execution, OperatorCompiler, Plan } from '../plan.ts';
import type { SyntaxNode } from '../syntax.ts';
import { type Cells, rowKey, type Value } from '../values.ts';
import { type AggregateOutput, compileAggregateOutput } from './aggregate-output.ts';

/** One row per distinct key; without keys always exactly one row, even of nothing. */
export const compileSummarize: OperatorCompiler = (node, input, compilation) => {
  parameters(node, [], compilation);
  if (node.ByClause?.BinClause) compilation.fail(node.ByClause.BinClause, 'NotImplemented', 'bin= in a by clause is not implemented.');
  const columns = columnsOf(node, compilation);
  const keys = keyEvaluators(node, input, compilation);
  const keyNames = columns.slice(0, keys.length).map(({ name }) => name);
  const outputs = compilation.language
    .elements(node.Aggregates)
    .map((element) => compileAggregateOutput(element, input, keyNames, compilation));
  assertWidth(node, keys.length + outputs.reduce((width, output) => width + output.width, 0), columns, compilation);
  return { columns, ordered: false, run: (execution) => groups(input.run(execution), keys, outputs, execution) };
};

function keyEvaluators(node: SyntaxNode, input: Plan, compilation: Compilation): Evaluator[] {
  if (!node.ByClause) return [];
  return compilation.language.elements(node.ByClause.Expressions).map((element) => {
    const { expression } = named(element, compilation);
    const type = typeOf(expression, compilation);
    const fail = compilation.failAt(expression);
    const evaluate = compileExpression(expression, { compilation, columns: input.columns, aggregate: null });
    return (cells, execution) => conform(evaluate(cells, execution), type, fail);
  });
}

interface Group {
  readonly key: Cells;
  readonly outputs: readonly { add(cells: Cells): void; result(): readonly Value[] }[];
}

function groups(rows: readonly Cells[], keys: readonly Evaluator[], outputs: readonly AggregateOutput[], execution: Execution): Cells[] {
  const found = new Map<string, Group>();
  const open = (key: Cells): Group => ({ key, outputs: outputs.map((output) => output.begin(execution)) });
  if (keys.length === 0) found.set('', open([]));
  for (const cells of rows) {
    const key = keys.map((evaluate) => evaluate(cells, execution));
    const text = rowKey(key);
    const group = found.get(text) ?? open(key);
    found.set(text, group);
    for (const output of group.outputs) output.add(cells);
  }
  return [...found.values()].map(({ key, outputs: results }) => [...key, ...results.flatMap((output) => output.result())]);
}
