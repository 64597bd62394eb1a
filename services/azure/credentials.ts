import type { TokenCredential } from '@azure/identity';
import { ClientSecretCredential, ManagedIdentityCredential } from '@azure/identity';
import type { Log } from '../../core/ports.ts';
import type { IdentitySettings } from '../settings.ts';
import type { Patience } from './patience.ts';
import { directPolicy } from './policies/direct.ts';
import { originPolicy } from './policies/origin.ts';
import { readRetryPolicy } from './policies/read-retry.ts';
import { requestLogPolicy } from './policies/request-log.ts';

/** Entra's public address. */
const AUTHORITY = 'https://login.microsoftonline.com';

export interface CredentialOptions {
  readonly identity: 'reader' | 'writer';
  readonly settings: IdentitySettings;
  /** A rehearsal's pretend Entra; the real one when null. */
  readonly authority: string | null;
  /** PEM to trust beside nothing else; the host's own list when null. */
  readonly tls: { readonly ca: string } | null;
  readonly patience: Patience;
  readonly log: Log;
}

/**
 * The credential of one identity: its client secret, or the host's managed identity with that client id. Never a chain of
 * credentials: that could end up as whoever is signed in on the host, the same for both identities.
 */
export function credentialFor(options: CredentialOptions): TokenCredential {
  const { settings, authority, identity, tls, patience, log } = options;
  if (settings.clientSecret === null) return new ManagedIdentityCredential({ clientId: settings.clientId });
  const here = authority !== null;
  const policies = [
    originPolicy([authority ?? AUTHORITY]),
    ...(here ? [directPolicy()] : []),
    readRetryPolicy(patience),
    requestLogPolicy(identity, log),
  ];
  return new ClientSecretCredential(settings.tenantId, settings.clientId, settings.clientSecret, {
    // Asking another host whether this authority is genuine only makes sense for the real one.
    ...(here && { authorityHost: authority, disableInstanceDiscovery: true }),
    ...(tls && { tlsOptions: tls }),
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    additionalPolicies: policies.map((policy) => ({ policy, position: 'perCall' as const })),
  });
}
