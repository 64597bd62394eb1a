import type { Evidence, EvidenceOf, Read } from './evidence.ts';
import { evidenceKinds } from './evidence.ts';
import type { DeviceFacts } from './facts/devices.ts';
import type { AntivirusFacts, GuestFacts } from './facts/guest.ts';
import type { Instant } from './instant.ts';

/** The kinds of evidence that tell of engines; the first one alone decides which of them are active. */
export const protectionKinds = ['guest', 'device', 'edr-assessment', 'defender-extension'] as const;
export type ProtectionKind = (typeof protectionKinds)[number];

/** What is known of one machine's engines, by source. */
export type ProtectionEvidence = { readonly [K in ProtectionKind]: Evidence<EvidenceOf[K]> };

/** What one source says of one engine. */
export interface EngineSighting {
  readonly engine: 'defender' | 'third-party';
  /** `Defender Antivirus`, or another vendor as the source calls it. */
  readonly product: string;
  /** Null where the source does not tell whether it is at work. */
  readonly active: boolean | null;
  /** How it is, in a word or two: `passive`. */
  readonly words: string;
  readonly kind: ProtectionKind;
  readonly source: string;
  /** When it was so. */
  readonly seenAt: Instant;
}

export const DEFENDER = 'Defender Antivirus';

/** How Defender Antivirus stands on a machine. Only `active` is an active engine; `unclear` tells neither way. */
export type DefenderWay = 'active' | 'passive' | 'no-real-time' | 'not-running' | 'not-installed' | 'silent' | 'unclear';

export const defenderWords: Readonly<Record<DefenderWay, string>> = {
  active: 'active',
  passive: 'passive',
  'no-real-time': 'on, without real-time protection',
  'not-running': 'not running',
  'not-installed': 'not installed',
  silent: 'not answering',
  unclear: 'on, in a mode it does not name',
};

// AMRunningMode as Get-MpComputerStatus words it, in lower case; an older platform has no such property.
const MODES: ReadonlyMap<string, DefenderWay> = new Map([
  ['normal', 'active'],
  ['passive', 'passive'],
  ['passive mode', 'passive'],
  ['sxs passive mode', 'passive'],
  ['edr block mode', 'passive'],
  ['not running', 'not-running'],
]);

/** Reads off the probe's facts how Defender Antivirus stands. Active is Normal, enabled and with real-time protection, and nothing less. */
export function defenderWay({ defender, feature, platform }: Pick<GuestFacts, 'defender' | 'feature' | 'platform'>): DefenderWay {
  if (defender === null) return feature === 'available' || feature === 'removed' ? 'not-installed' : 'silent';
  const mode = MODES.get(defender.mode.trim().toLowerCase()) ?? 'unclear';
  if (mode !== 'active' && mode !== 'unclear') return mode;
  return atWork(defender, platform) ? mode : 'no-real-time';
}

/** On Linux `antivirusEnabled` tells of the licence: whether mdatp is at work its real-time protection says alone. */
function atWork({ antivirusEnabled, realTimeProtection }: AntivirusFacts, platform: GuestFacts['platform']): boolean {
  return realTimeProtection && (platform === 'linux' || antivirusEnabled);
}

/** Is it an active engine? Null where that is not told. */
export function isActive(way: DefenderWay): boolean | null {
  return way === 'unclear' ? null : way === 'active';
}

/** Is a fact no older than its kind allows? `seenAt` is when it was true, which may be long before it was read. */
export function isFresh(kind: ProtectionKind, seenAt: Instant, now: Instant): boolean {
  return now - seenAt <= evidenceKinds[kind].maxAge;
}

type Readers = { readonly [K in ProtectionKind]: (fact: EvidenceOf[K], read: Pick<Read<unknown>, 'observedAt'>) => readonly Seen[] };
type Seen = Omit<EngineSighting, 'kind' | 'source' | 'seenAt'> & { readonly seenAt?: Instant };

const readers: Readers = {
  guest(guest) {
    const way = defenderWay(guest);
    return [
      { engine: 'defender', product: DEFENDER, active: isActive(way), words: defenderWords[way] },
      ...guest.thirdParty.map(({ vendor, running, traces }) => ({
        engine: 'third-party' as const,
        product: vendor,
        active: running,
        words: running ? 'running' : `not running${traces.length === 0 ? '' : `, its ${traces.join(' and ')} found`}`,
      })),
    ];
  },
  device(device, { observedAt }) {
    if (!device.found) return [];
    const seenAt = modeSeenAt(device, observedAt);
    const sensor = `sensor ${device.sensorHealth || 'not reported'}`;
    if (seenAt === null) return [{ engine: 'defender', product: DEFENDER, active: null, words: `mode not shown, ${sensor}` }];
    const active = device.antivirusMode === 'active';
    return [{ engine: 'defender', product: DEFENDER, active, words: `${deviceWords[device.antivirusMode!]}, ${sensor}`, seenAt }];
  },
  'edr-assessment'(scan) {
    if (!scan.assessed || scan.product === null) return [];
    const engine = /\bdefender\b/i.test(scan.product) ? 'defender' : 'third-party';
    // A scan of the disk: what it finds may be switched off.
    return [{ engine, product: scan.product, active: null, words: 'found on its disk; whether it runs is not shown' }];
  },
  'defender-extension'(extension) {
    if (!extension.present) return [];
    const words = `extension ${extension.type} ${extension.state}; says nothing of the antivirus`;
    return [{ engine: 'defender', product: DEFENDER, active: null, words }];
  },
};

const deviceWords: Readonly<Record<NonNullable<Extract<DeviceFacts, { found: true }>['antivirusMode']>, string>> = {
  active: 'active',
  passive: 'passive',
  disabled: 'not running',
  'edr-blocked': 'passive',
  'passive-audit': 'passive',
};

/** When hunting saw the mode it shows; null when it shows none, or not since when. */
export function modeSeenAt(device: Extract<DeviceFacts, { found: true }>, observedAt: Instant): Instant | null {
  if (device.antivirusMode === null || device.modeSeen === null) return null;
  return Math.min(device.modeSeen, observedAt);
}

/** What the sources say of a machine's engines, as far as they were read and are fresh; the deciding source first. */
export function engineSightings(evidence: ProtectionEvidence, now: Instant): readonly EngineSighting[] {
  return protectionKinds.flatMap((kind) => {
    const one = evidence[kind];
    if (one.state === 'unread') return [];
    const seen = (readers[kind] as (fact: unknown, read: Read<unknown>) => readonly Seen[])(one.value, one);
    const found = seen.map((sighting) => ({ seenAt: one.observedAt, ...sighting, kind, source: one.source }));
    return found.filter(({ seenAt }) => isFresh(kind, seenAt, now));
  });
}
