import type { Attestation } from '../../core/attestation.ts';
import type { Closing } from '../../core/closing.ts';
import { beyondSigned, closingOf } from '../../core/closing.ts';
import { aboutOf } from '../../core/decides.ts';
import type { Finding, Verdict } from '../../core/finding.ts';
import { tallySubjects } from '../../core/finding.ts';
import { DAY } from '../../core/instant.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { ORGANISATION } from '../../core/snapshot.ts';
import { machineFacts, NOW, person, snapshotOf } from '../support/facts.ts';

const finding = (stepId: string, subjectId: string, verdict: Verdict, code = verdict as string): Finding => {
  return { stepId, subjectId, verdict, code, because: '', fix: '', asOf: NOW };
};
const waiver = (subjectId: string, plan: string, until = NOW + DAY) => ({ stepId: 'a', subjectId, until, reason: '', plan });
const word = (id: string, over: Partial<Attestation> = {}): Attestation => {
  return { id, stepId: 'b', statement: '', scope: {}, by: person(4), at: NOW, until: NOW + DAY, link: '', note: '', ...over };
};

describe('machines counted by the worst of each', () => {
  it('are ready only when every step that applies is, and in exactly one count', () => {
    const findings = [
      [finding('a', 'ready', 'ready'), finding('b', 'ready', 'not-applicable')],
      [finding('a', 'waived', 'ready'), finding('b', 'waived', 'waived')],
      [finding('a', 'unknown', 'waived'), finding('b', 'unknown', 'unknown')],
      [finding('a', 'bad', 'unknown'), finding('b', 'bad', 'not-ready'), finding('c', 'bad', 'ready')],
      [finding('a', 'none', 'not-applicable')],
    ].flat();
    expect(tallySubjects(findings)).toEqual({ ready: 1, waived: 1, unknown: 1, 'not-ready': 1, 'not-applicable': 1 });
    expect(tallySubjects([])).toEqual({ ready: 0, waived: 0, unknown: 0, 'not-ready': 0, 'not-applicable': 0 });
  });
});

describe('what a phase is closed on', () => {
  const machines = ['m2', 'm1'].map((id) => machineFacts({ id, name: `srv-${id}` }));
  const names = new Map([['m1', 'srv-m1']]);
  const findings = [
    finding('a', 'm2', 'ready'),
    finding('a', 'm1', 'waived'),
    finding('b', 'm2', 'ready', 'attested'),
    finding('b', 'm1', 'ready'),
    finding('c', 'm1', 'not-applicable'),
    finding('d', ORGANISATION, 'ready'),
  ];
  const snapshot: Snapshot = {
    ...snapshotOf(machines),
    waivers: [waiver('m1', 'GL-0004'), waiver('m1', 'GL-0001', NOW), waiver('m2', 'GL-0003')],
    attestations: [word('w1'), word('w2', { scope: { ring: 'broad' } }), word('w3', { stepId: 'a' })],
  };
  const closing = closingOf(findings, snapshot, names, NOW);

  it('is every subject, every step that applied, and each waiver and word that something rests on', () => {
    expect(closing).toEqual({
      subjects: ['m1', 'm2', ORGANISATION],
      steps: ['a', 'b', 'd'],
      machines: { ready: 1, waived: 1, unknown: 0, 'not-ready': 0, 'not-applicable': 0 },
      waivers: [{ stepId: 'a', subjectId: 'm1', name: 'srv-m1', until: NOW + DAY, plan: 'GL-0004' }],
      attestations: [{ id: 'w1', stepId: 'b', by: 'Person 4', until: NOW + DAY }],
    });
  });

  it('is the same bytes whatever order things come in', () => {
    expect(JSON.stringify(closingOf(findings.toReversed(), snapshot, names, NOW))).toBe(JSON.stringify(closing));
  });

  const found = (over: Partial<Closing>): Closing => ({ ...closing, ...over });

  it('may be less when it takes effect', () => {
    expect(beyondSigned(closing, found({ subjects: ['m1'], waivers: [], attestations: [] }), names)).toBeNull();
  });

  it.each<[string, Closing, RegExp]>([
    ['a machine that joined', found({ subjects: ['m1', 'm9'] }), /: m9\./],
    ['a waiver', found({ waivers: [{ ...closing.waivers[0]!, plan: 'GL-0009' }] }), /the waiver GL-0009/],
    ['somebody’s word', found({ attestations: [{ ...closing.attestations[0]!, id: 'w9' }] }), /the word of Person 4 for b/],
    ['many', found({ subjects: ['1', '2', '3', '4', '5'] }), /1, 2, 3 and 2 more/],
  ])('is never more than what was signed: %s', (_what, more, words) => {
    expect(beyondSigned(closing, more, names)?.because).toMatch(words);
  });

  it('does not tell two requests to close the same apart, and tells others', () => {
    const close = (ring: string, over: Partial<Closing> = {}) =>
      aboutOf({ kind: 'close-phase', phase: 'prepare', ring, closing: found(over) });
    expect(close('canary')).toEqual(close('canary', { subjects: [] }));
    expect(close('canary')).not.toEqual(close('broad'));
  });
});
