import type { MachineView } from '../../../cards/machine/data.ts';
import type { MachineSubject, Snapshot } from '../../../core/snapshot.ts';
import { judge } from '../../../core/step.ts';
import { sourceLines } from '../answers/lines.ts';
import type { Context } from '../context.ts';

/** One machine through all phases. */
export function machineView(context: Context, machine: MachineSubject, snapshot: Snapshot, readAs: string | null): MachineView {
  const { facts } = machine;
  const subscription = snapshot.subscriptions.find(({ id }) => id === facts.subscriptionId);
  const rows = context.steps.filter(({ subject }) => subject === 'machine');
  return {
    name: machine.name,
    id: machine.id,
    readAs,
    facts: [
      { title: 'Operating system', value: facts.osLabel || 'not reported' },
      { title: 'Where', value: facts.kind === 'arc' ? 'Azure Arc' : 'Azure virtual machine' },
      { title: 'Status', value: facts.status || 'not reported' },
      { title: 'Subscription', value: subscription?.name ?? facts.subscriptionId },
      { title: 'Resource group', value: facts.resourceGroup },
      { title: 'Ring', value: machine.ring },
    ],
    findings: rows.map((row) => {
      const { verdict, because, fix, asOf } = judge(row, machine, snapshot, context.clock.now());
      return { phase: row.phase, step: row.id, title: row.title, verdict, because, fix, asOf };
    }),
    sources: sourceLines(
      snapshot,
      rows.flatMap(({ needs }) => needs),
    ),
  };
}
