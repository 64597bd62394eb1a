import type { MachineView } from '../../../cards/machine/data.ts';
import { protectionKinds } from '../../../core/engine-sightings.ts';
import type { Verdict } from '../../../core/finding.ts';
import type { GapRecord } from '../../../core/gap-record.ts';
import type { MachineKind } from '../../../core/machine.ts';
import type { FoundFinding } from '../../../core/ports.ts';
import { protectionOf } from '../../../core/protection.ts';
import { asOfKept, readAtOf } from '../../../core/readiness.ts';
import type { MachineSubject, Snapshot } from '../../../core/snapshot.ts';
import { kindsOf } from '../../../core/step.ts';
import { sourceLines } from '../answers/lines.ts';
import type { Context } from '../context.ts';
import { protectionEvidence } from '../protection/look-at-machines.ts';
import type { Overview } from '../readiness/overview.ts';
import { snapshotWith } from '../snapshot.ts';

const placeWords: Readonly<Record<MachineKind, string>> = {
  'azure-vm': 'Azure virtual machine',
  arc: 'Azure Arc',
  listed: 'on the server list, and not in Azure',
};

/** What one machine's card is made of. */
export interface MachineCardFacts {
  readonly machine: MachineSubject;
  readonly overview: Overview;
  /** What was read of it about its protection. */
  readonly evidence: Snapshot['evidence'];
  readonly findings: readonly FoundFinding[];
  readonly gaps: readonly GapRecord[];
}

/** What is known of one machine, and what the steps say of it. */
export async function readMachine(context: Context, overview: Overview, machine: MachineSubject): Promise<MachineCardFacts> {
  return context.store.transact(async (tx) => {
    const known = await tx.evidence({ subjects: [machine.id], kinds: protectionKinds });
    const { evidence } = snapshotWith(context, known, overview, { machines: [machine], listing: null }, {});
    const findings: FoundFinding[] = [];
    for (const { id } of context.steps.filter(({ subject }) => subject === 'machine'))
      findings.push(...(await tx.findings(id, { verdicts: VERDICTS }, { subject: machine.id }, { skip: 0, limit: 1 })));
    return { machine, overview, evidence, findings, gaps: await tx.gaps({ of: 'machine', machineId: machine.id }) };
  });
}

const VERDICTS: readonly Verdict[] = ['not-ready', 'unknown', 'waived', 'ready', 'not-applicable'];

/** One machine through all phases, with its gaps in protection. */
export function machineView(
  context: Context,
  { machine, overview, evidence, findings, gaps }: MachineCardFacts,
  readAs: string | null,
): MachineView {
  const protection = protectionOf(protectionEvidence(evidence, machine.id), machine.facts.vmId, context.clock.now());
  const { facts } = machine;
  const subscription = overview.subscriptions.find(({ id }) => id === facts.subscriptionId);
  const rows = context.steps.filter(({ subject }) => subject === 'machine');
  const readAt = readAtOf(overview.sources);
  const guest = evidence.guest?.[machine.id];
  return {
    name: machine.name,
    id: machine.id,
    readAs,
    facts: [
      { title: 'Operating system', value: facts.osLabel || 'not reported' },
      { title: 'Where', value: placeWords[facts.kind] },
      ...(facts.kind === 'listed'
        ? []
        : [
            { title: 'Status', value: facts.status || 'not reported' },
            { title: 'Subscription', value: subscription?.name ?? facts.subscriptionId },
            { title: 'Resource group', value: facts.resourceGroup },
          ]),
      { title: 'Ring', value: machine.ring },
    ],
    protection,
    gaps: gaps.map((gap) => ({ ...gap, known: protection.state !== 'unknown' })).toReversed(),
    findings: rows.flatMap((row) => {
      const found = findings.find(({ finding }) => finding.stepId === row.id)?.finding;
      if (!found) return [];
      const { verdict, because, fix } = found;
      return [{ phase: row.phase, step: row.id, title: row.title, verdict, because, fix, asOf: asOfKept(found, readAt) }];
    }),
    sources: sourceLines(overview, [...protectionKinds, ...rows.flatMap(kindsOf)], guest?.state === 'read' ? guest.observedAt : null),
  };
}
