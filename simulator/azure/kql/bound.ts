import type { Compilation } from './plan.ts';
import type { SyntaxNode } from './syntax.ts';
import type { KqlColumn, KqlType } from './types.ts';

const types: ReadonlySet<string> = new Set<KqlType>(['string', 'long', 'int', 'real', 'bool', 'datetime', 'timespan', 'dynamic']);

function isKqlType(name: string): name is KqlType {
  return types.has(name);
}

/** The type the binder gave an expression. */
export function typeOf(node: SyntaxNode, compilation: Compilation): KqlType {
  const name = node.ResultType?.Name ?? 'unknown';
  return isKqlType(name) ? name : compilation.fail(node, 'NotImplemented', `Values of type ${name} are not implemented.`);
}

/** The columns the binder gave a tabular expression or operator. */
export function columnsOf(node: SyntaxNode, compilation: Compilation): readonly KqlColumn[] {
  const columns = node.ResultType?.Columns;
  if (!columns) return compilation.fail(node, 'NotImplemented', 'This expression is not a table.');
  return compilation.language.items(columns).map(({ Name, Type }) => {
    if (isKqlType(Type.Name)) return { name: Name, type: Type.Name };
    return compilation.fail(node, 'NotImplemented', `The column ${Name} of type ${Type.Name} is not implemented.`);
  });
}

/** `name = expression` taken apart; an expression without a name carries the name the binder derives for it, if any. */
export function named(node: SyntaxNode, compilation: Compilation): { name: string | null; expression: SyntaxNode } {
  const kind = compilation.kindOf(node);
  if (kind === 'CompoundNamedExpression')
    return compilation.fail(node, 'NotImplemented', 'Several names for one expression are not implemented.');
  if (kind === 'SimpleNamedExpression') return { name: node.Name.SimpleName, expression: node.Expression };
  return { name: compilation.language.resultName(node), expression: node };
}

/** Operator parameters such as hints and kinds; anything the operator does not read is refused. */
export function parameters(node: SyntaxNode, allowed: readonly string[], compilation: Compilation): ReadonlyMap<string, SyntaxNode> {
  const found = new Map<string, SyntaxNode>();
  for (const parameter of compilation.language.items(node.Parameters)) {
    const name = parameter.Name.SimpleName;
    if (!allowed.includes(name)) compilation.fail(parameter, 'UnsupportedParameter', `The parameter ${name} is not supported here.`);
    found.set(name, parameter.Expression);
  }
  return found;
}

/** The binder and the engine must agree on the shape of a result; if not, no row may leave. */
export function assertWidth(node: SyntaxNode, expected: number, columns: readonly KqlColumn[], compilation: Compilation): void {
  if (columns.length !== expected) {
    compilation.fail(node, 'NotImplemented', `This form has ${columns.length} result columns where ${expected} are implemented.`);
  }
}
