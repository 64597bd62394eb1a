import { aggregates } from './aggregates.ts';
import { functionNames } from './functions/index.ts';
import type { Globals, Language } from './load.ts';

/** The binder's functions narrowed to what the engine implements: any other call is a static error with its place. */
export function implementedCatalogue(language: Language): Globals {
  const scalar = language.items(language.defaults.Functions).filter((symbol) => functionNames.has(symbol.Name));
  const aggregate = language.items(language.defaults.Aggregates).filter((symbol) => Object.hasOwn(aggregates, symbol.Name));
  const missing = [
    ...[...functionNames].filter((name) => !scalar.some((symbol) => symbol.Name === name)),
    ...Object.keys(aggregates).filter((name) => !aggregate.some((symbol) => symbol.Name === name)),
  ];
  if (missing.length > 0) throw new Error(`The parser does not know ${missing.join(', ')}.`);
  return language.defaults
    .WithFunctions(language.toList(scalar))
    .WithAggregates(language.toList(aggregate))
    .WithPlugIns(language.toList([]));
}
