import type { Extension, Machine } from '../../estates/machine.ts';
import { createRandom, seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import type { Store } from '../state.ts';
import { settle } from './protection.ts';

const MINUTE = 60_000;
export const DEFENDER_PUBLISHER = 'Microsoft.Azure.AzureDefenderForServers';
export const DEFENDER_TYPES = { windows: 'MDE.Windows', linux: 'MDE.Linux' } as const;

export type WantedExtension = Pick<Extension, 'name' | 'publisher' | 'type' | 'version' | 'settings'>;

/** Puts extensions on machines, whoever asked for it: Defender for Cloud, a policy's remediation or a request. */
export interface Extensions {
  /** Begins (or begins again) an installation; it ends some virtual minutes later as the machine decides. */
  install(machine: Machine, wanted: WantedExtension): Extension;
  /** Takes the extension off; what it installed stays. */
  remove(machine: Machine, name: string): boolean;
  find(machine: Machine, name: string): Extension | undefined;
  /** The Defender for Endpoint extension, whatever it was called. */
  defender(machine: Machine): Extension | undefined;
  due: Performers;
}

/** The Defender extension as Defender for Cloud puts it on a machine. */
export function defenderExtension(machine: Machine): WantedExtension {
  const type = DEFENDER_TYPES[machine.os.type as 'windows' | 'linux'];
  const settings = { azureResourceId: machine.id, autoUpdate: true, forceReOnboarding: false, vNextEnabled: true };
  return { name: type, publisher: DEFENDER_PUBLISHER, type, version: '1.0', settings };
}

export function createExtensions(store: Store, agenda: Agenda, seed: number): Extensions {
  const keyOf = (machine: Machine, name: string) => `${machine.id.toLowerCase()}|${name.toLowerCase()}`;
  const find = (machine: Machine, name: string) =>
    machine.extensions.find((extension) => extension.name.toLowerCase() === name.toLowerCase());

  function install(machine: Machine, wanted: WantedExtension): Extension {
    const known = find(machine, wanted.name);
    const extension: Extension = Object.assign(known ?? ({} as Extension), { ...wanted, state: 'Creating', message: '' });
    if (!known) machine.extensions.push(extension);
    const subject = keyOf(machine, wanted.name);
    const takes = createRandom(seed ^ seedOf(`${subject}|ends`)).between(2 * MINUTE, 6 * MINUTE);
    agenda.schedule({ at: store.clock.now() + takes, kind: 'extension-ends', subject });
    store.touch();
    return extension;
  }
  function remove(machine: Machine, name: string): boolean {
    const known = find(machine, name);
    if (!known) return false;
    agenda.cancel('extension-ends', keyOf(machine, name));
    machine.extensions.splice(machine.extensions.indexOf(known), 1);
    store.touch();
    return true;
  }
  function ends(subject: string): void {
    const [machineId = '', name = ''] = subject.split('|');
    const machine = store.machineById(machineId);
    const extension = machine && find(machine, name);
    if (!machine || extension?.state !== 'Creating') return;
    const failure = isDefender(extension) ? machine.guest.extensionFailure : null;
    extension.state = failure ? 'Failed' : 'Succeeded';
    extension.message = failure
      ? `Failed to configure Microsoft Defender for Endpoint: exit code ${failure.code}: ${failure.message}`
      : 'Onboarding succeeded';
    if (!failure && isDefender(extension)) onboard(machine);
    store.touch();
  }
  return {
    install,
    remove,
    find,
    defender: (machine) => machine.extensions.find(isDefender),
    due: { 'extension-ends': ends },
  };
}

function isDefender(extension: Extension): boolean {
  return extension.publisher.toLowerCase() === DEFENDER_PUBLISHER.toLowerCase();
}

function onboard(machine: Machine): void {
  const before = structuredClone(machine.guest);
  const { guest } = machine;
  guest.onboarded = true;
  if (machine.os.type === 'linux') {
    guest.mdatp ??= { healthy: true, passiveMode: true, realTimeProtection: false, licensed: true, definitions: 'up_to_date' };
    return;
  }
  // The unified solution brings the antivirus to systems that have no feature for it.
  guest.defender ??= {
    feature: 'Installed',
    mode: null,
    antivirusEnabled: false,
    realTimeProtection: false,
    tamperProtected: true,
    signatureAgeDays: 0,
    disabledByPolicy: false,
  };
  guest.defender.tamperProtected = true;
  settle(guest, before);
}
