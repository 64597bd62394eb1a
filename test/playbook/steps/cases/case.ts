import type { EvidenceKind, EvidenceOf } from '../../../../core/evidence.ts';
import { evidenceKinds, read } from '../../../../core/evidence.ts';
import type { Finding } from '../../../../core/finding.ts';
import type { MachineFacts } from '../../../../core/machine.ts';
import type { Snapshot } from '../../../../core/snapshot.ts';
import { ORGANISATION, subjectsOf } from '../../../../core/snapshot.ts';
import { judge } from '../../../../core/step.ts';
import { stepById } from '../../../../playbook/index.ts';
import { machineFacts, NOW, SUBSCRIPTION, snapshotOf } from '../../../support/facts.ts';

export type Known = Partial<{ readonly [K in EvidenceKind]: EvidenceOf[K] }>;

/** What is the case, and what the step is to say of it. The first machine is the subject of a machine step. */
export interface Case {
  readonly name: string;
  readonly machine?: Partial<MachineFacts>;
  readonly evidence?: Known;
  /** When a kind of evidence was read; now, if it is not told. */
  readonly at?: Partial<Record<EvidenceKind, number>>;
  /** Other machines of the migration, with what is known of them. */
  readonly others?: readonly { readonly machine: Partial<MachineFacts>; readonly evidence?: Known }[];
  readonly code: string;
  /** Words the reason has to have. */
  readonly says?: RegExp;
  /** Words the fix has to have. */
  readonly fix?: RegExp;
}

/** Every awkward case of a step, by what it says then. */
export interface StepCases {
  readonly ready: readonly Case[];
  readonly 'not-ready': readonly Case[];
  readonly unknown: readonly Case[];
}

/** A snapshot in which it is so. */
export function snapshotFor({
  machine,
  evidence = {},
  at = {},
  others = [],
}: Pick<Case, 'machine' | 'evidence' | 'at' | 'others'>): Snapshot {
  const own = machineFacts(machine);
  const all = [{ facts: own, evidence }, ...others.map((other) => ({ facts: otherFacts(other.machine), evidence: other.evidence ?? {} }))];
  const known: Record<string, Record<string, unknown>> = {};
  const keep = (kind: string, subject: string, value: unknown, observedAt: number) => {
    known[kind] = { ...known[kind], [subject]: read(value, 'test', observedAt) };
  };
  for (const { facts } of all) keep('machine', facts.id, facts, at.machine ?? NOW);
  for (const { facts, evidence: facts_ } of all) {
    for (const [kind, value] of Object.entries(facts_)) {
      const subject = { machine: facts.id, subscription: SUBSCRIPTION, organisation: ORGANISATION }[
        evidenceKinds[kind as EvidenceKind].subject
      ];
      keep(kind, subject, value, facts === own ? (at[kind as EvidenceKind] ?? NOW) : NOW);
    }
  }
  return { ...snapshotOf(all.map(({ facts }) => facts)), evidence: known as Snapshot['evidence'] };
}

function otherFacts(over: Partial<MachineFacts>): MachineFacts {
  const name = over.name ?? 'srv-02';
  return machineFacts({ id: `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-b/providers/x/${name}`, ...over, name });
}

/** What a step says of the subject of a case. */
export function findingOf(stepId: string, snapshot: Snapshot, now = NOW): Finding {
  const row = stepById(stepId)!;
  return judge(row, subjectsOf(snapshot, row.subject)[0]!, snapshot, now);
}
