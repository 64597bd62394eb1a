import { ArmError } from './arm-error.ts';
import type { ArmRoute } from './arm-route.ts';

export interface Match {
  route: ArmRoute;
  params: Record<string, string>;
}

interface Pattern {
  route: ArmRoute;
  expression: RegExp;
  names: string[];
}

/** Finds the row for a request; throws what Azure answers for an address it does not know. */
export function createRouter(routes: ArmRoute[]): (method: string, path: string) => Match {
  const patterns = routes.map(compile);
  return (method, path) => {
    const hits = patterns.filter((pattern) => pattern.expression.test(path));
    if (hits.length === 0) throw new ArmError(404, 'NotFound', `No HTTP resource was found that matches the request URI '${path}'.`);
    const hit = hits.find((pattern) => pattern.route.method === method);
    if (!hit) throw new ArmError(405, 'MethodNotAllowed', `The requested resource does not support http method '${method}'.`);
    const values = hit.expression.exec(path)?.slice(1) ?? [];
    return { route: hit.route, params: Object.fromEntries(hit.names.map((name, index) => [name, decode(values[index] ?? '')])) };
  };
}

function compile(route: ArmRoute): Pattern {
  const names: string[] = [];
  const source = route.path.replace(/[.$()]/g, '\\$&').replace(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name);
    return '([^/]+)';
  });
  return { route, names, expression: new RegExp(`^${source}/?$`, 'i') };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ArmError(400, 'BadRequest', 'The request URI is not valid.');
  }
}

const DATE = /^\d{4}-\d{2}-\d{2}(-preview)?$/;

/** Throws what Azure answers when the api-version is missing, malformed or unknown to the resource type. */
export function requireVersion(route: ArmRoute, version: string | null): void {
  if (!version)
    throw new ArmError(400, 'MissingApiVersionParameter', 'The api-version query parameter (?api-version=) is required for all requests.');
  if (route.versions.includes(version)) return;
  const supported = route.versions.join(', ');
  const type = typeOf(route.path);
  if (!type || !DATE.test(version)) {
    throw new ArmError(
      400,
      'InvalidApiVersionParameter',
      `The api-version '${version}' is invalid. The supported versions are '${supported}'.`,
    );
  }
  throw new ArmError(
    400,
    'NoRegisteredProviderFound',
    `No registered resource provider found for location '' and API version '${version}' for type '${type}'. The supported api-versions are '${supported}'.`,
  );
}

/** The resource type an address is about: the names after the last provider, without the instances. */
function typeOf(path: string): string {
  const [, rest = ''] = /.*\/providers\/Microsoft\.[^/]+\/(.*)$/.exec(path) ?? [];
  return rest
    .split('/')
    .filter((part) => !part.startsWith('{'))
    .join('/');
}
