import type { Trouble } from './trouble.ts';

/** One sentence on what happened, without its full stop, and one on what mends it. */
export interface TroubleWords {
  readonly reason: string;
  readonly fix: string;
}

/** A sign-in that failed, or that Entra did not answer. */
export function signInWords(identity: 'reader' | 'writer', trouble: Trouble): TroubleWords {
  if (trouble.kind === 'sign-in-unreachable') {
    return {
      reason: `the ${identity} identity could not sign in, because Entra did not answer${said(trouble)}`,
      fix: 'Try again in a minute; if it stays, check the network path to login.microsoftonline.com, or the managed identity of the host.',
    };
  }
  return {
    reason: `the ${identity} identity could not sign in${said(trouble)}`,
    fix: `Check ${setting(identity, 'TENANT_ID')}, ${setting(identity, 'CLIENT_ID')} and ${setting(identity, 'CLIENT_SECRET')} (Entra admin centre > App registrations > Certificates & secrets).`,
  };
}

/** ` (403 AuthorizationFailed)`; empty when there is neither a status nor a code. */
export function said({ status, code }: Trouble): string {
  const words = [status === null ? '' : String(status), code].filter((part) => part !== '').join(' ');
  return words === '' ? '' : ` (${words})`;
}

/** The name of an identity's setting: `READER_TENANT_ID`. */
export function setting(identity: 'reader' | 'writer', name: string): string {
  return `${identity.toUpperCase()}_${name}`;
}

/** How an identity gets an application permission of an API that Entra lists under this name. */
export function consentWords(identity: 'reader' | 'writer', permission: string, listedAs: string): string {
  return `Give the ${identity} identity the application permission ${permission} of ${listedAs} and have a Privileged Role Administrator consent to it (Entra admin centre > App registrations > API permissions > Grant admin consent; for a managed identity, as an app role assignment); it counts with the next token, within an hour or two.`;
}

/** How long the other side asked to wait: `30 seconds`, `5 minutes`. */
export function waitWords({ retryAfterSeconds }: Trouble): string {
  if (retryAfterSeconds === null) return 'a minute';
  return retryAfterSeconds < 90 ? `${Math.max(1, Math.ceil(retryAfterSeconds))} seconds` : `${Math.ceil(retryAfterSeconds / 60)} minutes`;
}
