import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { Log } from '../../../core/ports.ts';

/** One line per request: who asked what and how it ended. No body, no query, no header. */
export function requestLogPolicy(identity: string, log: Log): PipelinePolicy {
  return {
    name: 'greenlightRequestLog',
    async sendRequest(request, next) {
      const begun = performance.now();
      const about = { identity, method: request.method, path: new URL(request.url).pathname };
      const took = () => Math.round(performance.now() - begun);
      try {
        const response = await next(request);
        log.debug('asked Azure', { ...about, status: response.status, ms: took() });
        return response;
      } catch (error) {
        log.debug('asked Azure', { ...about, failed: error instanceof Error ? error.name : 'unknown', ms: took() });
        throw error;
      }
    },
  };
}
