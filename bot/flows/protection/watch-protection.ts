import type { Evidence } from '../../../core/evidence.ts';
import type { GapRecord } from '../../../core/gap-record.ts';
import type { MachineFacts } from '../../../core/machine.ts';
import type { Migration } from '../../../core/migration.ts';
import { endUnseen } from '../../../core/protection-gap.ts';
import type { Context } from '../context.ts';
import { changeGap, lookAtMachines } from './look-at-machines.ts';

/** Machines a transaction looks at: enough to be quick, few enough that nobody waits long behind it. */
const AT_ONCE = 500;

/**
 * Brings what is remembered of machines' protection up to date after evidence was saved. Probes are looked at in the transaction that saves
 * them; here come those that were not, and machines that were made anew or are no longer there. Costs nothing for a machine that nothing
 * changed on.
 */
export async function watchProtection(context: Context): Promise<void> {
  await endGapsOfLost(context);
  for (let looked = AT_ONCE; looked === AT_ONCE; ) {
    looked = await context.store.transact(async (tx) => {
      const due = await tx.machinesToLookAt(AT_ONCE);
      if (due.length > 0) await lookAtMachines(tx, due, { run: null, at: context.clock.now() });
      return due.length;
    });
  }
}

/** Ends the gaps of machines that nobody can look at any more. While the inventory is blind nothing is known to be gone. */
async function endGapsOfLost({ store, migration, clock }: Context): Promise<void> {
  await store.transact(async (tx) => {
    const open = await tx.gaps({ of: 'open' });
    if (open.length === 0) return;
    const { machine = {} } = (await tx.evidence({ subjects: open.map(({ machineId }) => machineId), kinds: ['machine'] })).evidence;
    const lost = open.filter((gap) => lostHow(gap, machine[gap.machineId], migration) !== null);
    // Locked and read again: another instance may have ended some of them.
    const tracks = await tx.tracks([...new Set(lost.map(({ machineId }) => machineId))].toSorted());
    for (const gap of tracks.flatMap((track) => track.open)) {
      const how = lostHow(gap, machine[gap.machineId], migration);
      if (how !== null) await changeGap(tx, { ...gap, ...endUnseen(gap, how) }, clock.now());
    }
  });
}

function lostHow(gap: GapRecord, machine: Evidence<MachineFacts> | undefined, migration: Migration): 'anew' | 'gone' | null {
  if (machine === undefined) return 'gone';
  if (machine.state === 'unread') return null;
  const { vmId, subscriptionId } = machine.value;
  if (!migration.subscriptions.some(({ id }) => id.toLowerCase() === subscriptionId.toLowerCase())) return 'gone';
  return vmId !== null && vmId !== gap.vmId ? 'anew' : null;
}
