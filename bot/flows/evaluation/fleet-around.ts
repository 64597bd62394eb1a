import type { AroundKind } from '../../../core/around.ts';
import { abridge } from '../../../core/around.ts';
import type { Evidence, EvidenceOf } from '../../../core/evidence.ts';
import { freshOrUnread } from '../../../core/fresh.ts';
import type { Instant } from '../../../core/instant.ts';
import { PARTS } from '../../../core/part.ts';
import type { Tx } from '../../../core/ports.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { Surroundings } from '../../../core/surroundings.ts';
import type { Context } from '../context.ts';
import { snapshotWith } from '../snapshot.ts';
import type { Everyone } from './fleet.ts';

/** Parts of a fleet that are loaded in one go: of what is loaded little is kept. */
const PARTS_AT_ONCE = 8;

type Abridged = { [K in AroundKind]?: Record<string, Evidence<EvidenceOf[K]>> };

/** What checks may look at of every machine of the fleet, read part by part. `frame` knows what is said of servers that only the list knows. */
export async function readFleetAround(
  context: Context,
  tx: Tx,
  everyone: Everyone,
  frame: Snapshot,
  kinds: readonly AroundKind[],
  now: Instant,
): Promise<Surroundings> {
  const abridged: Abridged = {};
  const share = shared();
  for (let from = 0; kinds.length > 0 && from < PARTS; from += PARTS_AT_ONCE) {
    const known = await tx.evidence({ parts: { from, to: from + PARTS_AT_ONCE - 1 }, kinds, machines: 'left out' });
    const machines = Array.from({ length: PARTS_AT_ONCE }, (_, index) => everyone.inPart(from + index)).flat();
    const { evidence } = snapshotWith(context, known, frame, { ...everyone, machines }, {});
    for (const kind of kinds) {
      const about: Record<string, unknown> = abridged[kind] ?? {};
      for (const [id, found] of Object.entries((evidence[kind] ?? {}) as Readonly<Record<string, Evidence<never>>>))
        about[id] = share(abridgedEvidence(kind, found));
      abridged[kind] = about as never;
    }
  }
  const snapshot: Snapshot = { ...frame, evidence: { ...frame.evidence, ...abridged } };
  return { ...everyone.neighbours, about: (kind, subjectId) => freshOrUnread(snapshot, kind, subjectId, now) };
}

function abridgedEvidence(kind: AroundKind, evidence: Evidence<never>): Evidence<unknown> {
  return evidence.state === 'unread' ? evidence : { ...evidence, value: abridge[kind](evidence.value) };
}

/** Most machines have the same to tell. */
function shared(): (evidence: Evidence<unknown>) => Evidence<unknown> {
  const known = new Map<string, unknown>();
  const same = (key: unknown): unknown => {
    const text = JSON.stringify(key);
    const before = known.get(text);
    if (before !== undefined) return before;
    known.set(text, key);
    return key;
  };
  return (evidence) => {
    if (evidence.state === 'unread') return same(evidence) as Evidence<unknown>;
    return { ...evidence, source: same(evidence.source) as string, value: same(evidence.value) };
  };
}
