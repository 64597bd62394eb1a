import { armErrorBody } from './arm-error.ts';

export type ApiName = 'arm' | 'graph' | 'defender';

/** One of the web APIs behind the pretend Azure's address, told apart by how its paths begin. */
export interface Api {
  name: ApiName;
  /** Audiences a token for it may carry, beside the pretend Azure's own address. */
  audiences: readonly string[];
  paths: RegExp;
  /** Whether every request has to name an api-version. */
  versioned: boolean;
  errorBody(code: string, message: string, details?: unknown[]): unknown;
}

/** The first whose paths fit answers; Resource Manager takes the rest. */
export const APIS: readonly Api[] = [
  {
    name: 'graph',
    audiences: ['https://graph.microsoft.com', '00000003-0000-0000-c000-000000000000'],
    paths: /^\/(v1\.0|beta)\//i,
    versioned: false,
    errorBody: graphErrorBody,
  },
  {
    name: 'defender',
    audiences: ['https://api.securitycenter.microsoft.com', 'https://api.security.microsoft.com'],
    paths: /^\/api\//i,
    versioned: false,
    errorBody: (code, message) => ({ error: { code, message, target: '' } }),
  },
  {
    name: 'arm',
    audiences: ['https://management.azure.com', 'https://management.core.windows.net'],
    paths: /^\//,
    versioned: true,
    errorBody: armErrorBody,
  },
];

export function apiOf(path: string): Api {
  return APIS.find((api) => api.paths.test(path)) ?? APIS.at(-1)!;
}

function graphErrorBody(code: string, message: string): unknown {
  return { error: { code, message, innerError: { date: '', 'request-id': '', 'client-request-id': '' } } };
}
