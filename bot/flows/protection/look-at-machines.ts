import { mayLeaveOpen } from '../../../core/allowance.ts';
import type { ProtectionEvidence } from '../../../core/engine-sightings.ts';
import { defenderWay, protectionKinds } from '../../../core/engine-sightings.ts';
import type { Read } from '../../../core/evidence.ts';
import { evidenceKinds, unread } from '../../../core/evidence.ts';
import type { GuestFacts } from '../../../core/facts/guest.ts';
import type { GapRecord, GapSeen, MachineTrack } from '../../../core/gap-record.ts';
import type { Instant } from '../../../core/instant.ts';
import type { Tx } from '../../../core/ports.ts';
import { protectionOf } from '../../../core/protection.ts';
import type { Observed } from '../../../core/protection-gap.ts';
import { observe } from '../../../core/protection-gap.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { topicOf } from './gap-causes.ts';

/** Who took the looks, and when they were in hand. */
export interface Looked {
  /** The hash of the plan whose run took them; null for evidence that lay there. */
  readonly run: string | null;
  readonly at: Instant;
}

/**
 * Takes the newest probe of each of these machines into account, in the transaction that saved it: what is remembered of the machine, the gaps
 * it opens or ends, and their entries in the ledger. A probe that was looked at before changes nothing.
 */
export async function lookAtMachines(tx: Tx, machineIds: readonly string[], looked: Looked): Promise<void> {
  const { evidence } = await tx.evidence({ subjects: machineIds, kinds: ['machine', ...protectionKinds] });
  const tracks = new Map((await tx.tracks(machineIds)).map((track) => [track.machineId, track]));
  const looks = machineIds.flatMap((machineId) => {
    const guest = evidence.guest?.[machineId];
    if (guest?.state !== 'read') return [];
    const before = tracks.get(machineId) ?? null;
    const observed = observe(before, lookOf(evidence, machineId, guest, looked));
    return observed.track === before ? [] : [{ machineId, guest, before, observed }];
  });
  const saved = new Set(await tx.saveTracks(looks.map(({ machineId, observed }) => ({ ...observed.track, machineId, open: [] }))));
  for (const look of looks) if (saved.has(look.machineId)) await recordGaps(tx, look, looked);
}

/** Known as it was when the probe was in hand. When it was sent is the earliest it can have been true. */
function lookOf(evidence: Snapshot['evidence'], machineId: string, guest: Read<GuestFacts>, { run, at }: Looked) {
  const machine = evidence.machine?.[machineId];
  const vmId = machine?.state === 'read' ? machine.value.vmId : guest.value.vmId;
  const { state } = protectionOf(protectionEvidence(evidence, machineId), vmId, at);
  return { state, vmId: guest.value.vmId, from: guest.observedAt, until: run === null ? guest.observedAt : at };
}

/** The evidence about one machine's engines; what nobody has looked at is unread. */
export function protectionEvidence(evidence: Snapshot['evidence'], machineId: string): ProtectionEvidence {
  const found = protectionKinds.map((kind) => {
    const { words, from } = evidenceKinds[kind];
    const fix = from === 'run' ? 'Request the probe for its ring and have it signed.' : 'Ask again in a minute.';
    return [kind, evidence[kind]?.[machineId] ?? unread(`the ${words} has not been read yet`, fix, kind, 0)] as const;
  });
  return Object.fromEntries(found) as unknown as ProtectionEvidence;
}

interface MachineLook {
  readonly machineId: string;
  readonly guest: Read<GuestFacts>;
  readonly before: MachineTrack | null;
  readonly observed: Observed;
}

async function recordGaps(tx: Tx, look: MachineLook, looked: Looked): Promise<void> {
  for (const { change, gap } of look.observed.gaps) {
    if (change === 'opened') await openGap(tx, look, gap, looked);
    else {
      const known = look.before?.open.find(({ condition }) => condition === gap.condition);
      if (known) await changeGap(tx, { ...known, ...gap }, looked.at);
    }
  }
}

async function openGap(
  tx: Tx,
  { machineId, guest }: MachineLook,
  times: Observed['gaps'][number]['gap'],
  { run, at }: Looked,
): Promise<void> {
  const cause = run === null ? null : await causing(tx, run, machineId);
  const found = { ...times, machineId, vmId: guest.value.vmId, seen: seenOf(guest.value), source: guest.source };
  const gap: GapRecord = { ...found, run, caused: cause !== null, topic: topicOf({ ...found, run }, cause), post: null };
  await tx.saveGap(gap);
  await enter(tx, gap, 'opened', at, {
    defender: gap.seen.defender,
    products: gap.seen.products.map(({ vendor, running }) => `${vendor} ${running ? 'running' : 'not running'}`),
    source: gap.source,
    ...(cause === null ? {} : { plan: cause }),
  });
}

/** Saves a gap that was seen again, or that has ended; its end is entered in the ledger. */
export async function changeGap(tx: Tx, gap: GapRecord, at: Instant): Promise<void> {
  await tx.saveGap(gap);
  const { ended, lastBad, firstGood } = gap;
  if (ended !== null) await enter(tx, gap, 'ended', at, { lastBad, firstGood, ended });
}

function enter(tx: Tx, gap: GapRecord, event: 'opened' | 'ended', at: Instant, more: Parameters<Tx['appendLedger']>[0]['data']) {
  const { machineId, condition, lastGood, firstBad } = gap;
  return tx.appendLedger({ at, kind: 'gap', actor: null, subject: machineId, data: { event, condition, lastGood, firstBad, ...more } });
}

/** The name of the plan that is changing the machine in a way that may leave it so; null when none is. */
async function causing(tx: Tx, hash: string, machineId: string): Promise<string | null> {
  const run = (await tx.run(hash))?.run;
  const plan = run && (await tx.plan(hash))?.plan;
  return plan && mayLeaveOpen(plan, run, machineId) ? plan.id : null;
}

function seenOf(guest: GuestFacts): GapSeen {
  const { platform, onboarded, passiveKey, passiveManaged, thirdParty } = guest;
  const products = thirdParty.map(({ vendor, running }) => ({ vendor, running }));
  return { platform, onboarded, passiveKey, passiveManaged, defender: defenderWay(guest), products };
}
