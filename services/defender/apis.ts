/** Hosts of the Defender for Endpoint API: the general one, and those nearer to a tenant's data. Source: “List machines API”, learn.microsoft.com. */
export const defenderHosts = [
  'api.security.microsoft.com',
  'us.api.security.microsoft.com',
  'eu.api.security.microsoft.com',
  'uk.api.security.microsoft.com',
  'au.api.security.microsoft.com',
  'swa.api.security.microsoft.com',
  'ina.api.security.microsoft.com',
  'aea.api.security.microsoft.com',
] as const;

export type DefenderHost = (typeof defenderHosts)[number];

export const GRAPH_HOST = 'graph.microsoft.com';

/** One of the APIs that Defender's evidence comes from. */
export interface Api {
  /** In a sentence. */
  readonly words: string;
  /** What its tokens are for. */
  readonly scope: string;
  /** Its name in Entra's list of APIs, where permissions are granted. */
  readonly listedAs: string;
}

export const apis = {
  graph: { words: 'Microsoft Graph', scope: 'https://graph.microsoft.com/.default', listedAs: 'Microsoft Graph' },
  defender: {
    words: 'the Defender for Endpoint API',
    // UNVERIFIED: Microsoft's pages name this resource for the older host, and tokens for it are taken by the newer ones.
    scope: 'https://api.securitycenter.microsoft.com/.default',
    listedAs: 'WindowsDefenderATP',
  },
} as const satisfies Record<string, Api>;

export type ApiName = keyof typeof apis;
