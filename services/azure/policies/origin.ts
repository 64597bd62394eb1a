import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/** Thrown instead of sending a request to a host that is not on the list. */
export class OffOrigin extends Error {
  override readonly name = 'OffOrigin';
}

/**
 * Keeps every request on the given origins. The SDKs follow `nextLink`, `Azure-AsyncOperation` and `Location` wherever an answer
 * points and take the bearer token along; this is what stops them.
 */
export function originPolicy(allowed: readonly string[]): PipelinePolicy {
  const origins = new Set(allowed.map((url) => new URL(url).origin));
  return {
    name: 'greenlightOrigin',
    sendRequest(request, next) {
      const { origin, hostname, username, password } = new URL(request.url);
      if (!origins.has(origin) || username !== '' || password !== '') {
        return Promise.reject(new OffOrigin(`an answer pointed to ${hostname}, which is not on the list`));
      }
      return next(request);
    },
  };
}
