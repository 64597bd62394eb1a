import type { Answer, StartedOutside } from '../started-outside.ts';

export const SCOPES = {
  graph: 'https://graph.microsoft.com/.default',
  defender: 'https://api.securitycenter.microsoft.com/.default',
};

export type Client = (method: string, path: string, body?: unknown, identity?: 'reader' | 'writer' | 'bot') => Promise<Answer>;

/** A bare client of Graph or the Defender API, as the reader unless told otherwise. */
export function signedIn(outside: StartedOutside, api: keyof typeof SCOPES): Client {
  return async (method, path, body, identity = 'reader') =>
    outside.arm(method, path, { token: await outside.token(identity, SCOPES[api]), ...(body === undefined ? {} : { body }) });
}

export async function pass(outside: StartedOutside, minutes: number): Promise<void> {
  await outside.door('POST', '/_clock', { advanceSeconds: minutes * 60 });
}

/** An onboarded machine of the sample, to be added to an estate. */
export function addedMachine(name: string, guest: object = {}): Record<string, unknown> {
  return {
    name,
    kind: 'vm',
    subscriptionId: '7a2d3b51-1e4f-4c8b-8d62-309f8e21b002',
    resourceGroup: 'rg-test',
    os: { type: 'windows', name: 'Windows Server 2022 Datacenter', version: '10.0.20348' },
    guest: { osBuild: '20348.2762', onboarded: true, passiveKey: 1, defender: { tamperProtected: true }, ...guest },
  };
}
