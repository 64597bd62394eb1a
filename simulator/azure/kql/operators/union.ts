import { columnsOf, parameters } from '../bound.ts';
import type { Compilation, Plan } from '../plan.ts';
import type { SyntaxNode } from '../syntax.ts';
import type { KqlColumn } from '../types.ts';
import type { Cells } from '../values.ts';

/** Rows of every leg; a column of one name and several types is split into `name_type`. */
export function compileUnion(node: SyntaxNode, input: Plan | null, compilation: Compilation): Plan {
  const kind = parameters(node, ['kind'], compilation).get('kind');
  const written = compilation.language.elements(node.Expressions).map((expression) => compilation.tabular(expression));
  const legs = input ? [input, ...written] : written;
  const columns = columnsOf(node, compilation);
  const sources = legs.map((leg) => columns.map((column) => sourceOf(column, leg.columns)));
  // The binder gives every column whatever the kind, so an inner union is done only where both kinds agree.
  if (kind && kind.Token.Text !== 'outer' && sources.some((indexes) => indexes.includes(-1))) {
    compilation.fail(
      kind,
      'NotImplemented',
      'union kind=inner of tables with different columns is not implemented; project them alike first.',
    );
  }
  const used = new Set(sources.flatMap((indexes) => columns.filter((_, index) => indexes[index] !== -1)));
  if (used.size !== columns.length) compilation.fail(node, 'NotImplemented', 'This combination of columns in a union is not implemented.');
  return {
    columns,
    ordered: false,
    run: (execution) => legs.flatMap((leg, index) => leg.run(execution).map((cells) => picked(cells, sources[index] ?? [], columns))),
  };
}

function sourceOf(target: KqlColumn, columns: readonly KqlColumn[]): number {
  const same = columns.findIndex(({ name, type }) => name === target.name && type === target.type);
  return same >= 0 ? same : columns.findIndex(({ name, type }) => `${name}_${type}` === target.name && type === target.type);
}

function picked(cells: Cells, indexes: readonly number[], columns: readonly KqlColumn[]): Cells {
  return columns.map(({ type }, position) => cells[indexes[position] ?? -1] ?? (type === 'string' ? '' : null));
}
