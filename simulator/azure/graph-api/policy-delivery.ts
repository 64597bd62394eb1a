import type { ConfigurationPolicy, Directory, DirectoryDevice } from '../../estates/directory.ts';
import type { Machine } from '../../estates/machine.ts';
import { createRandom, seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import { isHeard } from '../defender/facts.ts';
import type { Exclusions } from '../defender/state.ts';
import type { Store } from '../state.ts';
import { templateOf } from './policy-templates.ts';

const MINUTE = 60_000;
const KIND = 'device-checks-in';
/** How long a policy may take to reach a device. */
const LONGEST_MINUTES = 90;

/** Brings assigned policies to the machines and takes them off again. */
export interface PolicyDelivery {
  /** Plans a check-in of every machine that does not have what is assigned to it. */
  plan: () => void;
  due: Performers;
}

export function createPolicyDelivery(store: Store, agenda: Agenda, seed: number): PolicyDelivery {
  function plan(): void {
    const { directory } = store.state.estate;
    const reach = createReach(directory);
    for (const device of directory.devices) {
      const machine = device.machineId === null ? undefined : store.machineById(device.machineId);
      if (!machine?.guest.defender || !isHeard(machine)) continue;
      const subject = machine.id.toLowerCase();
      const late = !equal(reach(device), store.state.defender.delivered[subject] ?? none());
      if (late && !agenda.planned(KIND, subject)) {
        const minutes = createRandom(seed ^ seedOf(`${subject}|checks-in`)).between(5, LONGEST_MINUTES);
        agenda.schedule({ at: store.clock.now() + minutes * MINUTE, kind: KIND, subject });
      }
    }
  }
  function checksIn(machineId: string): void {
    const machine = store.machineById(machineId);
    const { directory } = store.state.estate;
    const device = directory.devices.find((candidate) => candidate.machineId === machineId);
    if (!machine || !device || !isHeard(machine)) return;
    deliver(machine, createReach(directory)(device));
  }
  // What somebody excluded on the machine itself stays.
  function deliver(machine: Machine, wanted: Exclusions): void {
    const { defender } = machine.guest;
    const subject = machine.id.toLowerCase();
    const before = store.state.defender.delivered[subject] ?? none();
    if (!defender || equal(before, wanted)) return;
    for (const kind of KINDS) {
      const local = defender.exclusions[kind].filter((item) => !before[kind].includes(item));
      defender.exclusions[kind] = [...new Set([...local, ...wanted[kind]])];
    }
    store.state.defender.delivered[subject] = wanted;
    store.touch();
  }
  return { plan, due: { [KIND]: checksIn } };
}

const KINDS = ['processes', 'paths', 'extensions'] as const;

function none(): Exclusions {
  return { processes: [], paths: [], extensions: [] };
}

/** What the policies together exclude on a device. */
function createReach({ configurationPolicies, groups }: Directory): (device: DirectoryDevice) => Exclusions {
  const members = new Map(groups.map((group) => [group.id, new Set(group.members)]));
  const isIn = (groupId: string | null, device: DirectoryDevice) => members.get(groupId ?? '')?.has(device.id) ?? false;
  function reaches({ assignments }: ConfigurationPolicy, device: DirectoryDevice): boolean {
    const hit = (target: string) =>
      assignments.some((assignment) => assignment.target === target && (assignment.groupId === null || isIn(assignment.groupId, device)));
    return (hit('groupAssignmentTarget') || hit('allDevicesAssignmentTarget')) && !hit('exclusionGroupAssignmentTarget');
  }
  return (device) => {
    const found = none();
    if (!/windows/i.test(device.operatingSystem)) return found;
    for (const policy of configurationPolicies.filter((candidate) => reaches(candidate, device))) {
      const settings = templateOf(policy.templateId)?.settings ?? {};
      for (const [id, values] of Object.entries(policy.settings)) {
        const kind = settings[id]?.exclusion;
        if (kind) found[kind] = [...new Set([...found[kind], ...values])].toSorted();
      }
    }
    return found;
  };
}

function equal(one: Exclusions, other: Exclusions): boolean {
  return KINDS.every((kind) => one[kind].join('\n') === other[kind].join('\n'));
}
