import { columnsOf, named, parameters } from '../bound.ts';
import { conform, convert } from '../convert.ts';
import { compileExpression } from '../expressions.ts';
import type { Compilation, Evaluator, OperatorCompiler, Plan } from '../plan.ts';
import type { SyntaxNode } from '../syntax.ts';
import type { KqlColumn } from '../types.ts';
import { bagOf, isArray, isBag, type Value } from '../values.ts';
import { compileRowCount } from './take.ts';

interface Expansion {
  readonly index: number;
  readonly evaluate: Evaluator;
  readonly finish: (value: Value) => Value;
}

/**
 * One row per element. Columns expanded together go side by side; an empty array or bag gives no row, null gives one.
 * At most RowLimit rows come of one row: Resource Graph's default silently cuts longer arrays.
 */
export const compileMvExpand: OperatorCompiler = (node, input, compilation) => {
  const given = parameters(node, ['bagexpansion', 'kind', 'with_itemindex'], compilation);
  const asArrays = [given.get('bagexpansion'), given.get('kind')].some((style) => style?.Token?.Text === 'array');
  const columns = columnsOf(node, compilation);
  const expansions = compilation.language.elements(node.Expressions).map((element) => expansion(element, input, columns, compilation));
  const itemIndexName = given.get('with_itemindex')?.SimpleName;
  const itemIndex = columns.findIndex(({ name }) => name === itemIndexName);
  const limit = node.RowLimitClause ? compileRowCount(node.RowLimitClause.RowLimit, compilation) : compilation.limits.mvExpandRowsDefault;
  return {
    columns,
    ordered: input.ordered,
    run: (execution) =>
      input.run(execution).flatMap((cells) => {
        const items = expansions.map(({ evaluate }) => elements(evaluate(cells, execution), asArrays));
        const length = Math.min(limit, Math.max(...items.map((list) => list.length)));
        return Array.from({ length }, (_, row) => {
          const result = columns.map((column, index): Value => cells[index] ?? (column.type === 'string' ? '' : null));
          for (const [position, { index, finish }] of expansions.entries()) result[index] = finish(items[position]?.[row] ?? null);
          if (itemIndex >= 0) result[itemIndex] = row;
          return result;
        });
      }),
  };
};

function elements(value: Value, asArrays: boolean): readonly Value[] {
  if (isArray(value)) return value;
  if (!isBag(value)) return [value];
  return Object.entries(value).map(([key, item]) => (asArrays ? [key, item] : bagOf([[key, item]])));
}

function expansion(element: SyntaxNode, input: Plan, columns: readonly KqlColumn[], compilation: Compilation): Expansion {
  const wrapped = compilation.kindOf(element) === 'MvExpandExpression';
  const { name, expression } = named(wrapped ? element.Expression : element, compilation);
  const index = columns.findIndex((column) => column.name === name);
  const type = columns[index]?.type;
  if (!type) return compilation.fail(element, 'NotImplemented', 'The name of this column is not implemented; write name = expression.');
  const fail = compilation.failAt(element);
  return {
    index,
    evaluate: compileExpression(expression, { compilation, columns: input.columns, aggregate: null }),
    finish: (value) => conform(type === 'dynamic' ? value : convert(value, 'dynamic', type, fail), type, fail),
  };
}
