import fc from 'fast-check';
import { evaluate } from '../../core/evaluate.ts';
import type { Evidence, EvidenceKind, EvidenceOf } from '../../core/evidence.ts';
import { evidenceKinds, read, unread } from '../../core/evidence.ts';
import { HOUR, MINUTE } from '../../core/instant.ts';
import type { KeptFinding } from '../../core/readiness.ts';
import { agesOf, asOfKept, readAtOf, sourcesStand } from '../../core/readiness.ts';
import type { Snapshot, SourceStatus } from '../../core/snapshot.ts';
import { judgeAll, notReady, ready, step } from '../../core/step.ts';
import { machineFacts, NOW, snapshotOf } from '../support/facts.ts';

const rest = { title: '', why: '', link: '', owner: 'server owner' } as const;
const byInventory = step({
  ...rest,
  id: 'inventory',
  phase: 'prepare',
  subject: 'machine',
  needs: ['machine'],
  check: () => ready('there'),
});
const byBoth = step({
  ...rest,
  id: 'both',
  phase: 'prepare',
  subject: 'machine',
  needs: ['updates', 'maintenance'],
  within: { updates: HOUR },
  appliesTo: { os: ['linux'] },
  check: ({ maintenance }) => (maintenance.configurations.length === 0 ? notReady('none', 'there is none', 'make one') : ready('there')),
});
const steps = [byInventory, byBoth];
const machine = machineFacts({ os: 'linux' });
const values = { machine, updates: { assessed: false }, maintenance: { configurations: [] } } satisfies {
  [K in EvidenceKind]?: EvidenceOf[K];
};
type Kind = keyof typeof values;
const kinds = Object.keys(values) as readonly Kind[];

interface Stand {
  /** When the source was last read in full; null for never. */
  readonly readAt: number | null;
  /** Own time of the fact; null for that of its source, undefined for unread. */
  readonly own: number | null | undefined;
}

function snapshot(stands: Readonly<Record<Kind, Stand>>): Snapshot {
  const evidence = Object.fromEntries(
    kinds.flatMap((kind): readonly (readonly [Kind, Readonly<Record<string, Evidence<unknown>>>])[] => {
      const { readAt, own } = stands[kind];
      const at = own ?? readAt;
      if (own === undefined) return [[kind, { [machine.id]: unread('refused', 'grant', 'test', NOW - HOUR) }]];
      return at === null ? [] : [[kind, { [machine.id]: read(values[kind], 'test', at) }]];
    }),
  ) as unknown as Snapshot['evidence'];
  const sources: readonly SourceStatus[] = kinds.map((kind) => ({ kind, source: 'test', readAt: stands[kind].readAt, failure: null }));
  return { ...snapshotOf([machine]), subscriptions: [], evidence, sources };
}

const fresh = { readAt: NOW - MINUTE, own: null };
const found = (of: Snapshot, stepId: string, now = NOW) =>
  evaluate(steps, of, now, null)
    .find(({ place }) => place.id === machine.id)
    ?.findings.find((finding) => finding.stepId === stepId) as KeptFinding;

