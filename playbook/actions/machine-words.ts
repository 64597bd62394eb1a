import type { PlanTarget } from '../../core/plan.ts';
import type { MachineSubject, Snapshot } from '../../core/snapshot.ts';
import { evidenceFor } from '../../core/snapshot.ts';

/** `12 machines in corp-prod, branch-arc`. */
export function machinesTouched(targets: readonly PlanTarget[], snapshot: Snapshot): string {
  const ids = new Set(targets.map(({ id }) => id));
  const subscriptions = new Set(snapshot.machines.filter(({ id }) => ids.has(id)).map(({ facts }) => facts.subscriptionId));
  const names = snapshot.subscriptions.filter(({ id }) => subscriptions.has(id)).map(({ name }) => name);
  return `${targets.length} ${targets.length === 1 ? 'machine' : 'machines'} in ${names.join(', ')}`;
}

/** What the probe knows of passive mode, in words: of the key on Windows, of mdatp on Linux. */
export function passiveKeyWords(machine: MachineSubject, snapshot: Snapshot): string {
  const guest = evidenceFor(snapshot, 'guest', machine.id);
  if (guest.state === 'unread') return 'not probed yet';
  const { platform, passiveKey } = guest.value;
  if (platform === 'linux') {
    if (passiveKey === null) return 'mdatp is not installed or does not answer';
    return passiveKey === 1 ? 'mdatp is in passive mode' : 'mdatp is not in passive mode';
  }
  return passiveKey === null ? 'the key is not set' : `the key is ${passiveKey}`;
}
