import { ODataError } from './tokens.ts';

type Json = Record<string, unknown>;

/** The properties $select names and the annotations, all of them without one; throws ODataError for one the type does not have. */
export function selected(entity: Json, query: URLSearchParams, type: string): Json {
  const names = query.get('$select');
  if (names === null || names === '*') return entity;
  const wanted = names.split(',').map((part) => part.trim());
  const unknown = wanted.find((name) => name.startsWith('@') || !Object.hasOwn(entity, name));
  if (unknown !== undefined) throw new ODataError(`Could not find a property named '${unknown}' on type '${type}'.`);
  return Object.fromEntries(Object.entries(entity).filter(([name]) => name.startsWith('@') || wanted.includes(name)));
}

/** Throws ODataError for a query option that is not answered, so that none is ignored in silence. */
export function allowOptions(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (name.startsWith('$') && !known.includes(name)) throw new ODataError(`The query option '${name}' is not supported.`);
  }
}
