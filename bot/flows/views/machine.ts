import type { MachineView } from '../../../cards/machine/data.ts';
import { protectionKinds } from '../../../core/engine-sightings.ts';
import type { GapRecord } from '../../../core/gap-record.ts';
import type { MachineKind } from '../../../core/machine.ts';
import { protectionOf } from '../../../core/protection.ts';
import type { MachineSubject, Snapshot } from '../../../core/snapshot.ts';
import { judgeEach, kindsOf } from '../../../core/step.ts';
import { surroundingsOf } from '../../../core/surroundings.ts';
import { sourceLines } from '../answers/lines.ts';
import type { Context } from '../context.ts';
import { protectionEvidence } from '../protection/look-at-machines.ts';

const placeWords: Readonly<Record<MachineKind, string>> = {
  'azure-vm': 'Azure virtual machine',
  arc: 'Azure Arc',
  listed: 'on the server list, and not in Azure',
};

/** One machine through all phases, with its gaps in protection. */
export function machineView(
  context: Context,
  machine: MachineSubject,
  snapshot: Snapshot,
  readAs: string | null,
  gaps: readonly GapRecord[],
): MachineView {
  const protection = protectionOf(protectionEvidence(snapshot.evidence, machine.id), machine.facts.vmId, context.clock.now());
  const { facts } = machine;
  const subscription = snapshot.subscriptions.find(({ id }) => id === facts.subscriptionId);
  const rows = context.steps.filter(({ subject }) => subject === 'machine');
  const now = context.clock.now();
  const around = surroundingsOf(snapshot, now);
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
    findings: rows.map((row) => {
      const { verdict, because, fix, asOf } = judgeEach(row, [machine], snapshot, now, around)[0]!;
      return { phase: row.phase, step: row.id, title: row.title, verdict, because, fix, asOf };
    }),
    sources: sourceLines(snapshot, [...protectionKinds, ...rows.flatMap(kindsOf)]),
  };
}
