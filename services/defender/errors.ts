import type { Unread } from '../../core/evidence.ts';
import { unread } from '../../core/evidence.ts';
import type { Instant } from '../../core/instant.ts';
import type { Trouble, TroubleKind } from '../azure/trouble.ts';
import { troubleOf } from '../azure/trouble.ts';
import type { TroubleWords } from '../azure/trouble-words.ts';
import { consentWords, said, signInWords, waitWords } from '../azure/trouble-words.ts';
import { apis } from './apis.ts';
import { quotaOf } from './quota.ts';
import type { Reading } from './readings.ts';

type Row = (reading: Reading, trouble: Trouble, error: unknown) => TroubleWords;

const AGAIN = 'Ask again in a minute; if it stays, check the network path to';

const table: Readonly<Record<TroubleKind, Row>> = {
  'sign-in': ({ api }, trouble) =>
    trouble.code === NO_SUCH_API ? notInTenant(apis[api].listedAs, trouble) : signInWords('reader', trouble),
  'sign-in-unreachable': (_reading, trouble) => signInWords('reader', trouble),
  unauthorised: ({ api, what }, trouble) => ({
    reason: `${apis[api].words} did not accept the reader identity for ${what}${said(trouble)}`,
    fix: 'Check that READER_TENANT_ID is the tenant that Defender for Endpoint protects.',
  }),
  forbidden: ({ api, what, permission }, trouble) => ({
    reason: `the reader identity may not read ${what}${said(trouble)}`,
    fix: consentWords('reader', permission, apis[api].listedAs),
  }),
  missing: ({ api, what }, trouble) => ({
    reason: `${apis[api].words} does not know ${what}${said(trouble)}`,
    fix: 'Check that this tenant has Defender for Endpoint and Intune, and DEFENDER_API_HOST if it is set.',
  }),
  full: rejected,
  rejected,
  throttled: ({ what }, trouble, error) => {
    const quota = quotaOf(error);
    const wait = trouble.retryAfterSeconds === null && quota === 'processing' ? '15 minutes' : waitWords(trouble);
    const met = {
      calls: 'its number of calls is used up',
      processing: 'its processing time is used up',
      untold: 'it said no more for now',
    };
    return { reason: `the tenant’s allowance for ${what} was met: ${met[quota]}${said(trouble)}`, fix: `Ask again in ${wait}.` };
  },
  server: ({ api, what }, trouble) => ({
    reason: `${apis[api].words} failed on ${what}${said(trouble)}`,
    fix: 'Ask again in a few minutes; if it stays, look at Service health in the Microsoft 365 admin centre.',
  }),
  timeout: ({ api, what }) => ({ reason: `${apis[api].words} did not answer in time about ${what}`, fix: `${AGAIN} it.` }),
  network: ({ api, what }, trouble) => ({
    reason: `the connection to ${apis[api].words} broke while reading ${what}${said(trouble)}`,
    fix: `${AGAIN} it.`,
  }),
  'off-origin': ({ what }, { detail }) => ({
    reason: `an answer about ${what} was not followed: ${detail}`,
    fix: 'Nothing was sent there. Have somebody look at what stands between this host and Microsoft.',
  }),
  incomplete: ({ what }, { detail }) => ({ reason: `${detail}, so ${what} may lack something`, fix: 'Ask again in a minute.' }),
  malformed: ({ api, what }) => ({
    reason: `the answer of ${apis[api].words} about ${what} did not have the expected shape`,
    fix: 'Ask again; if it stays, a newer Greenlight may be needed for this version of it.',
  }),
};

/** Entra: the tenant has no such API, because nobody has set the product up in it. */
const NO_SUCH_API = 'AADSTS500011';

/** One sentence on what happened, without its full stop, and one on what mends it. */
export function explainReading(error: unknown, reading: Reading): TroubleWords {
  const trouble = troubleOf(error);
  return table[trouble.kind](reading, trouble, error);
}

/** What a failed reading leaves as evidence. */
export function unreadReading(error: unknown, reading: Reading, source: string, since: Instant): Unread {
  const { reason, fix } = explainReading(error, reading);
  return unread(reason, fix, source, since);
}

function rejected({ api, what }: Reading, trouble: Trouble): TroubleWords {
  return {
    reason: `${apis[api].words} rejected the request for ${what}${said(trouble)}`,
    fix: 'Look up the code in the log; the request itself may need a newer Greenlight.',
  };
}

function notInTenant(listedAs: string, trouble: Trouble): TroubleWords {
  return {
    reason: `the tenant of the reader identity does not know the API ${listedAs}${said(trouble)}`,
    fix: 'Check READER_TENANT_ID; if it is right, open the Defender portal once, so that Defender for Endpoint is set up in this tenant.',
  };
}
