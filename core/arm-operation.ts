import type { Call } from './plan.ts';

const BY_METHOD: Readonly<Record<Exclude<Call['method'], 'POST'>, string>> = { PUT: 'write', PATCH: 'write', DELETE: 'delete' };

/**
 * The operation of Azure Resource Manager that a request needs a role for: `Microsoft.Compute/virtualMachines/runCommands/write` for a PUT of
 * a run command. It is made of the types behind the last `providers` of the path and what the method does to them; a POST ends in the name of
 * its action. Null for a path that names no resource of a provider.
 * Source: “Azure resource provider operations” and “Understand Azure role definitions” on learn.microsoft.com.
 */
export function operationOf({ method, path }: Pick<Call, 'method' | 'path'>): string | null {
  const { namespace, types } = resourceOf(path.split('/').slice(1));
  if (!namespace || types.length === 0) return null;
  return [namespace, ...types, method === 'POST' ? 'action' : BY_METHOD[method]].join('/');
}

/** Types and names take turns, so that a name that is `providers` is a name. */
function resourceOf(segments: readonly string[]): { readonly namespace: string | null; readonly types: readonly string[] } {
  let namespace: string | null = null;
  let types: string[] = [];
  for (let index = 0; index < segments.length; index += 2) {
    const word = segments[index] as string;
    if (word.toLowerCase() === 'providers') {
      namespace = segments[index + 1] ?? null;
      types = [];
    } else if (namespace !== null) types.push(word);
  }
  return { namespace, types };
}
