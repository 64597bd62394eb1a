import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/** Takes a rehearsal's requests past the proxy of the environment: they never leave this machine. */
export function directPolicy(): PipelinePolicy {
  return {
    name: 'greenlightDirect',
    sendRequest(request, next) {
      delete request.agent;
      return next(request);
    },
  };
}
