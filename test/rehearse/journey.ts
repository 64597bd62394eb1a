import type { AnyJson } from '../e2e/support/rehearsal.ts';

/** Something people ask for on the way, and what they call the part of it that it belongs to. */
export interface Leg {
  readonly phase: 'prepare' | 'onboard' | 'cut-over';
  readonly what: string;
  /** What is typed in the channel, for a ring where it is for one; left out for what people do elsewhere. */
  readonly ask?: (ring: string) => string;
  /** What people do on the machines of a ring by other means than Greenlight. */
  readonly byHand?: keyof typeof BY_HAND;
  /** Hours that pass afterwards: what Azure and Defender take to show it; updates are assessed once a day. */
  readonly thenHours?: number;
}

/** Whom the group policy that keeps Defender off is taken from. */
export const BY_HAND = {
  /** The installer of Windows Server 2012 R2 and 2016 refuses while it is there; elsewhere Defender would come up beside the old product. */
  'for the installer': ({ os, guest }: AnyJson) => /2012 R2|2016/.test(os.name) && !guest.onboarded,
  'once onboarded': ({ guest }: AnyJson) => guest.onboarded,
} as const;

/** Before the first ring moves: what holds for all of them. */
export const FIRST: readonly Leg[] = [
  { phase: 'prepare', what: 'endpoint protection off', ask: () => 'turn endpoint protection off' },
  {
    phase: 'prepare',
    what: 'the old product leaves Defender alone',
    ask: () => 'attest third-party-excludes-defender because its console says so',
  },
  {
    phase: 'onboard',
    what: 'Defender leaves the old product alone',
    ask: () => 'attest defender-excludes-third-party because its policy is assigned',
  },
];

/** What each ring goes through, in order. A leg that has nothing to do is none. */
export const EACH_RING: readonly Leg[] = [
  { phase: 'prepare', what: 'probe', ask: (ring) => `probe ring ${ring}` },
  { phase: 'prepare', what: 'set passive mode', ask: (ring) => `set passive mode on ring ${ring}` },
  { phase: 'prepare', what: 'install updates', ask: (ring) => `install updates on ring ${ring}`, thenHours: 1 },
  { phase: 'prepare', what: 'restart', ask: (ring) => `restart machines in ring ${ring}` },
  { phase: 'prepare', what: 'probe', ask: (ring) => `probe ring ${ring}` },
  { phase: 'prepare', what: 'install the Defender feature', ask: (ring) => `install the defender feature on ring ${ring}` },
  { phase: 'prepare', what: 'DisableAntiSpyware taken away', byHand: 'for the installer' },
  { phase: 'prepare', what: 'probe', ask: (ring) => `probe ring ${ring}` },
  { phase: 'prepare', what: 'close the phase', ask: (ring) => `close phase 1 for ring ${ring}` },
  { phase: 'onboard', what: 'deploy the extension', ask: (ring) => `deploy the defender extension on ring ${ring}`, thenHours: 26 },
  { phase: 'onboard', what: 'DisableAntiSpyware taken away', byHand: 'once onboarded' },
  { phase: 'onboard', what: 'install updates', ask: (ring) => `install updates on ring ${ring}`, thenHours: 1 },
  { phase: 'onboard', what: 'restart', ask: (ring) => `restart machines in ring ${ring}` },
  { phase: 'onboard', what: 'probe', ask: (ring) => `probe ring ${ring}` },
  { phase: 'onboard', what: 'close the phase', ask: (ring) => `close phase 2 for ring ${ring}` },
  { phase: 'cut-over', what: 'remove the old product', ask: (ring) => `remove the old product on ring ${ring}` },
  { phase: 'cut-over', what: 'probe', ask: (ring) => `probe ring ${ring}` },
  { phase: 'cut-over', what: 'clear passive mode', ask: (ring) => `clear passive mode on ring ${ring}` },
  { phase: 'cut-over', what: 'close the phase', ask: (ring) => `close phase 3 for ring ${ring}` },
];
