import { armErrorBody } from './arm-error.ts';

export type ApiName = 'arm' | 'graph' | 'defender';

/** What an API says about a token it does not take. */
export interface TokenWords {
  missing: [code: string, message: string];
  invalid: [code: string, message: string];
  expired: [code: string, message: string];
  audience: [code: string, message: string];
}

/** One of the web APIs behind the pretend Azure's address, told apart by how its paths begin. */
export interface Api {
  name: ApiName;
  /** Audiences a token for it may carry. */
  audiences: readonly string[];
  paths: RegExp;
  /** Whether every request has to name an api-version. */
  versioned: boolean;
  /** Whether an application permission is one of this API; null = it works with roles instead. */
  permission: ((name: string) => boolean) | null;
  /** 401: what it says. */
  token: TokenWords;
  /** 403: what it says when the token lacks the permission. */
  forbidden(permission: string, held: readonly string[], path: string): [code: string, message: string];
  errorBody(code: string, message: string, details?: unknown[], more?: ErrorContext): unknown;
}

export interface ErrorContext {
  /** Virtual ms. */
  now: number;
  requestId: string;
}

const isDefenderPermission = (name: string) => /^(Machine|Alert|Software|Vulnerability|AdvancedQuery)\./.test(name);

const missingRoles = (permission: string, held: readonly string[]): [string, string] => [
  'Forbidden',
  `Missing application roles. API required roles: ${permission}, application roles: ${held.join(', ')}.`,
];

const GRAPH_TOKEN: TokenWords = {
  missing: ['InvalidAuthenticationToken', 'Access token is empty.'],
  invalid: ['InvalidAuthenticationToken', 'Access token validation failure. Invalid signature.'],
  expired: ['InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.'],
  audience: ['InvalidAuthenticationToken', 'Access token validation failure. Invalid audience.'],
};
const DEFENDER_TOKEN: TokenWords = {
  missing: ['Unauthorized', 'Authorization header is missing.'],
  invalid: ['Unauthorized', 'The access token is not valid.'],
  expired: ['Unauthorized', 'The access token has expired.'],
  audience: ['Unauthorized', 'The access token was issued for another audience.'],
};
const ARM_TOKEN: TokenWords = {
  missing: ['AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing."],
  invalid: ['InvalidAuthenticationToken', 'The access token is invalid.'],
  expired: ['ExpiredAuthenticationToken', 'The access token has expired.'],
  audience: ['InvalidAuthenticationTokenAudience', 'The access token has been obtained for wrong audience or resource.'],
};

/** The first whose paths fit answers; Resource Manager takes the rest. */
export const APIS: readonly Api[] = [
  {
    name: 'graph',
    audiences: ['https://graph.microsoft.com', '00000003-0000-0000-c000-000000000000'],
    paths: /^\/(v1\.0|beta)\//i,
    versioned: false,
    permission: (name) => !isDefenderPermission(name),
    token: GRAPH_TOKEN,
    forbidden: (permission, held, path) =>
      /^\/[^/]+\/(groups|devices|users)\b/i.test(path)
        ? ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.']
        : missingRoles(permission, held),
    errorBody: graphErrorBody,
  },
  {
    name: 'defender',
    audiences: ['https://api.securitycenter.microsoft.com', 'https://api.security.microsoft.com'],
    paths: /^\/api\//i,
    versioned: false,
    permission: isDefenderPermission,
    token: DEFENDER_TOKEN,
    forbidden: missingRoles,
    errorBody: (code, message) => ({ error: { code, message, target: '' } }),
  },
  {
    name: 'arm',
    audiences: ['https://management.azure.com', 'https://management.core.windows.net'],
    paths: /^\//,
    versioned: true,
    permission: null,
    token: ARM_TOKEN,
    forbidden: missingRoles,
    errorBody: armErrorBody,
  },
];

export function apiOf(path: string): Api {
  return APIS.find((api) => api.paths.test(path)) ?? APIS.at(-1)!;
}

/** Whether a token's permissions cover the one asked for: who may write may read. */
export function holds(held: readonly string[], permission: string): boolean {
  return held.includes(permission) || held.includes(permission.replace('.Read.', '.ReadWrite.'));
}

function graphErrorBody(code: string, message: string, _details: unknown[] = [], more?: ErrorContext): unknown {
  const id = more?.requestId ?? '';
  const date = more ? new Date(more.now).toISOString().slice(0, 19) : '';
  return { error: { code, message, innerError: { date, 'request-id': id, 'client-request-id': id } } };
}
