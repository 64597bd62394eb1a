import type { JoinedBy } from '../../core/facts/devices.ts';
import type { Doubt } from './join-doubts.ts';
import { doubts } from './join-doubts.ts';
import type { JoinableDevice, JoinableMachine } from './joinable.ts';

/** What was found for one machine. `none` holds only as far as the list of devices is complete. */
export type Join<D> = { readonly kind: 'joined'; readonly device: D; readonly by: JoinedBy } | { readonly kind: 'none' } | Doubt;

/**
 * Finds each machine's device: by Azure resource id, then by VM id, then by name. An id is certain as long as one device bears it; a name
 * only when one device and one machine bear it and no id speaks against it. Whatever is not certain is doubtful, with the reason.
 * The answer has every machine, does not depend on the order of either list, and gives no device to two machines.
 */
export function joinDevices<D extends JoinableDevice>(
  machines: readonly JoinableMachine[],
  devices: readonly D[],
): ReadonlyMap<string, Join<D>> {
  const present = devicesPresent(devices);
  const byResource = Map.groupBy(present, ({ resourceId }) => resourceId);
  const byVm = Map.groupBy(present, ({ vmId }) => vmId);
  const ids = new Set(machines.map(({ id }) => id));
  const machinesByVm = Map.groupBy(machines, ({ vmId }) => vmId);
  // A device that an id ties to one machine is never another's by its name.
  const untied = present.filter(({ resourceId, vmId }) => !has(ids, resourceId) && !(vmId !== null && machinesByVm.has(vmId)));
  const devicesByHost = Map.groupBy(untied, ({ name }) => hostOf(name));
  const machinesByHost = indexByHosts(machines);
  const called = new Map<D, number>();
  const merged = new Set(devices.filter(isMerged).map(({ deviceId }) => deviceId));

  function joinByResource(machine: JoinableMachine): Join<D> | null {
    const bearers = byResource.get(machine.id);
    return bearers ? certain(machine, bearers, 'resource-id') : null;
  }
  function joinByVm(machine: JoinableMachine): Join<D> | null {
    const bearers = machine.vmId === null ? undefined : byVm.get(machine.vmId);
    if (!bearers) return null;
    if ((machinesByVm.get(machine.vmId)?.length ?? 0) > 1) return doubts.sharedVmId(machine);
    if (bearers.some(({ resourceId }) => has(ids, resourceId))) return doubts.tiedElsewhere(machine);
    return certain(machine, bearers, 'vm-id');
  }
  function certain(machine: JoinableMachine, bearers: readonly D[], by: JoinedBy): Join<D> | null {
    const fitting = bearers.filter((device) => !isOtherVm(machine, device));
    if (fitting.length === 0) return bearers.every((device) => isSurelyOther(machine, device)) ? null : doubts.earlierLife(machine);
    const [device, ...others] = [...narrowed(machine, fitting)];
    if (device && others.length > 0) return doubts.severalById(machine, [device, ...others]);
    return device && !merged.has(device.deviceId) ? { kind: 'joined', device, by } : doubts.mergedAway(machine);
  }
  /** The devices that are left when everything that is known to be a leftover is taken away; at least one. */
  function narrowed(machine: JoinableMachine, bearers: readonly D[]): readonly D[] {
    const sameVm = (device: D) => machine.vmId !== null && device.vmId === machine.vmId;
    const kept = preferring(
      preferring(
        preferring(bearers, ({ deviceId }) => !merged.has(deviceId)),
        ({ setAside }) => !setAside,
      ),
      sameVm,
    );
    const newest = successor(kept);
    return newest ? [newest] : kept;
  }
  function joinByName(machine: JoinableMachine): Join<D> {
    const namesakes = hostsOf(machine)
      .flatMap((host) => devicesByHost.get(host) ?? [])
      .filter((device) => mayBe(machine, device));
    if (namesakes.length === 0) return { kind: 'none' };
    const [device, ...others] = preferring(namesakes, ({ setAside }) => !setAside);
    if (!device || others.length > 0) return doubts.severalByName(machine, namesakes);
    if (merged.has(device.deviceId)) return doubts.mergedAway(machine);
    if (device.setAside) return doubts.markedDuplicate(machine);
    if (isOtherVm(machine, device)) return doubts.earlierLife(machine);
    if (device.resourceId !== null) return doubts.tiedElsewhere(machine);
    const count = machinesCalledLike(device);
    return count > 1 ? doubts.severalMachines(machine, count) : { kind: 'joined', device, by: 'name' };
  }
  /** Counted once: one device may be called like very many machines. */
  function machinesCalledLike(device: D): number {
    const count = called.get(device) ?? (machinesByHost.get(hostOf(device.name)) ?? []).filter((other) => mayBe(other, device)).length;
    called.set(device, count);
    return count;
  }
  return new Map(machines.map((machine) => [machine.id, joinByResource(machine) ?? joinByVm(machine) ?? joinByName(machine)]));
}

