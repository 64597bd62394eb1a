import type { Finding, Tally } from './finding.ts';
import { tallySubjects } from './finding.ts';
import type { Instant } from './instant.ts';
import type { Refused } from './outcome.ts';
import { refused } from './outcome.ts';
import type { Snapshot, Subject } from './snapshot.ts';
import { attestedBy } from './step.ts';

/** What a phase is closed on for a ring: frozen in the plan, so that signers see it and nothing is added to it later. */
export interface Closing {
  /** Every machine of the ring, every subscription with one of them, and the organisation: by id, sorted. */
  readonly subjects: readonly string[];
  /** The steps that applied to at least one of them: by id, sorted. */
  readonly steps: readonly string[];
  /** The machines by the worst that any step says of each. */
  readonly machines: Tally;
  readonly waivers: readonly {
    readonly stepId: string;
    readonly subjectId: string;
    readonly name: string;
    readonly until: Instant;
    readonly plan: string;
  }[];
  readonly attestations: readonly { readonly id: string; readonly stepId: string; readonly by: string; readonly until: Instant }[];
}

/** Sums up what closes a phase: its findings for one ring, at `now`. `names` is what people call each subject. */
export function closingOf(findings: readonly Finding[], snapshot: Snapshot, names: ReadonlyMap<string, string>, now: Instant): Closing {
  const all: readonly Subject[] = [...snapshot.machines, ...snapshot.subscriptions, snapshot.organisation];
  const subjects = new Map(all.map((subject) => [subject.id, subject]));
  const applied = findings.filter(({ verdict }) => verdict !== 'not-applicable');
  const waived = new Set(findings.filter(({ verdict }) => verdict === 'waived').map(({ stepId, subjectId }) => `${stepId}\n${subjectId}`));
  const words = findings.flatMap((finding) => {
    const subject = subjects.get(finding.subjectId);
    return (subject && attestedBy(finding, subject, snapshot.attestations)) ?? [];
  });
  return {
    subjects: sorted(findings.map(({ subjectId }) => subjectId)),
    steps: sorted(applied.map(({ stepId }) => stepId)),
    machines: tallySubjects(findings.filter(({ subjectId }) => subjects.get(subjectId)?.kind === 'machine')),
    waivers: snapshot.waivers
      .filter(({ stepId, subjectId, until }) => now < until && waived.has(`${stepId}\n${subjectId}`))
      .map(({ stepId, subjectId, until, plan }) => ({ stepId, subjectId, name: names.get(subjectId) ?? subjectId, until, plan }))
      .toSorted((a, b) => a.until - b.until || compare(a.plan, b.plan)),
    attestations: [...new Map(words.map((word) => [word.id, word])).values()]
      .map(({ id, stepId, by, until }) => ({ id, stepId, by: by.name, until }))
      .toSorted((a, b) => a.until - b.until || compare(a.id, b.id)),
  };
}

/** Why what would close the phase now is not what was signed, or null. It may rest on less than was signed, never on more. */
export function beyondSigned(signed: Closing, found: Closing, names: ReadonlyMap<string, string>): Refused | null {
  const known = new Set([...signed.subjects, ...signed.waivers.map(({ plan }) => plan), ...signed.attestations.map(({ id }) => id)]);
  const joined = found.subjects.filter((id) => !known.has(id)).map((id) => names.get(id) ?? id);
  const waivers = found.waivers.filter(({ plan }) => !known.has(plan)).map(({ plan }) => `the waiver ${plan}`);
  const words = found.attestations.filter(({ id }) => !known.has(id)).map(({ stepId, by }) => `the word of ${by} for ${stepId}`);
  const more = [...joined, ...waivers, ...words];
  if (more.length === 0) return null;
  const shown = more.length > SHOWN ? `${more.slice(0, SHOWN).join(', ')} and ${more.length - SHOWN} more` : more.join(', ');
  return refused('beyond-signed', `It would rest on what was not there when it was asked for: ${shown}.`, 'Ask to close it anew.');
}

const SHOWN = 3;

function sorted(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].toSorted(compare);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
