import type { QueryLimits } from './limits.ts';
import { literal } from './literals.ts';
import { operators } from './operators/index.ts';
import { joinKinds } from './operators/join.ts';
import type { Compilation } from './plan.ts';
import type { SyntaxNode } from './syntax.ts';

/** What the service refuses although the language knows it. Throws KqlError at the first place that breaks a rule. */
export function applyRules(root: SyntaxNode, compilation: Compilation): void {
  const statements = compilation.language.elements(root.Statements);
  for (const statement of statements) {
    if (compilation.kindOf(statement) !== 'ExpressionStatement') {
      compilation.fail(
        statement,
        'UnsupportedStatement',
        'A query is one expression: let, declare and other statements are not supported.',
      );
    }
  }
  const [, second] = statements;
  if (second) compilation.fail(second, 'UnsupportedStatement', 'A query is one statement.');
  if (statements.length === 0) compilation.fail(root, 'EmptyQuery', 'The query is empty.');

  const found = nodesByKind(root, compilation);
  for (const [kind, nodes] of found) {
    const [first] = nodes;
    if (first && kind.endsWith('Operator') && !isAllowed(kind, compilation.limits)) {
      compilation.fail(first, 'UnsupportedOperator', `The operator ${first.GetChild(0)?.Text ?? kind} is not supported.`);
    }
  }
  const joins = found.get('JoinOperator') ?? [];
  atMost(joins, compilation.limits.joins, 'TooManyJoins', 'joins', compilation);
  for (const join of joins) assertJoinKind(join, compilation);
  if (compilation.limits.remoteTablesOnce) assertRemoteTables(root, joins, compilation);
  const legs = (found.get('UnionOperator') ?? []).flatMap((union) => compilation.language.elements(union.Expressions));
  atMost(legs, compilation.limits.unionLegs, 'TooManyUnionLegs', 'union legs', compilation);
  const expands = found.get('MvExpandOperator') ?? [];
  atMost(expands, compilation.limits.mvExpands, 'TooManyMvExpands', 'mv-expand operators', compilation);
  for (const expand of expands) assertRowLimit(expand, compilation);
}

function isAllowed(kind: string, { operators: allowed }: QueryLimits): boolean {
  return operators.has(kind) && (allowed === null || allowed.has(kind));
}

function isJoinKind(kind: string, { joinKinds: allowed }: QueryLimits): boolean {
  return Object.hasOwn(joinKinds, kind) && (allowed === null || allowed.has(kind));
}

/** Nodes in the order of the text, by the name of their kind. */
function nodesByKind(root: SyntaxNode, compilation: Compilation): ReadonlyMap<string, readonly SyntaxNode[]> {
  const found: SyntaxNode[] = [];
  const open: SyntaxNode[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    found.push(node);
    for (let index = node.ChildCount - 1; index >= 0; index -= 1) {
      const child = node.GetChild(index);
      if (child) open.push(child);
    }
  }
  return Map.groupBy(found, (node) => compilation.kindOf(node));
}

function atMost(nodes: readonly SyntaxNode[], limit: number, code: string, what: string, compilation: Compilation): void {
  const excess = nodes[limit];
  if (excess) compilation.fail(excess, code, `A query has at most ${limit} ${what}; this one has ${nodes.length}.`);
}

function assertJoinKind(join: SyntaxNode, compilation: Compilation): void {
  for (const parameter of compilation.language.items(join.Parameters)) {
    if (parameter.Name.SimpleName !== 'kind')
      compilation.fail(parameter, 'UnsupportedParameter', `${parameter.Name.SimpleName} is not supported.`);
    const kind = parameter.Expression.Token.Text;
    if (!isJoinKind(kind, compilation.limits))
      compilation.fail(parameter, 'UnsupportedJoinFlavor', `The join kind ${kind} is not supported.`);
  }
}

/** A table other than the query's first may be the right side of one join only. */
function assertRemoteTables(root: SyntaxNode, joins: readonly SyntaxNode[], compilation: Compilation): void {
  const [statement] = compilation.language.elements(root.Statements);
  const seen = new Set([statement ? firstTable(statement.Expression, compilation) : '']);
  const [base] = seen;
  for (const join of joins) {
    const table = firstTable(join.Expression, compilation);
    if (table === base || table === '') continue;
    if (seen.has(table)) compilation.fail(join, 'DisallowedMaxNumberOfRemoteTables', `The table ${table} is joined more than once.`);
    seen.add(table);
  }
}

function firstTable(node: SyntaxNode, compilation: Compilation): string {
  const kind = compilation.kindOf(node);
  if (kind === 'NameReference') return node.SimpleName.toLowerCase();
  return kind === 'PipeExpression' || kind === 'ParenthesizedExpression' ? firstTable(node.Expression, compilation) : '';
}

function assertRowLimit(expand: SyntaxNode, compilation: Compilation): void {
  const limit = expand.RowLimitClause && literal(expand.RowLimitClause.RowLimit, compilation);
  if (typeof limit === 'number' && limit > compilation.limits.mvExpandRowsMax) {
    compilation.fail(
      expand.RowLimitClause as SyntaxNode,
      'MvExpandRowLimit',
      `mv-expand makes at most ${compilation.limits.mvExpandRowsMax} rows of one.`,
    );
  }
}