describe('what is kept of a finding', () => {
  it('moves on with the readings that confirm it, without being written anew', () => {
    const before = snapshot({ machine: fresh, updates: fresh, maintenance: fresh });
    const after = snapshot({ machine: { ...fresh, readAt: NOW }, updates: fresh, maintenance: { ...fresh, readAt: NOW } });
    const kept = found(before, 'both');
    expect(kept).toMatchObject({ verdict: 'not-ready', follows: ['machine', 'updates', 'maintenance'], own: null });
    expect(found(after, 'both')).toEqual(kept);
    expect(asOfKept(kept, readAtOf(after.sources))).toBe(NOW - MINUTE);
  });

  it('is never said to be newer than what it rests on', () => {
    const of = snapshot({ machine: fresh, updates: { readAt: null, own: NOW - 30 * MINUTE }, maintenance: fresh });
    const kept = found(of, 'both');
    expect(kept.own).toBe(NOW - 30 * MINUTE);
    const later = snapshot({ machine: { ...fresh, readAt: NOW }, updates: fresh, maintenance: { ...fresh, readAt: NOW } });
    expect(asOfKept(kept, readAtOf(later.sources))).toBe(NOW - 30 * MINUTE);
  });

  it('knows no moment since when something is unknown that nobody ever looked for', () => {
    const of = snapshot({ machine: fresh, updates: { readAt: null, own: null }, maintenance: fresh });
    expect(found(of, 'both')).toMatchObject({ verdict: 'unknown', code: 'unread', follows: [], own: null });
  });

  it('is unknown since now when a look fails this very moment', () => {
    const of = snapshot({ machine: fresh, updates: { readAt: null, own: null }, maintenance: fresh });
    const failing = { kind: 'updates', source: 'test', readAt: null, failure: unread('refused', 'grant', 'test', NOW) } as const;
    const evidence = { ...of.evidence, updates: { [machine.id]: failing.failure } };
    expect(found({ ...of, evidence, sources: [failing] }, 'both')).toMatchObject({ code: 'unread', own: NOW });
  });

  it('is what judging says, and as old', () => {
    const stand = fc.record({
      readAt: fc.constantFrom(null, NOW - MINUTE, NOW - 2 * HOUR, NOW - 30 * HOUR),
      own: fc.constantFrom(null, undefined, NOW - 5 * MINUTE, NOW - 90 * MINUTE, NOW - 26 * HOUR),
    });
    const stands = fc.record({ machine: stand, updates: stand, maintenance: stand });
    fc.assert(
      fc.property(stands, (given) => {
        const of = snapshot(given);
        for (const row of steps) {
          const [judged] = judgeAll(row, of, NOW);
          const { follows, own, phase, ...said } = found(of, row.id);
          expect({ ...said, subjectId: machine.id }).toEqual({ ...judged, asOf: undefined });
          const asOf = judged?.asOf === of.takenAt ? null : judged?.asOf;
          expect([asOfKept({ follows, own }, readAtOf(of.sources)), phase]).toEqual([asOf, 'prepare']);
        }
      }),
    );
  });

  it('is due exactly when time alone changes it', () => {
    const of = snapshot({ machine: fresh, updates: { readAt: null, own: NOW - 30 * MINUTE }, maintenance: fresh });
    const [{ dueAt } = { dueAt: null }] = evaluate(steps, of, NOW, null).filter(({ place }) => place.kind === 'machine');
    expect(dueAt).toBe(NOW + 30 * MINUTE + 1);
    expect([found(of, 'both', dueAt! - 1).code, found(of, 'both', dueAt!).code]).toEqual(['none', 'stale']);
  });
});

describe('how the sources stand', () => {
  const ages = agesOf(steps);
  const { maxAge } = evidenceKinds.updates;
  const at = (now: number, over: Partial<SourceStatus> = {}) =>
    JSON.stringify(sourcesStand([{ kind: 'updates', source: 'test', readAt: NOW, failure: null, ...over }], ages, now));

  it('is the same while nothing grows too old, and another at each age that matters to a step', () => {
    expect(at(NOW + HOUR)).toBe(at(NOW));
    expect(at(NOW + HOUR + 1)).not.toBe(at(NOW + HOUR));
    expect(at(NOW + maxAge)).toBe(at(NOW + HOUR + 1));
    expect(at(NOW + maxAge + 1)).not.toBe(at(NOW + maxAge));
  });

  it('is another when a source fails, for another reason, and when it is read again', () => {
    const failing = (reason: string) => at(NOW, { failure: unread(reason, 'f', 's', NOW) });
    expect(new Set([at(NOW), failing('a'), failing('b'), at(NOW, { readAt: null })]).size).toBe(4);
    expect(at(NOW + 5, { readAt: NOW + 5 })).toBe(at(NOW));
  });

  it('leaves out what no step looks at', () => {
    expect(sourcesStand([{ kind: 'guest', source: 'test', readAt: NOW, failure: null }], ages, NOW)).toEqual([]);
  });
});
