import type { RemovalScript } from '../../../core/action-options.ts';
import type { EvidenceKind, EvidenceOf } from '../../../core/evidence.ts';
import { sha256 } from '../../../core/hash.ts';
import type { MachineFacts } from '../../../core/machine.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { actionOptions, antivirus, deviceFacts, guestFacts, managementFacts, NOW, snapshotOf, updateFacts } from '../../support/facts.ts';

/** The customer's own script for one product. */
export function removalScript(vendor: string, os: RemovalScript['os'], over: Partial<RemovalScript> = {}): RemovalScript {
  const text = `# takes ${vendor} off a ${os} server\n`;
  const exits = { 3010: { done: true, words: 'done' } };
  const script = { id: `remove-${vendor.toLowerCase()}-${os}`, text, sha256: sha256(text), exits };
  return { vendor, os, script, secrets: {}, minutes: 10, ...over };
}

/** An onboarded machine that its old product protects, with a passive Defender that is up to date. */
export function protectedGuest(over: Partial<EvidenceOf['guest']> = {}): EvidenceOf['guest'] {
  return guestFacts({
    onboarded: true,
    sensor: 'running',
    passiveKey: 1,
    defender: antivirus({ mode: 'Passive Mode', realTimeProtection: false }),
    thirdParty: [{ vendor: 'CrowdStrike', running: true, traces: ['service', 'driver', 'program'] }],
    history: { productSeen: NOW, cleanSince: null, onboardedSince: NOW - 72 * 3_600_000 },
    ...over,
  });
}

type Over = Partial<{ [K in EvidenceKind]: EvidenceOf[K] }>;

/** Machines that are ready to lose their old product, and a migration file that names scripts for it. */
export function removalGround(
  machines: readonly MachineFacts[],
  over: Over = {},
  scripts: readonly RemovalScript[] = [removalScript('CrowdStrike', 'windows'), removalScript('CrowdStrike', 'linux')],
): Snapshot {
  const evidence = { guest: protectedGuest(), device: deviceFacts(), management: managementFacts(), updates: updateFacts() };
  const snapshot = snapshotOf(machines, { ...evidence, ...over });
  return { ...snapshot, options: actionOptions({ removeThirdParty: { scripts, unprotectedMinutes: 60 } }) };
}
