import type { EvidenceKind } from './evidence.ts';
import { evidenceKinds } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { Instant } from './instant.ts';
import { isListed } from './listed.ts';
import type { Owners } from './migration.ts';
import { ownerValueOf } from './owners.ts';
import type { Ages, Judged, KeptFinding, Place, ReadAt } from './readiness.ts';
import { agesOf, asOfKept, older, readAtOf } from './readiness.ts';
import type { Snapshot, Subject } from './snapshot.ts';
import { evidenceFor, subjectsOf } from './snapshot.ts';
import type { AnyStep } from './step.ts';
import { judgeAll } from './step.ts';
import type { Surroundings } from './surroundings.ts';
import { surroundingsOf } from './surroundings.ts';

/**
 * Judges every subject of a snapshot by every step that is for its kind. `owners` tell under which tag a machine names its owner; `around` is what
 * checks may look at beside their own subjects, which may be more than the snapshot holds.
 */
export function evaluate(
  steps: readonly AnyStep[],
  snapshot: Snapshot,
  now: Instant,
  owners: Owners | null,
  around: Surroundings = surroundingsOf(snapshot, now),
): readonly Judged[] {
  const readAt = readAtOf(snapshot.sources);
  return (['organisation', 'subscription', 'machine'] as const).flatMap((kind) => {
    const subjects = subjectsOf(snapshot, kind);
    const rows = steps.filter((row) => row.subject === kind);
    if (subjects.length === 0) return [];
    const ages = agesOf(rows);
    const judged = rows.map((row) => ({ row, kinds: needed(row), findings: judgeAll(row, snapshot, now, around) }));
    return subjects.map((subject, index) => ({
      place: placeOf(subject, owners),
      findings: judged.map(({ row, kinds, findings }) => keep(row, kinds, findings[index] as Finding, subject, snapshot, now, readAt)),
      dueAt: dueAt(subject, ages, snapshot, now, readAt),
    }));
  });
}

function needed(row: AnyStep): readonly EvidenceKind[] {
  return row.subject === 'machine' ? [...new Set<EvidenceKind>(['machine', ...row.needs])] : row.needs;
}

function placeOf(subject: Subject, owners: Owners | null): Place {
  const { id, kind, name } = subject;
  if (kind !== 'machine')
    return { id, kind, name, ring: '', subscription: kind === 'subscription' ? id : '', resourceGroup: '', os: '', owner: '' };
  const { subscriptionId, resourceGroup, os, tags } = subject.facts;
  const owner = ownerValueOf(owners, tags) ?? '';
  return { id, kind, name, ring: subject.ring, subscription: subscriptionId.toLowerCase(), resourceGroup, os: os ?? '', owner };
}

/** What says all there is to say by the inventory alone. */
const BY_INVENTORY: ReadonlySet<string> = new Set(['other-kind', 'other-os', 'os-unread', 'unsupported', 'not-shown']);

function keep(
  row: AnyStep,
  kinds: readonly EvidenceKind[],
  { verdict, code, because, fix, asOf }: Finding,
  subject: Subject,
  snapshot: Snapshot,
  now: Instant,
  readAt: ReadAt,
): KeptFinding {
  const said = { stepId: row.id, phase: row.phase, verdict, code, because, fix };
  if (asOf === null) return { ...said, follows: NOTHING, own: null };
  const follows: EvidenceKind[] = [];
  let oldest: Instant | null = null;
  for (const kind of kinds) {
    const evidence = evidenceFor(snapshot, kind, subject.id);
    if (evidence.state === 'unread') {
      // What nobody ever looked for is unknown since nobody knows when.
      const never = asOf === snapshot.takenAt && !wasLookedFor(snapshot, kind, subject.id);
      return { ...said, follows: NOTHING, own: never ? null : asOf };
    }
    if (now - evidence.observedAt > Math.min(evidenceKinds[kind].maxAge, row.within?.[kind] ?? Number.POSITIVE_INFINITY))
      return { ...said, follows: NOTHING, own: asOf };
    // A server that only the list knows is as old as the older of the two readings it comes from.
    if (kind === 'machine' && isListed(subject.id)) follows.push('machine', 'server-list');
    else if (evidence.observedAt === readAt(kind)) follows.push(kind);
    else oldest = older(oldest, evidence.observedAt);
    if (kind === 'machine' && BY_INVENTORY.has(code)) break;
  }
  // Somebody's word has a time of its own, whatever the facts beside it.
  if (asOfKept({ follows, own: oldest }, readAt) !== asOf) return { ...said, follows: NOTHING, own: asOf };
  return { ...said, follows, own: oldest };
}

function wasLookedFor({ evidence, sources }: Snapshot, kind: EvidenceKind, subjectId: string): boolean {
  return evidence[kind]?.[subjectId] !== undefined || sources.some((source) => source.kind === kind && source.failure !== null);
}

const NOTHING: readonly EvidenceKind[] = [];

function dueAt(subject: Subject, ages: Ages, snapshot: Snapshot, now: Instant, readAt: ReadAt): Instant | null {
  let due: Instant | null = null;
  for (const [kind, limits] of ages) {
    const evidence = snapshot.evidence[kind]?.[subject.id];
    if (evidence?.state !== 'read' || evidence.observedAt === readAt(kind)) continue;
    for (const age of limits) {
      const passes = evidence.observedAt + age + 1;
      if (passes <= now) continue;
      due = older(due, passes);
      break;
    }
  }
  return due;
}
