import fc from 'fast-check';
import type { Evidence, EvidenceKind } from '../../../core/evidence.ts';
import { evidenceKinds, read, unread } from '../../../core/evidence.ts';
import type { MachineFacts } from '../../../core/machine.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { ORGANISATION } from '../../../core/snapshot.ts';
import { judgeAll, kindsOf } from '../../../core/step.ts';
import { stepById, steps } from '../../../playbook/index.ts';
import { NOW, SUBSCRIPTION, snapshotOf } from '../../support/facts.ts';
import { facts, machine } from './arbitraries.ts';
import { codesOf, stepCases } from './cases/index.ts';

const ages = fc.constantFrom(0, 0, 0, 3_600_000, 30 * 86_400_000);
type Some = fc.Arbitrary<Evidence<never>>;

/** Evidence of a kind as it may be: read at some time, or not. */
function evidence(kind: EvidenceKind): Some {
  const seen = fc.tuple(facts[kind] as fc.Arbitrary<unknown>, ages).map(([value, age]) => read(value, 'test', NOW - age));
  const blind = fc.constant(unread('it could not be read', 'Grant Reader.', 'test', NOW - 1));
  return fc.oneof({ weight: 9, arbitrary: seen }, { weight: 1, arbitrary: blind }) as Some;
}

/** A few machines, and anything at all about them, their subscription and the organisation. */
const snapshots: fc.Arbitrary<Snapshot> = fc
  .uniqueArray(machine, { minLength: 1, maxLength: 3, selector: ({ id }) => id })
  .chain((machines: readonly MachineFacts[]) => {
    const ids = { machine: machines.map(({ id }) => id), subscription: [SUBSCRIPTION], organisation: [ORGANISATION] };
    const kinds = (Object.keys(evidenceKinds) as EvidenceKind[]).filter((kind) => kind !== 'machine');
    const tables = Object.fromEntries(
      kinds.map((kind) => [kind, fc.record(Object.fromEntries(ids[evidenceKinds[kind].subject].map((id) => [id, evidence(kind)])))]),
    );
    return fc.record(tables).map((known) => {
      const snapshot = snapshotOf(machines);
      return { ...snapshot, evidence: { ...snapshot.evidence, ...known } as Snapshot['evidence'] };
    });
  });

const CORE_CODES = ['ready', 'unread', 'stale', 'unsupported', 'os-unread', 'other-os', 'other-kind', 'not-shown'];

describe.each(steps.map(({ id }) => id))('%s, whatever the facts', (id) => {
  const row = stepById(id)!;
  const own = codesOf(stepCases[id]!);

  it('never throws, says only what a case here says, and says it in one line with a way out', () => {
    const known = new Set([...CORE_CODES, ...own['not-ready'], ...own.unknown]);
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        for (const { code, because, fix, verdict } of judgeAll(row, snapshot, NOW)) {
          expect(known).toContain(code);
          expect(because).not.toBe('');
          expect(fix === '').toBe(verdict === 'ready' || verdict === 'not-applicable');
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is never ready and never not ready while something it needs is unread or too old', () => {
    fc.assert(
      fc.property(snapshots, fc.constantFrom(...(row.needs.length === 0 ? ['guest' as const] : row.needs)), ages, (snapshot, kind, age) => {
        if (!row.needs.includes(kind)) return;
        const old = age > evidenceKinds[kind].maxAge;
        const blind = Object.fromEntries(
          Object.entries(snapshot.evidence[kind] ?? {}).map(([subject, known]) => [
            subject,
            old && known?.state === 'read' ? { ...known, observedAt: NOW - age } : unread('x', 'y', 'test', NOW),
          ]),
        );
        const findings = judgeAll(row, { ...snapshot, evidence: { ...snapshot.evidence, [kind]: blind } as Snapshot['evidence'] }, NOW);
        for (const { verdict, code } of findings) {
          if (code !== 'unsupported') expect(['unknown', 'not-applicable']).toContain(verdict);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('says the same of the same facts, at whatever moment as long as they are fresh', () => {
    fc.assert(
      fc.property(snapshots, fc.constantFrom(1, 60_000, 500_000), (snapshot, later) => {
        const kinds = new Set<EvidenceKind>(['machine', ...kindsOf(row)]);
        const touches = [...kinds].some((kind) =>
          Object.values(snapshot.evidence[kind] ?? {}).some(
            (known) => known?.state === 'read' && crosses(kind, NOW - known.observedAt, later),
          ),
        );
        if (touches) return;
        expect(judgeAll(row, snapshot, NOW + later)).toEqual(judgeAll(row, snapshot, NOW));
      }),
      { numRuns: 60 },
    );
  });
});

function crosses(kind: EvidenceKind, age: number, later: number): boolean {
  const { maxAge } = evidenceKinds[kind];
  return age <= maxAge && age + later > maxAge;
}
