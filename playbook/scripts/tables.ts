import type { Product } from '../products/product.ts';
import { quotePowerShell, quoteShell } from './quote.ts';

/** A comment on a line of its own, in whose place a table is written. */
const MARKER = /^([ \t]*)# table: ([a-z]+)$/gm;

/** Lines of a table by the marker's name. */
export type Tables = Readonly<Record<string, readonly string[]>>;

/**
 * The text with its tables in it. The same tables give the same bytes.
 * @throws Error when a marker has no table, a table no marker, or one is there twice.
 */
export function withTables(text: string, tables: Tables): string {
  const found = [...text.matchAll(MARKER)].map(([, , name = '']) => name);
  const wanted = Object.keys(tables);
  if (found.toSorted().join() !== wanted.toSorted().join()) {
    throw new Error(`the script has places for ${found.join(', ') || 'no table'}, and there are ${wanted.join(', ') || 'none'}`);
  }
  return text.replace(MARKER, (_, indent: string, name: string) => tables[name]!.map((line) => `${indent}${line}`).join('\n'));
}

/** One PowerShell hashtable a product, with a regular expression a kind of trace. */
export function powerShellProducts(products: readonly Product[]): readonly string[] {
  return products.map(({ vendor, windows }) => {
    const traces = [windows.services, windows.drivers, windows.programs].map((names) => quotePowerShell(expressionOf(names)));
    const [services, drivers, programs] = traces;
    return `@{ vendor = ${quotePowerShell(vendor)}; services = ${services}; drivers = ${drivers}; programs = ${programs} }`;
  });
}

/** Names as PowerShell strings, one a line. */
export function powerShellNames(names: readonly string[]): readonly string[] {
  return names.map(quotePowerShell);
}

/** One command that adds the names of all units to the positional parameters. */
export function shellUnits(products: readonly Product[]): readonly string[] {
  return [`set -- "$@" ${products.flatMap(({ linux }) => linux.units.map(quoteShell)).join(' ')}`];
}

/** Calls of the script's own functions: a product, then each of its traces. */
export function shellProducts(products: readonly Product[]): readonly string[] {
  return products.flatMap(({ vendor, linux }) => [
    // The script prints it as it stands.
    `product ${quoteShell(JSON.stringify(vendor))}`,
    ...linux.units.map((name) => `unit ${quoteShell(name)}`),
    ...linux.packages.map((name) => `package ${quoteShell(name)}`),
    ...linux.paths.map((name) => `files ${quoteShell(name)}`),
  ]);
}

/**
 * A regular expression, the same for .NET and JavaScript, that matches exactly the names; `*` in a name stands for any characters. Without
 * names it matches nothing. Whoever uses it ignores letter case.
 */
export function expressionOf(names: readonly string[]): string {
  if (names.length === 0) return '(?!)';
  const alternatives = names.map((name) => name.replace(/[.+?^$(){}|[\]\\#]/g, '\\$&').replaceAll('*', '.*'));
  return `^(?:${alternatives.join('|')})$`;
}
