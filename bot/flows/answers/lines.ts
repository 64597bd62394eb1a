import type { SourceLine } from '../../../cards/sources.ts';
import type { EvidenceKind } from '../../../core/evidence.ts';
import { evidenceKinds } from '../../../core/evidence.ts';
import type { Instant } from '../../../core/instant.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { Overview } from '../readiness/overview.ts';
import type { Stand, UnknownReason } from '../readiness/stand.ts';
import { count } from '../words.ts';
import { listLines } from './list-lines.ts';

/** The "as of" lines for the kinds an answer rests on; `probedAt` is the oldest probe it rests on. */
export function sourceLines(
  { sources }: Pick<Snapshot, 'sources'>,
  kinds: readonly EvidenceKind[],
  probedAt: Instant | null,
): readonly SourceLine[] {
  const wanted = new Set<EvidenceKind>(['machine', ...kinds]);
  return (Object.keys(evidenceKinds) as EvidenceKind[])
    .filter((kind) => wanted.has(kind))
    .map((kind) => {
      const { words, from } = evidenceKinds[kind];
      if (from === 'run') return { words, source: 'probe', readAt: probedAt, failure: null };
      const status = sources.find((source) => source.kind === kind);
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

/** The oldest probe of a snapshot. */
export function probedAtIn({ evidence }: Snapshot): Instant | null {
  const read = Object.values(evidence.guest ?? {}).filter((guest) => guest.state === 'read');
  return read.reduce<Instant | null>((least, { observedAt }) => Math.min(least ?? observedAt, observedAt), null);
}

/** Reasons that a blind spot names. */
const MOST_REASONS = 4;

/** What an answer cannot see, in sentences. */
export function blindSpot(overview: Overview, { strays }: Stand, reasons: readonly UnknownReason[]): readonly string[] {
  const spots: string[] = [...listLines(overview)];
  for (const { because, subjects, kind } of reasons.slice(0, MOST_REASONS)) {
    const whom = kind === 'organisation' ? 'The migration as a whole' : count(subjects, kind);
    spots.push(`${whom} could not be judged: ${because}.`);
  }
  const { nameless } = overview;
  if (nameless > 0)
    spots.push(`The inventory of ${nameless} more ${nameless === 1 ? 'machine' : 'machines'} could not be read; they are in no count.`);
  if (strays > 0) spots.push(`${strays} ${strays === 1 ? 'machine is' : 'machines are'} in no ring.`);
  return spots;
}