/** Without those that were merged into one that is listed. One whose survivor is not listed stays, and is nobody's for certain. */
function devicesPresent<D extends JoinableDevice>(devices: readonly D[]): readonly D[] {
  const byId = new Map(devices.map((device) => [device.deviceId, device]));
  return [...byId.values()].filter((device) => !isMerged(device) || !survives(byId, device));
}

/** Does a merged device lead to one that is listed and is not merged itself? */
function survives<D extends JoinableDevice>(byId: ReadonlyMap<string, D>, device: D): boolean {
  const seen = new Set<string>();
  for (let at: D | undefined = device; at !== undefined && !seen.has(at.deviceId); at = byId.get(at.mergedInto ?? '')) {
    if (!isMerged(at)) return true;
    seen.add(at.deviceId);
  }
  return false;
}

function isMerged({ deviceId, mergedInto }: JoinableDevice): boolean {
  return mergedInto !== null && mergedInto !== deviceId;
}

/** The one that began when all the others had fallen silent: a machine that was installed anew. Null when their times overlap. */
function successor<D extends JoinableDevice>(devices: readonly D[]): D | null {
  return devices.find((device) => devices.every((other) => other === device || isBefore(other, device))) ?? null;
}

function isBefore({ lastSeen }: JoinableDevice, after: JoinableDevice): boolean {
  if (lastSeen === null || after.firstSeen === null || after.lastSeen === null) return false;
  // Times from outside may be nonsense, such as a last that lies before the first.
  return lastSeen < after.firstSeen && lastSeen < after.lastSeen;
}

function preferring<D>(devices: readonly D[], test: (device: D) => boolean): readonly D[] {
  const better = devices.filter(test);
  return better.length > 0 ? better : devices;
}

/** Is it known to be another virtual machine? Arc's own vmId is another kind of id, so it tells nothing against a device. */
function isOtherVm({ kind, vmId }: JoinableMachine, device: JoinableDevice): boolean {
  return kind === 'azure-vm' && vmId !== null && device.vmId !== null && device.vmId !== vmId;
}

/** Another machine's for certain: by both its ids, as a namesake elsewhere has them, or by one and a mark. One id alone may only be old. */
function isSurelyOther(machine: JoinableMachine, device: JoinableDevice): boolean {
  const elsewhere = device.resourceId !== null && device.resourceId !== machine.id;
  return isOtherVm(machine, device) && (elsewhere || device.setAside);
}

function nameOf({ fqdn, name }: JoinableMachine): string {
  return fqdn || name;
}

/** Windows cuts a host name at 15 characters. */
const NETBIOS = 15;

/** Host names a machine may go by: its own, and what Windows leaves of it. */
function hostsOf(machine: JoinableMachine): readonly string[] {
  const host = hostOf(nameOf(machine));
  return host.length > NETBIOS ? [host, host.slice(0, NETBIOS)] : [host];
}

function indexByHosts(machines: readonly JoinableMachine[]): ReadonlyMap<string, readonly JoinableMachine[]> {
  const index = new Map<string, JoinableMachine[]>();
  for (const machine of machines) {
    for (const host of hostsOf(machine)) {
      const list = index.get(host);
      if (list) list.push(machine);
      else index.set(host, [machine]);
    }
  }
  return index;
}

function hostOf(name: string): string {
  return plain(name).split('.')[0] ?? '';
}

function plain(name: string): string {
  return name.trim().toLowerCase().replace(/\.+$/, '');
}

/** Does nothing speak against it but that a name is no proof? */
function mayBe(machine: JoinableMachine, device: JoinableDevice): boolean {
  return isCalled(machine, device) && !isSurelyOther(machine, device);
}

function isCalled(machine: JoinableMachine, device: JoinableDevice): boolean {
  const [ours, theirs] = [plain(nameOf(machine)), plain(device.name)];
  if (ours.includes('.') && theirs.includes('.')) return ours === theirs;
  const host = hostOf(theirs);
  return host !== '' && hostsOf(machine).includes(host);
}

function has(ids: ReadonlySet<string>, id: string | null): boolean {
  return id !== null && ids.has(id);
}
