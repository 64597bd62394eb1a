import type { Unread } from '../../core/evidence.ts';
import { unread } from '../../core/evidence.ts';
import type { Instant } from '../../core/instant.ts';
import type { Trouble, TroubleKind } from './trouble.ts';
import { troubleOf } from './trouble.ts';
import type { TroubleWords } from './trouble-words.ts';
import { consentWords, said, setting, signInWords, waitWords } from './trouble-words.ts';

/** What was being done, in words for the operator. */
export interface Doing {
  /** `the inventory`, `the Defender for Cloud settings`. */
  readonly what: string;
  /** `subscription corp-prod`, `3 subscriptions`. */
  readonly where: string;
  readonly identity: 'reader' | 'writer';
  /** The Azure role that allows it. */
  readonly role: string;
  /** The application permission of Microsoft Graph that allows it instead; left out for Azure Resource Manager. */
  readonly permission?: string;
}

type Row = (doing: Doing, trouble: Trouble) => TroubleWords;

/** What operators are told, one row a kind of trouble: what happened, and what to click or grant. */
const table: Readonly<Record<TroubleKind, Row>> = {
  'sign-in': ({ identity }, trouble) => signInWords(identity, trouble),
  'sign-in-unreachable': ({ identity }, trouble) => signInWords(identity, trouble),
  unauthorised: ({ what, where, identity }, trouble) => ({
    reason: `Azure did not accept the ${identity} identity for ${what} of ${where}${said(trouble)}`,
    fix: `Check that ${setting(identity, 'TENANT_ID')} is the tenant of ${where}.`,
  }),
  forbidden: ({ what, where, identity, role, permission }, trouble) => ({
    reason: `the ${identity} identity may not ${identity === 'reader' ? 'read' : 'change'} ${what} of ${where}${said(trouble)}`,
    fix: permission
      ? consentWords(identity, permission, 'Microsoft Graph')
      : `Grant the ${identity} identity the role ${role} on ${where} (Access control (IAM) > Add role assignment).`,
  }),
  missing: ({ what, where }, trouble) => ({
    reason: `Azure knows no ${what.replace(/^the /, '')} for ${where}${said(trouble)}`,
    fix: `Check that ${where} still exists and that the migration file names it correctly.`,
  }),
  full: ({ where }, trouble) => ({
    reason: `${where} holds as many run commands as Azure allows, which is 25${said(trouble)}`,
    fix: `Delete those on ${where} that nobody needs (az vm run-command list and delete; for Arc az connectedmachine run-command), and request the action anew.`,
  }),
  throttled: ({ what, where }, trouble) => ({
    reason: `Azure throttled the request for ${what} of ${where}${said(trouble)}`,
    fix: `Ask again in ${waitWords(trouble)}.`,
  }),
  server: ({ what, where }, trouble) => ({
    reason: `Azure failed on ${what} of ${where}${said(trouble)}`,
    fix: 'Ask again in a few minutes; if it stays, look at the Azure status page.',
  }),
  rejected: ({ what, where }, trouble) => ({
    reason: `Azure rejected the request for ${what} of ${where}${said(trouble)}`,
    fix: 'Look up the code in the log; the request itself may need a newer Greenlight.',
  }),
  timeout: ({ what, where }) => ({
    reason: `Azure did not answer in time about ${what} of ${where}`,
    fix: 'Ask again in a minute; if it stays, check the network path to management.azure.com.',
  }),
  network: ({ what, where }, trouble) => ({
    reason: `the connection to Azure broke while reading ${what} of ${where}${said(trouble)}`,
    fix: 'Ask again in a minute; if it stays, check the network path to management.azure.com.',
  }),
  'off-origin': ({ what, where }, { detail }) => ({
    reason: `Azure’s answer about ${what} of ${where} was not followed: ${detail}`,
    fix: 'Nothing was sent there. Have somebody look at what stands between this host and Azure.',
  }),
  incomplete: ({ what, where }, { detail }) => ({
    reason: `${detail}, so ${what} of ${where} may lack something`,
    fix: 'Ask again in a minute.',
  }),
  malformed: ({ what, where }) => ({
    reason: `Azure’s answer about ${what} of ${where} did not have the expected shape`,
    fix: 'Ask again; if it stays, a newer Greenlight may be needed for this version of Azure.',
  }),
};

/** One sentence on what happened, without its full stop, and one on what mends it. */
export function explain(error: unknown, doing: Doing): TroubleWords {
  return explainTrouble(troubleOf(error), doing);
}

export function explainTrouble(trouble: Trouble, doing: Doing): TroubleWords {
  return table[trouble.kind](doing, trouble);
}

/** What a failed read leaves as evidence. */
export function unreadBecause(error: unknown, doing: Doing, source: string, since: Instant): Unread {
  const { reason, fix } = explain(error, doing);
  return unread(reason, fix, source, since);
}
