import { assertWidth, columnsOf, parameters } from '../bound.ts';
import type { Compilation, OperatorCompiler, Plan } from '../plan.ts';
import type { SyntaxNode } from '../syntax.ts';
import type { KqlColumn } from '../types.ts';
import { type Cells, rowKey, type Value } from '../values.ts';

interface JoinKey {
  readonly left: number;
  readonly right: number;
}

interface JoinKind {
  /** Only the first left row of each key takes part. */
  readonly leftOnce: boolean;
  readonly keepLeft: boolean;
  readonly keepRight: boolean;
}

export const joinKinds: Readonly<Record<string, JoinKind>> = {
  innerunique: { leftOnce: true, keepLeft: false, keepRight: false },
  inner: { leftOnce: false, keepLeft: false, keepRight: false },
  leftouter: { leftOnce: false, keepLeft: true, keepRight: false },
  fullouter: { leftOnce: false, keepLeft: true, keepRight: true },
};

/** Keys match by exact value, upper and lower case apart; null matches null. Columns: all of the left, then all of the right. */
export const compileJoin: OperatorCompiler = (node, input, compilation) => {
  const right = compilation.tabular(node.Expression);
  const kindName = parameters(node, ['kind'], compilation).get('kind')?.Token.Text ?? 'innerunique';
  const kind = joinKinds[kindName] ?? compilation.fail(node, 'UnsupportedJoinFlavor', `The join kind ${kindName} is not supported.`);
  const columns = columnsOf(node, compilation);
  assertWidth(node, input.columns.length + right.columns.length, columns, compilation);
  const keys = joinKeys(node, input, right, compilation);
  return {
    columns,
    ordered: false,
    run: (execution) => joined(input.run(execution), right.run(execution), keys, kind, absent(input.columns), absent(right.columns)),
  };
};

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
  return [{ left: find(left.columns, leftColumn, compilation), right: find(right.columns, rightColumn, compilation) }];
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

function joined(
  left: readonly Cells[],
  right: readonly Cells[],
  keys: readonly JoinKey[],
  kind: JoinKind,
  noLeft: Cells,
  noRight: Cells,
): Cells[] {
  const keyText = (cells: Cells, side: keyof JoinKey) => rowKey(keys.map((key): Value => cells[key[side]] ?? null));
  const rightByKey = Map.groupBy(right, (cells) => keyText(cells, 'right'));
  const seen = new Set<string>();
  const result: Cells[] = [];
  for (const cells of left) {
    const key = keyText(cells, 'left');
    if (kind.leftOnce && seen.has(key)) continue;
    seen.add(key);
    const matched = rightByKey.get(key) ?? [];
    for (const other of matched) result.push([...cells, ...other]);
    if (matched.length === 0 && kind.keepLeft) result.push([...cells, ...noRight]);
  }
  if (!kind.keepRight) return result;
  const unmatched = right.filter((cells) => !seen.has(keyText(cells, 'right')));
  return [...result, ...unmatched.map((cells) => [...noLeft, ...cells])];
}
