import type { SourceLine } from '../../../cards/sources.ts';
import type { EvidenceKind } from '../../../core/evidence.ts';
import { evidenceKinds } from '../../../core/evidence.ts';
import type { Finding } from '../../../core/finding.ts';
import { UNASSIGNED } from '../../../core/migration.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { AnyStep } from '../../../core/step.ts';
import { listLines } from './list-lines.ts';

/** The "as of" lines for the kinds an answer rests on. */
export function sourceLines(snapshot: Snapshot, kinds: readonly EvidenceKind[]): readonly SourceLine[] {
  const wanted = new Set<EvidenceKind>(['machine', ...kinds]);
  return (Object.keys(evidenceKinds) as EvidenceKind[])
    .filter((kind) => wanted.has(kind))
    .map((kind) => {
      const { words, from } = evidenceKinds[kind];
      if (from === 'run') return probeLine(snapshot, words);
      const status = snapshot.sources.find((source) => source.kind === kind);
      const failure = status?.failure ?? null;
      return {
        words,
        source: status?.source ?? 'not read yet',
        beingRead: status?.beingRead ?? false,
        readAt: status?.readAt ?? null,
        failure: failure && { reason: failure.reason, fix: failure.fix, since: failure.since },
      };
    });
}

function probeLine(snapshot: Snapshot, words: string): SourceLine {
  const times = Object.values(snapshot.evidence.guest ?? {}).flatMap((evidence) =>
    evidence.state === 'read' ? [evidence.observedAt] : [],
  );
  return { words, source: 'probe', readAt: times.length === 0 ? null : Math.min(...times), failure: null };
}

/** What the answer cannot see, in sentences. */
export function blindSpot(snapshot: Snapshot, rows: readonly AnyStep[], findings: readonly Finding[]): readonly string[] {
  const spots: string[] = [...listLines(snapshot)];
  const unknown = new Map<string, Set<string>>();
  for (const finding of findings) {
    if (finding.verdict !== 'unknown') continue;
    unknown.set(finding.because, (unknown.get(finding.because) ?? new Set()).add(finding.subjectId));
  }
  const machine = new Set(rows.filter(({ subject }) => subject === 'machine').map(({ id }) => id));
  for (const [because, subjects] of [...unknown].toSorted((a, b) => b[1].size - a[1].size).slice(0, 4)) {
    const isMachine = findings.some((finding) => finding.because === because && machine.has(finding.stepId));
    const noun = isMachine ? (subjects.size === 1 ? 'machine' : 'machines') : subjects.size === 1 ? 'subscription' : 'subscriptions';
    spots.push(`${subjects.size} ${noun} could not be judged: ${because}.`);
  }
  const known = new Set(snapshot.machines.map(({ id }) => id));
  const unlisted = Object.keys(snapshot.evidence.machine ?? {}).filter((id) => !known.has(id)).length;
  if (unlisted > 0)
    spots.push(`The inventory of ${unlisted} more ${unlisted === 1 ? 'machine' : 'machines'} could not be read; they are in no count.`);
  const strays = snapshot.machines.filter(({ ring }) => ring === UNASSIGNED).length;
  if (strays > 0) spots.push(`${strays} ${strays === 1 ? 'machine is' : 'machines are'} in no ring.`);
  return spots;
}
