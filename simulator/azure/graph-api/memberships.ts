import type { DirectoryDevice, Group } from '../../estates/directory.ts';
import { createRandom, seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import type { Store } from '../state.ts';
import { compileRule, type RuleDevice } from './membership-rule.ts';

const MINUTE = 60_000;
const KIND = 'group-processes';

/** Keeps the members of dynamic groups in line with their rules, some virtual minutes behind. */
export interface Memberships {
  /** Plans the processing of every group whose members are not what its rule says. */
  plan: () => void;
  due: Performers;
}

export function createMemberships(store: Store, agenda: Agenda, seed: number, follow: () => void): Memberships {
  function plan(): void {
    const { devices, groups } = store.state.estate.directory;
    for (const group of groups) {
      const late = isProcessed(group) && differs(group.members, membersByRule(group, devices));
      if (late && !agenda.planned(KIND, group.id)) {
        const minutes = createRandom(seed ^ seedOf(`${group.id}|${group.members.length}`)).between(3, 15);
        agenda.schedule({ at: store.clock.now() + minutes * MINUTE, kind: KIND, subject: group.id });
      }
      if (!late) agenda.cancel(KIND, group.id);
    }
  }
  function processes(id: string): void {
    const { devices, groups } = store.state.estate.directory;
    const group = groups.find((candidate) => candidate.id === id);
    if (!group || !isProcessed(group)) return;
    group.members = membersByRule(group, devices);
    store.touch();
    follow();
  }
  return { plan, due: { [KIND]: processes } };
}

function isProcessed({ membershipRule, membershipRuleProcessingState }: Group): boolean {
  return membershipRule !== null && membershipRuleProcessingState === 'On';
}

function membersByRule({ membershipRule }: Group, devices: readonly DirectoryDevice[]): string[] {
  const test = compileRule(membershipRule ?? '');
  return devices.filter((device) => test(ruleDevice(device))).map(({ id }) => id);
}

function ruleDevice(device: DirectoryDevice): RuleDevice {
  return {
    accountenabled: String(device.accountEnabled),
    deviceid: device.deviceId.toLowerCase(),
    deviceostype: device.operatingSystem.toLowerCase(),
    deviceosversion: device.operatingSystemVersion.toLowerCase(),
    displayname: device.displayName.toLowerCase(),
    managementtype: device.managementType?.toLowerCase() ?? '',
    objectid: device.id.toLowerCase(),
  };
}

function differs(before: readonly string[], after: readonly string[]): boolean {
  const known = new Set(before);
  return known.size !== after.length || after.some((id) => !known.has(id));
}
