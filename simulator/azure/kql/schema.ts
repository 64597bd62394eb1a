import type { Globals, Language, TableSymbol } from './load.ts';
import type { KqlColumn, KqlSchema } from './types.ts';

/** The schema as the binder sees it. Resource Graph takes table names in any casing, the binder does not. */
export interface BoundSchema {
  /** Globals that know every casing of a table name that occurs in the text. */
  globalsFor(text: string): Globals;
  /** The columns of a table, named in any casing. */
  table(name: string): readonly KqlColumn[] | undefined;
}

export function bindSchema(schema: KqlSchema, language: Language, catalogue: Globals): BoundSchema {
  const columns = new Map<string, readonly KqlColumn[]>();
  const symbols = new Map<string, TableSymbol>();
  for (const [name, types] of Object.entries(schema.tables)) {
    const key = name.toLowerCase();
    if (columns.has(key)) throw new Error(`Table ${name} is declared twice.`);
    columns.set(
      key,
      Object.entries(types).map(([column, type]) => ({ name: column, type })),
    );
    symbols.set(key, tableSymbol(key, types, language));
  }
  const known = new Set(symbols.keys());
  const base = catalogue.WithDatabase(language.database([...symbols.values()]));

  return {
    globalsFor(text) {
      const words = new Set(text.match(/[A-Za-z_]\w*/g));
      const aliases = [...words].filter((word) => !known.has(word) && known.has(word.toLowerCase()));
      if (aliases.length === 0) return base;
      const aliased = aliases.flatMap((alias) => symbols.get(alias.toLowerCase())?.WithName(alias) ?? []);
      return catalogue.WithDatabase(language.database([...symbols.values(), ...aliased]));
    },
    table: (name) => columns.get(name.toLowerCase()),
  };
}

function tableSymbol(name: string, types: Readonly<Record<string, string>>, language: Language): TableSymbol {
  const declared = Object.entries(types);
  const schema = declared.map(([column, type]) => `['${column.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']:${type}`).join(', ');
  const symbol = language.tableSymbol(`(${schema})`).WithName(name);
  // A column name the parser cannot read silently ends the list.
  const read = language.items(symbol.Columns).map((column) => column.Name);
  if (read.length !== declared.length || declared.some(([column], index) => read[index] !== column)) {
    throw new Error(`Table ${name}: the parser read the columns ${read.join(', ')} of ${declared.map(([column]) => column).join(', ')}.`);
  }
  return symbol;
}
