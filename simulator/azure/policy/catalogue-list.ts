import { ArmError } from '../arm-error.ts';
import type { DefinitionResource, SetResource } from './definition.ts';

/** What a list of definitions or initiatives leaves over after its $filter and $top; throws Azure's 400. */
export function filtered<T extends DefinitionResource | SetResource>(all: readonly T[], scope: string, query: URLSearchParams): T[] {
  const keeps = filterOf(query.get('$filter'), scope);
  const top = query.get('$top');
  if (top !== null && !/^[1-9]\d{0,3}$/.test(top)) {
    throw new ArmError(400, 'InvalidTopInQueryString', `The value '${top}' of $top is invalid. It must be between 1 and 1000.`);
  }
  return all.filter(keeps).slice(0, top === null ? undefined : Number(top));
}

function filterOf(filter: string | null, scope: string): (resource: DefinitionResource | SetResource) => boolean {
  if (!filter || /^at(Exact)?Scope\(\)$/i.test(filter)) {
    if (!filter || !/exact/i.test(filter)) return () => true;
    return ({ id }) => id.toLowerCase().startsWith(`${scope}/providers/Microsoft.Authorization/`.toLowerCase()) && scope !== '';
  }
  const [, type] = /^policyType\s+eq\s+'([^']*)'$/i.exec(filter) ?? [];
  if (type !== undefined) return ({ properties }) => properties.policyType.toLowerCase() === type.toLowerCase();
  const [, category] = /^category\s+eq\s+'([^']*)'$/i.exec(filter) ?? [];
  if (category !== undefined) return ({ properties }) => String(properties.metadata['category']).toLowerCase() === category.toLowerCase();
  throw new ArmError(400, 'InvalidFilterInQueryString', `The filter '${filter}' specified in the query string is invalid.`);
}
