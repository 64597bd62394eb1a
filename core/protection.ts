import type { EngineSighting, ProtectionEvidence } from './engine-sightings.ts';
import { DEFENDER, defenderWay, defenderWords, engineSightings, isActive, isFresh, modeSeenAt } from './engine-sightings.ts';
import type { Read } from './evidence.ts';
import type { GuestFacts } from './facts/guest.ts';
import { guestPartWords, uncheckedOf } from './facts/guest.ts';
import type { Instant } from './instant.ts';

/** Which engines are active on a machine. `none`: no active one was detected, which is not the same as there being none. */
export type ProtectionState = 'none' | 'third-party' | 'defender' | 'both' | 'unknown';
export type KnownProtection = Exclude<ProtectionState, 'unknown'>;

/** A machine's protection state as far as it is known, with all that was said of it. */
export interface Protection {
  readonly state: ProtectionState;
  /** Stable, for grouping: `seen` for a known state, otherwise why it is unknown. */
  readonly code: 'seen' | 'unread' | 'stale' | 'made-anew' | 'disagree' | 'unclear' | 'unchecked';
  /** One sentence for people, without a full stop. */
  readonly because: string;
  /** What would make it known; empty when it is. */
  readonly fix: string;
  /** When a known state was seen; null for an unknown one. */
  readonly seenAt: Instant | null;
  /** What each source says, the deciding one first; also where the state is unknown. */
  readonly engines: readonly EngineSighting[];
}

const PROBE_AGAIN = 'Request the probe again.';

/**
 * Works out a machine's protection state at `now`. Only the probe of the machine sees every engine, so it alone decides, while it is read
 * and fresh and looked into this very machine (`vmId`, as the inventory has it). Defender hunting may contradict it: what it saw at the same
 * time or later, on a device that is surely this machine, and then the state is unknown. An older sighting is the past. The agentless scan
 * and the extension are shown, and decide nothing: what is on a disk need not be running.
 */
export function protectionOf(evidence: ProtectionEvidence, vmId: string | null, now: Instant): Protection {
  const engines = engineSightings(evidence, now);
  const unknown = (code: Protection['code'], because: string, fix: string): Protection => {
    return { state: 'unknown', code, because, fix, seenAt: null, engines };
  };
  const { guest } = evidence;
  if (guest.state === 'unread') return unknown('unread', guest.reason, guest.fix);
  if (guest.value.vmId !== (vmId ?? '')) {
    const others = engines.filter(({ kind }) => kind !== 'guest');
    return { ...unknown('made-anew', 'the machine was made anew since it was probed', PROBE_AGAIN), engines: others };
  }
  if (!isFresh('guest', guest.observedAt, now)) return unknown('stale', 'the probe of the machine is too old to rely on', PROBE_AGAIN);
  const way = defenderWay(guest.value);
  const active = isActive(way);
  if (active === null) {
    return unknown('unclear', `${DEFENDER} does not say in which mode it runs`, 'Update its platform, then request the probe again.');
  }
  const against = contradiction(evidence, guest, active, now);
  if (against !== null) return unknown('disagree', `the probe saw ${DEFENDER} ${defenderWords[way]}, and ${against}`, PROBE_AGAIN);
  const running = guest.value.thirdParty.filter((product) => product.running).map(({ vendor }) => vendor);
  const [part] = uncheckedOf(guest.value, 'services');
  // One that was seen running runs; that none was says nothing where nobody could look.
  if (running.length === 0 && part !== undefined)
    return unknown('unchecked', `the probe could not check ${guestPartWords[part]}, so another product may be running`, PROBE_AGAIN);
  const state = stateOf(active, running.length > 0);
  const because = sayings[state](running.join(' and '), defenderWords[way]);
  return { state, code: 'seen', because, fix: '', seenAt: guest.observedAt, engines };
}

function stateOf(defender: boolean, thirdParty: boolean): KnownProtection {
  if (defender) return thirdParty ? 'both' : 'defender';
  return thirdParty ? 'third-party' : 'none';
}

const sayings: Readonly<Record<KnownProtection, (products: string, defender: string) => string>> = {
  none: (_products, defender) =>
    `no active engine was detected (${DEFENDER} is ${defender}); a product the probe does not know cannot be excluded`,
  'third-party': (products, defender) => `${products} is running, and ${DEFENDER} is ${defender}`,
  defender: () => `${DEFENDER} is active, and no other product was detected running`,
  both: (products) => `${DEFENDER} is active beside ${products}`,
};

/** What hunting says against the probe, in words; null when it says nothing against it that counts. A device found by its name alone may be another machine. */
function contradiction({ device }: ProtectionEvidence, guest: Read<GuestFacts>, active: boolean, now: Instant): string | null {
  if (device.state === 'unread' || !device.value.found || device.value.joinedBy === 'name') return null;
  const seenAt = modeSeenAt(device.value, device.observedAt);
  if (seenAt === null || seenAt < guest.observedAt || !isFresh('device', seenAt, now)) return null;
  const says = device.value.antivirusMode === 'active';
  return says === active ? null : `Defender hunting saw it ${says ? 'active' : 'not active'} at that time or later`;
}
