import { aggregates } from '../aggregates.ts';
import { named, typeOf } from '../bound.ts';
import { conform } from '../convert.ts';
import { callArguments, compileExpression } from '../expressions.ts';
import type { Compilation, Evaluator, Execution, Plan } from '../plan.ts';
import { rowAggregates } from '../row-aggregates.ts';
import type { SyntaxNode } from '../syntax.ts';
import type { KqlType } from '../types.ts';
import type { Cells, Value } from '../values.ts';

/** One expression of a summarize and the columns it gives. */
export interface AggregateOutput {
  readonly width: number;
  begin(execution: Execution): { add(cells: Cells): void; result(): readonly Value[] };
}

/** An expression over aggregates, or an aggregate that picks a whole row (arg_max, arg_min, take_any of several). */
export function compileAggregateOutput(
  element: SyntaxNode,
  input: Plan,
  keyNames: readonly string[],
  compilation: Compilation,
): AggregateOutput {
  const compound = compilation.kindOf(element) === 'CompoundNamedExpression';
  const expression = compound ? element.Expression : named(element, compilation).expression;
  if (picksRow(expression, compilation)) return compileRowPicking(expression, input, keyNames, compilation);
  if (compound) compilation.fail(element, 'NotImplemented', 'Several names for one expression are not implemented.');
  return compileOverAggregates(expression, input, compilation);
}

function picksRow(node: SyntaxNode, compilation: Compilation): boolean {
  if (compilation.kindOf(node) !== 'FunctionCallExpression' || !rowAggregates.has(node.Name.SimpleName)) return false;
  if (node.Name.SimpleName.startsWith('arg_')) return true;
  const given = callArguments(node, compilation);
  return given.length > 1 || given.some((argument) => compilation.kindOf(argument) === 'StarExpression');
}

interface Picked {
  readonly type: KqlType;
  readonly evaluate: Evaluator;
}

function compileRowPicking(node: SyntaxNode, input: Plan, keyNames: readonly string[], compilation: Compilation): AggregateOutput {
  const create = rowAggregates.get(node.Name.SimpleName) ?? compilation.fail(node, 'NotImplemented', 'This aggregate is not implemented.');
  const given = callArguments(node, compilation);
  const written = new Set(given.map((argument) => (compilation.kindOf(argument) === 'NameReference' ? argument.SimpleName : '')));
  const scope = { compilation, columns: input.columns, aggregate: null };
  // A star stands for every column that is neither a key nor already named in the call.
  const starred = input.columns.flatMap(({ name, type }, index): Picked[] => {
    return keyNames.includes(name) || written.has(name) ? [] : [{ type, evaluate: (cells) => cells[index] ?? null }];
  });
  const picked = given.flatMap((argument): Picked[] => {
    if (compilation.kindOf(argument) === 'StarExpression') return starred;
    return [{ type: typeOf(argument, compilation), evaluate: compileExpression(argument, scope) }];
  });
  const nothing = picked.map(({ type }): Value => (type === 'string' ? '' : null));
  return {
    width: picked.length,
    begin(execution) {
      const accumulator = create(compilation.failAt(node), nothing);
      return {
        add: (cells) => accumulator.add(picked.map(({ evaluate }) => evaluate(cells, execution))),
        result: () => accumulator.result(),
      };
    },
  };
}

interface Aggregation {
  readonly call: SyntaxNode;
  readonly values: readonly Evaluator[];
}

/** Aggregate calls become columns of a row of their own, which the expression around them then reads. */
function compileOverAggregates(expression: SyntaxNode, input: Plan, compilation: Compilation): AggregateOutput {
  const aggregations: Aggregation[] = [];
  const rowScope = { compilation, columns: input.columns, aggregate: null };
  const evaluate = compileExpression(expression, {
    compilation,
    columns: [],
    aggregate(call) {
      const index = aggregations.length;
      const given = callArguments(call, compilation);
      const limit = aggregates[call.Name.SimpleName]?.arguments ?? 0;
      // count() of a value counts rows all the same.
      if (call.Name.SimpleName === 'count' && given[0] && typeOf(given[0], compilation) !== 'bool') given.length = 0;
      const excess = given[limit];
      if (excess)
        compilation.fail(excess, 'NotImplemented', `${call.Name.SimpleName}() with ${given.length} arguments is not implemented.`);
      aggregations.push({ call, values: given.map((argument) => compileExpression(argument, rowScope)) });
      return (cells) => cells[index] ?? null;
    },
  });
  const type = typeOf(expression, compilation);
  const fail = compilation.failAt(expression);
  return {
    width: 1,
    begin(execution) {
      const accumulators = aggregations.map(({ call }) => accumulatorOf(call, compilation));
      return {
        add(cells) {
          for (const [index, { values }] of aggregations.entries())
            accumulators[index]?.add(values.map((value) => value(cells, execution)));
        },
        result: () => [
          conform(
            evaluate(
              accumulators.map((accumulator) => accumulator.result()),
              execution,
            ),
            type,
            fail,
          ),
        ],
      };
    },
  };
}

function accumulatorOf(call: SyntaxNode, compilation: Compilation) {
  const aggregate = aggregates[call.Name.SimpleName] ?? compilation.fail(call, 'NotImplemented', 'This aggregate is not implemented.');
  const [first] = callArguments(call, compilation);
  return aggregate.create(compilation.failAt(call), first?.ResultType?.Name === 'dynamic');
}
