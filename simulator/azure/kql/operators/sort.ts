import { parameters } from '../bound.ts';
import { compileExpression } from '../expressions.ts';
import type { Compilation, Evaluator, Execution, OperatorCompiler, Plan } from '../plan.ts';
import type { SyntaxNode } from '../syntax.ts';
import { type Cells, order, type Value } from '../values.ts';
import { compileRowCount } from './take.ts';

interface SortKey {
  readonly evaluate: Evaluator;
  readonly direction: 1 | -1;
  readonly nullsFirst: boolean;
}

/** Descending unless told otherwise; nulls first when ascending, last when descending. */
function sortKey(node: SyntaxNode, input: Plan, compilation: Compilation): SortKey {
  const ordering = compilation.kindOf(node) === 'OrderedExpression' ? node.Ordering : null;
  const expression = compilation.kindOf(node) === 'OrderedExpression' ? node.Expression : node;
  const ascending = ordering?.AscOrDescKeyword?.Text === 'asc';
  const nulls = ordering?.NullsClause;
  return {
    evaluate: compileExpression(expression, { compilation, columns: input.columns, aggregate: null }),
    direction: ascending ? 1 : -1,
    nullsFirst: nulls ? lastToken(nulls) === 'first' : ascending,
  };
}

function lastToken(node: SyntaxNode): string {
  return node.GetChild(node.ChildCount - 1)?.Text ?? '';
}

function compareKeys(left: Value, right: Value, key: SortKey): number {
  if (left === null || right === null) {
    if (left === right) return 0;
    return (left === null) === key.nullsFirst ? -1 : 1;
  }
  return (order(left, right) ?? 0) * key.direction;
}

function sorted(rows: readonly Cells[], keys: readonly SortKey[], execution: Execution): readonly Cells[] {
  const keyed = rows.map((cells) => ({ cells, values: keys.map(({ evaluate }) => evaluate(cells, execution)) }));
  keyed.sort((left, right) => {
    for (let index = 0; index < keys.length; index += 1) {
      const compared = compareKeys(left.values[index] ?? null, right.values[index] ?? null, keys[index] as SortKey);
      if (compared !== 0) return compared;
    }
    return 0;
  });
  return keyed.map(({ cells }) => cells);
}

export const compileSort: OperatorCompiler = (node, input, compilation) => {
  parameters(node, [], compilation);
  const keys = compilation.language.elements(node.Expressions).map((expression) => sortKey(expression, input, compilation));
  return { columns: input.columns, ordered: true, run: (execution) => sorted(input.run(execution), keys, execution) };
};

export const compileTop: OperatorCompiler = (node, input, compilation) => {
  parameters(node, [], compilation);
  const count = compileRowCount(node.Expression, compilation);
  const keys = [sortKey(node.ByExpression, input, compilation)];
  return { columns: input.columns, ordered: true, run: (execution) => sorted(input.run(execution), keys, execution).slice(0, count) };
};
