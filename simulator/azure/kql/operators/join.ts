import { assertWidth, columnsOf, parameters } from '../bound.ts';
import type { Compilation, OperatorCompiler, Plan } from '../plan.ts';
import type { SyntaxNode } from '../syntax.ts';
import type { KqlColumn } from '../types.ts';
import { type Cells, rowKey } from '../values.ts';

interface JoinKey {
  readonly left: number;
  readonly right: number;
}

interface JoinKind {
  /** Only the first left row of each key takes part. */
  readonly leftOnce: boolean;
  /** Rows of a side without a partner are kept. */
  readonly keepLeft: boolean;
  readonly keepRight: boolean;
  /** `one` side's rows alone, told by whether the other side has their key; null = pairs. */
  readonly filter: { readonly side: 'left' | 'right'; readonly matched: boolean } | null;
}

const pairs = { leftOnce: false, keepLeft: false, keepRight: false, filter: null };
const only = (side: 'left' | 'right', matched: boolean): JoinKind => ({ ...pairs, filter: { side, matched } });

export const joinKinds: Readonly<Record<string, JoinKind>> = {
  innerunique: { ...pairs, leftOnce: true },
  inner: pairs,
  leftouter: { ...pairs, keepLeft: true },
  rightouter: { ...pairs, keepRight: true },
  fullouter: { ...pairs, keepLeft: true, keepRight: true },
  leftsemi: only('left', true),
  rightsemi: only('right', true),
  leftanti: only('left', false),
  leftantisemi: only('left', false),
  anti: only('left', false),
  rightanti: only('right', false),
  rightantisemi: only('right', false),
};

/** Keys match by exact value, upper and lower case apart; null matches null. Columns: all of the left, then all of the right. */
export const compileJoin: OperatorCompiler = (node, input, compilation) => {
  const right = compilation.tabular(node.Expression);
  const kindName = parameters(node, ['kind'], compilation).get('kind')?.Token.Text ?? 'innerunique';
  const kind = joinKinds[kindName] ?? compilation.fail(node, 'UnsupportedJoinFlavor', `The join kind ${kindName} is not supported.`);
  const columns = columnsOf(node, compilation);
  assertWidth(node, widthOf(kind, input, right), columns, compilation);
  const keys = joinKeys(node, input, right, compilation);
  return {
    columns,
    ordered: false,
    run(execution) {
      const sides = { left: keyed(input.run(execution), keys, 'left'), right: keyed(right.run(execution), keys, 'right') };
      if (kind.filter) return filtered(sides, kind.filter);
      return joined(sides, kind, absent(input.columns), absent(right.columns));
    },
  };
};

function widthOf({ filter }: JoinKind, left: Plan, right: Plan): number {
  if (filter) return filter.side === 'left' ? left.columns.length : right.columns.length;
  return left.columns.length + right.columns.length;
}

function joinKeys(node: SyntaxNode, left: Plan, right: Plan, compilation: Compilation): JoinKey[] {
  const clause = node.ConditionClause;
  if (!clause || compilation.kindOf(clause) !== 'JoinOnClause') {
    return compilation.fail(clause ?? node, 'NotImplemented', 'A join needs an on clause.');
  }
  return compilation.language.elements(clause.Expressions).flatMap((condition) => conditionKeys(condition, left, right, compilation));
}

function conditionKeys(condition: SyntaxNode, left: Plan, right: Plan, compilation: Compilation): JoinKey[] {
  const kind = compilation.kindOf(condition);
  if (kind === 'ParenthesizedExpression') return conditionKeys(condition.Expression, left, right, compilation);
  if (kind === 'NameReference') {
    return [{ left: find(left.columns, condition, compilation), right: find(right.columns, condition, compilation) }];
  }
  if (kind === 'AndExpression') {
    return [condition.Left, condition.Right].flatMap((side) => conditionKeys(side, left, right, compilation));
  }
  if (kind !== 'EqualExpression')
    return compilation.fail(condition, 'NotImplemented', 'A join condition is a column or $left.a == $right.b.');
  const sides = new Map([condition.Left, condition.Right].map((side) => [sideOf(side, compilation), side.Selector] as const));
  const leftColumn = sides.get('$left');
  const rightColumn = sides.get('$right');
  if (!leftColumn || !rightColumn)
    return compilation.fail(condition, 'NotImplemented', 'A join condition is a column or $left.a == $right.b.');
  const key = { left: find(left.columns, leftColumn, compilation), right: find(right.columns, rightColumn, compilation) };
  if (left.columns[key.left]?.type !== right.columns[key.right]?.type) {
    compilation.fail(condition, 'KS242', 'The two sides of a join condition must be of one type.');
  }
  return [key];
}

function sideOf(node: SyntaxNode, compilation: Compilation): string {
  if (compilation.kindOf(node) !== 'PathExpression' || compilation.kindOf(node.Expression) !== 'NameReference') return '';
  return node.Expression.SimpleName;
}

function find(columns: readonly KqlColumn[], node: SyntaxNode, compilation: Compilation): number {
  const index = columns.findIndex(({ name }) => name === node.SimpleName);
  if (columns[index]?.type === 'dynamic')
    compilation.fail(node, 'DynamicJoinKey', `${node.SimpleName} is dynamic: join on tostring() of it.`);
  return index >= 0 ? index : compilation.fail(node, 'NotImplemented', `${node.SimpleName} is not a column of this side.`);
}

/** What an unmatched side reads: strings have no null. */
function absent(columns: readonly KqlColumn[]): Cells {
  return columns.map(({ type }) => (type === 'string' ? '' : null));
}

interface Keyed {
  readonly key: string;
  readonly cells: Cells;
}

interface Sides {
  readonly left: readonly Keyed[];
  readonly right: readonly Keyed[];
}

function keyed(rows: readonly Cells[], keys: readonly JoinKey[], side: keyof JoinKey): readonly Keyed[] {
  const indexes = keys.map((key) => key[side]);
  return rows.map((cells) => ({ key: rowKey(cells, indexes), cells }));
}

function filtered(sides: Sides, { side, matched }: { side: 'left' | 'right'; matched: boolean }): Cells[] {
  const others = new Set(sides[side === 'left' ? 'right' : 'left'].map(({ key }) => key));
  return sides[side].filter(({ key }) => others.has(key) === matched).map(({ cells }) => cells);
}

function joined({ left, right }: Sides, kind: JoinKind, noLeft: Cells, noRight: Cells): Cells[] {
  const rightByKey = Map.groupBy(right, ({ key }) => key);
  const seen = new Set<string>();
  const result: Cells[] = [];
  for (const { key, cells } of left) {
    if (kind.leftOnce && seen.has(key)) continue;
    seen.add(key);
    const matched = rightByKey.get(key);
    if (matched) for (const other of matched) result.push(cells.concat(other.cells));
    else if (kind.keepLeft) result.push(cells.concat(noRight));
  }
  if (kind.keepRight) for (const { key, cells } of right) if (!seen.has(key)) result.push(noLeft.concat(cells));
  return result;
}
