import { columnsOf, parameters, typeOf } from '../bound.ts';
import { convert } from '../convert.ts';
import { compileExpression } from '../expressions.ts';
import { literal } from '../literals.ts';
import { type Compilation, type OperatorCompiler, rowwisePlan } from '../plan.ts';
import type { SyntaxNode } from '../syntax.ts';
import { toText } from '../text.ts';
import type { KqlColumn } from '../types.ts';
import type { Value } from '../values.ts';

interface Pattern {
  readonly regex: RegExp;
  /** Index of the result column each group fills. */
  readonly targets: readonly number[];
}

/** `parse` in its simple form: text between literals, read from the start to the end of the value. */
export const compileParse: OperatorCompiler = (node, input, compilation) => {
  const kind = parameters(node, ['kind'], compilation).get('kind');
  if (kind && kind.Token.Text !== 'simple') compilation.fail(kind, 'NotImplemented', `parse kind=${kind.Token.Text} is not implemented.`);
  const columns = columnsOf(node, compilation);
  const type = typeOf(node.Expression, compilation);
  const source = compileExpression(node.Expression, { compilation, columns: input.columns, aggregate: null });
  const { regex, targets } = pattern(compilation.language.items(node.Patterns), columns, compilation);
  const fail = compilation.failAt(node);
  const absent = targets.map((target): Value => (columns[target]?.type === 'string' ? '' : null));

  function read(text: string): readonly Value[] {
    const found = regex.exec(text);
    if (!found) return absent;
    const values = targets.map((target, group) => convert(found[group + 1] ?? '', 'string', columns[target]?.type ?? 'string', fail));
    // A part that is not of its type makes the whole row a mismatch.
    return values.includes(null) ? absent : values;
  }

  return rowwisePlan(input, columns, (cells, execution) => {
    const result = columns.map((_, index) => cells[index] ?? null);
    for (const [group, value] of read(toText(source(cells, execution), type, fail)).entries()) result[targets[group] ?? -1] = value;
    return result;
  });
};

function pattern(nodes: readonly SyntaxNode[], columns: readonly KqlColumn[], compilation: Compilation): Pattern {
  const targets: number[] = [];
  const parts = nodes.map((node, position) => {
    const lazy = position === nodes.length - 1 ? '' : '?';
    const kind = compilation.kindOf(node);
    if (kind === 'StarExpression') return `[^]*${lazy}`;
    const text = literal(node, compilation);
    if (typeof text === 'string') return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    const name = kind === 'NameAndTypeDeclaration' ? node.Name.SimpleName : node.SimpleName;
    targets.push(columns.findIndex((column) => column.name === name));
    return `([^]*${lazy})`;
  });
  if (targets.includes(-1)) compilation.fail(nodes[0] as SyntaxNode, 'NotImplemented', 'This form of parse is not implemented.');
  return { regex: new RegExp(`^${parts.join('')}$`), targets };
}
