import { protectionKinds } from '../../../core/engine-sightings.ts';
import type { CollectedKind, Evidence, EvidenceKind, EvidenceOf } from '../../../core/evidence.ts';
import { evidenceKinds } from '../../../core/evidence.ts';
import type { Instant } from '../../../core/instant.ts';
import { MINUTE } from '../../../core/instant.ts';
import type { Scope } from '../../../core/scope.ts';
import { machinesIn } from '../../../core/scope.ts';
import type { MachineSubject, Snapshot } from '../../../core/snapshot.ts';
import { evidenceFor, ORGANISATION } from '../../../core/snapshot.ts';
import type { Collecting } from '../collect-evidence.ts';
import type { Context } from '../context.ts';
import { kindsBehind } from '../kinds.ts';
import type { Overview } from '../readiness/overview.ts';
import { snapshotWith } from '../snapshot.ts';
import { ASKED } from './freshness.ts';

/** What is older than this is read again for a question about one machine. Milliseconds. */
const OLD = MINUTE;

/**
 * What an answer about machines of a name rests on. One machine that is known already is read again alone, where that can be; what cannot be read
 * for it alone is as its schedule left it, unless there is none of it that counts. In any other case the whole fleet is read.
 */
export async function readForMachine(
  context: Context,
  { look, readiness }: Pick<Collecting, 'look' | 'readiness'>,
  scope: Scope,
): Promise<Overview> {
  const kinds = [...new Set([...kindsBehind(context.steps.filter(({ subject }) => subject === 'machine')), ...protectionKinds])];
  const overview = await readiness.overview();
  const [machine, ...others] = machinesIn(scope, overview);
  const alone = machine && others.length === 0 && machine.facts.kind !== 'listed' ? context.readMachine : undefined;
  if (!machine || !alone) return look(kinds, ASKED);
  const now = context.clock.now();
  const subjects = [machine.id, ORGANISATION];
  const known = await context.store.transact(async (tx) =>
    snapshotWith(context, await tx.evidence({ subjects, kinds }), overview, { machines: [machine], listing: null }, {}),
  );
  const old = kinds.filter((kind) => !isYoung(known, kind, machine, now, OLD));
  if (!old.some((kind) => Object.hasOwn(context.collectors, kind))) return overview;
  const found = await alone(machine.id);
  await keep(context, machine, found);
  const missing = old.filter((kind) => !Object.hasOwn(found, kind) && !isYoung(known, kind, machine, now, evidenceKinds[kind].maxAge));
  return look(missing, ASKED);
}

function isYoung(snapshot: Snapshot, kind: EvidenceKind, { id }: MachineSubject, now: Instant, age: number): boolean {
  const evidence: Evidence<EvidenceOf[EvidenceKind]> = evidenceFor(snapshot, kind, kind === 'server-list' ? ORGANISATION : id);
  return evidence.state === 'read' && now - evidence.observedAt <= age;
}

async function keep(context: Context, { id }: MachineSubject, found: { readonly [K in CollectedKind]?: Evidence<EvidenceOf[K]> }) {
  await context.store.transact(async (tx) => {
    for (const [kind, evidence] of Object.entries(found)) await tx.saveEvidence(kind as CollectedKind, id, evidence as never);
  });
}
