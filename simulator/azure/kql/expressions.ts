import { compileAnyColumn } from './any-column.ts';
import { compileBinary } from './binary.ts';
import { typeOf } from './bound.ts';
import { conform } from './convert.ts';
import { argumentLimits, functionNames, lazyFunctions, packAll, scalarFunctions } from './functions/index.ts';
import { literal } from './literals.ts';
import { compileBetween, compileHasList, compileIn } from './membership.ts';
import type { Compilation, Evaluator, Scope } from './plan.ts';
import { regexReader } from './regex.ts';
import type { CallSite } from './scalar-function.ts';
import type { SyntaxNode } from './syntax.ts';
import { bagOf, isArray, property, propertyReader, Timespan, type Value } from './values.ts';

type ExpressionCompiler = (node: SyntaxNode, scope: Scope) => Evaluator;

const byKind: Readonly<Record<string, ExpressionCompiler>> = {
  ParenthesizedExpression: (node, scope) => compileExpression(node.Expression, scope),
  NameReference: column,
  PathExpression: path,
  ElementExpression: element,
  FunctionCallExpression: call,
  UnaryMinusExpression: negate,
  UnaryPlusExpression: (node, scope) => compileExpression(node.Expression, scope),
  InExpression: (node, scope) => compileIn(node, scope, compileExpression),
  InCsExpression: (node, scope) => compileIn(node, scope, compileExpression),
  NotInExpression: (node, scope) => compileIn(node, scope, compileExpression),
  NotInCsExpression: (node, scope) => compileIn(node, scope, compileExpression),
  HasAnyExpression: (node, scope) => compileHasList(node, scope, compileExpression),
  HasAllExpression: (node, scope) => compileHasList(node, scope, compileExpression),
  BetweenExpression: (node, scope) => compileBetween(node, scope, compileExpression),
  NotBetweenExpression: (node, scope) => compileBetween(node, scope, compileExpression),
};

/** Makes a scalar expression ready to run, or refuses it at its place. */
export function compileExpression(node: SyntaxNode, scope: Scope): Evaluator {
  const { compilation } = scope;
  const compile = byKind[compilation.kindOf(node)];
  if (compile) return compile(node, scope);
  const value = literal(node, compilation);
  if (value !== undefined) return () => value;
  if (node.Left && node.Right && node.Operator) {
    if (compilation.kindOf(node.Left) === 'StarExpression') return compileAnyColumn(node, compileExpression(node.Right, scope), scope);
    return compileBinary(node, compileExpression(node.Left, scope), compileExpression(node.Right, scope), compilation);
  }
  return compilation.fail(node, 'NotImplemented', `${compilation.kindOf(node)} is not implemented here.`);
}

function column(node: SyntaxNode, scope: Scope): Evaluator {
  const index = scope.columns.findIndex(({ name }) => name === node.SimpleName);
  if (index < 0) return scope.compilation.fail(node, 'NotImplemented', `${node.SimpleName} cannot be read here.`);
  return (cells) => cells[index] ?? null;
}

/** `bag.key`; a missing key is null. Keys are read as written, upper and lower case apart. */
function path(node: SyntaxNode, scope: Scope): Evaluator {
  const { compilation } = scope;
  const owner = compileExpression(node.Expression, scope);
  const kind = compilation.kindOf(node.Selector);
  if (kind === 'NameReference') {
    const read = propertyReader(node.Selector.SimpleName);
    return (cells, execution) => read(owner(cells, execution));
  }
  if (kind === 'BracketedExpression') return select(owner, compileExpression(node.Selector.Expression, scope));
  return compilation.fail(node.Selector, 'NotImplemented', 'This form of a path is not implemented.');
}

function element(node: SyntaxNode, scope: Scope): Evaluator {
  return select(compileExpression(node.Expression, scope), compileExpression(node.Selector.Expression, scope));
}

/** `value['key']`, `value[0]`, `value[(-1)]` counted from the end. */
function select(owner: Evaluator, selector: Evaluator): Evaluator {
  return (cells, execution) => {
    const value = owner(cells, execution);
    const wanted = selector(cells, execution);
    if (typeof wanted === 'string') return property(value, wanted);
    return typeof wanted === 'number' && isArray(value) ? (value.at(wanted) ?? null) : null;
  };
}

function negate(node: SyntaxNode, scope: Scope): Evaluator {
  const operand = compileExpression(node.Expression, scope);
  const fail = scope.compilation.failAt(node);
  return (cells, execution) => {
    const value = operand(cells, execution);
    if (value === null) return null;
    if (value instanceof Timespan) return new Timespan(-value.ticks);
    return typeof value === 'number' ? 0 - value : fail('Only numbers and timespans can be negated.');
  };
}

function call(node: SyntaxNode, scope: Scope): Evaluator {
  const { compilation } = scope;
  const name = node.Name.SimpleName;
  if (!functionNames.has(name)) {
    return scope.aggregate?.(node) ?? compilation.fail(node, 'NotImplemented', `The function ${name} is not implemented here.`);
  }
  const argumentNodes = callArguments(node, compilation);
  const excess = argumentNodes[argumentLimits[name] ?? Number.POSITIVE_INFINITY];
  if (excess) compilation.fail(excess, 'NotImplemented', `${name}() with ${argumentNodes.length} arguments is not implemented.`);
  if (name === packAll) return wholeRow(scope);
  const values = argumentNodes.map((argument) =>
    compilation.kindOf(argument) === 'TypeOfLiteralExpression' ? typeName(argument, scope) : compileExpression(argument, scope),
  );
  const site = callSite(node, argumentNodes, scope);
  const result = typeOf(node, compilation);
  const compute = evaluatorOf(name, values, site);
  return (cells, execution) => conform(compute(cells, execution), result, site.fail);
}

/** The expressions of a call's arguments; a name written for one means nothing. */
export function callArguments(node: SyntaxNode, compilation: Compilation): SyntaxNode[] {
  return compilation.language
    .elements(node.ArgumentList.Expressions)
    .map((argument) => (compilation.kindOf(argument) === 'SimpleNamedExpression' ? argument.Expression : argument));
}

function wholeRow({ columns }: Scope): Evaluator {
  return (cells) => bagOf(columns.map(({ name }, index) => [name, cells[index] ?? null] as const));
}

function evaluatorOf(name: string, values: readonly Evaluator[], site: CallSite): Evaluator {
  const lazy = lazyFunctions.get(name);
  if (lazy) return lazy(values, site);
  const scalar = scalarFunctions.get(name);
  if (!scalar) return site.fail(`The function ${name} is not implemented.`);
  const [only] = values;
  if (only && values.length === 1) return (cells, execution) => scalar([only(cells, execution)], site, execution.now);
  return (cells, execution) => {
    const given = values.map((value) => value(cells, execution));
    return scalar(given, site, execution.now);
  };
}

/** `typeof(long)` as an argument is the name of the type. */
function typeName(node: SyntaxNode, scope: Scope): Evaluator {
  const [type] = scope.compilation.language.elements(node.Types);
  const name: Value = type?.Type?.Text ?? null;
  return () => name;
}

function callSite(node: SyntaxNode, argumentNodes: readonly SyntaxNode[], scope: Scope): CallSite {
  const { compilation } = scope;
  const fail = compilation.failAt(node);
  return {
    types: argumentNodes.map((argument) =>
      compilation.kindOf(argument) === 'TypeOfLiteralExpression' ? 'string' : typeOf(argument, compilation),
    ),
    fail,
    regex: regexReader(fail),
  };
}
