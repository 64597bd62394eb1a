import type { Extension, Machine } from '../../estates/machine.ts';
import { createRandom, seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import type { Store } from '../state.ts';
import { installationFailure } from './installation-failure.ts';
import { onboard } from './onboarding.ts';
import { isReachable } from './reach.ts';
import { planFirstReport } from './sensor.ts';

const MINUTE = 60_000;
const RETRY_MINUTES = 5;
export const DEFENDER_PUBLISHER = 'Microsoft.Azure.AzureDefenderForServers';
export const DEFENDER_TYPES = { windows: 'MDE.Windows', linux: 'MDE.Linux' } as const;

export type WantedExtension = Pick<Extension, 'name' | 'publisher' | 'type' | 'version' | 'settings'>;

/** Puts extensions on machines, whoever asked for it: Defender for Cloud, a policy's remediation or a request. */
export interface Extensions {
  /** Begins (or begins again) an installation; it ends some virtual minutes later as the machine decides, or once it is back. */
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
  const endsIn = (subject: string, delay: number) => agenda.schedule({ at: store.clock.now() + delay, kind: 'extension-ends', subject });

  function install(machine: Machine, wanted: WantedExtension): Extension {
    const known = find(machine, wanted.name);
    const extension = Object.assign(known ?? created(), wanted, { message: '', changedAt: new Date(store.clock.now()).toISOString() });
    extension.state = known ? 'Updating' : 'Creating';
    if (!known) machine.extensions.push(extension);
    const subject = keyOf(machine, wanted.name);
    endsIn(subject, createRandom(seed ^ seedOf(`${subject}|ends`)).between(2 * MINUTE, 6 * MINUTE));
    store.touch(machine);
    return extension;
  }
  function remove(machine: Machine, name: string): boolean {
    const known = find(machine, name);
    if (!known) return false;
    agenda.cancel('extension-ends', keyOf(machine, name));
    machine.extensions.splice(machine.extensions.indexOf(known), 1);
    store.touch(machine);
    return true;
  }
  function ends(subject: string): void {
    const [machineId = '', name = ''] = subject.split('|');
    const machine = store.machineById(machineId);
    const extension = machine && find(machine, name);
    if (!machine || (extension?.state !== 'Creating' && extension?.state !== 'Updating')) return;
    if (!isReachable(machine)) {
      endsIn(subject, RETRY_MINUTES * MINUTE);
      return;
    }
    const { failure, message } = isDefender(extension) ? endOf(machine, extension, store.clock.now()) : OTHER;
    Object.assign(extension, { state: failure ? 'Failed' : 'Succeeded', message, changedAt: new Date(store.clock.now()).toISOString() });
    if (machine.guest.onboarded && machine.guest.sensor.lastSeen === null) planFirstReport(agenda, machine, store.clock.now());
    store.touch(machine);
  }
  return {
    install,
    remove,
    find,
    defender: (machine) => machine.extensions.find(isDefender),
    due: { 'extension-ends': ends },
  };
}

const OTHER = { failure: false, message: 'Enable succeeded.' };

const NO_PACKAGE = { code: 30, message: 'the onboarding package was not found' };

function endOf(machine: Machine, { settings, onboardingPackageHash }: Extension, now: number): { failure: boolean; message: string } {
  const failure = onboardingPackageHash === '' && !machine.guest.onboarded ? NO_PACKAGE : installationFailure(machine);
  if (failure) {
    return { failure: true, message: `Failed to configure Microsoft Defender for Endpoint: exit code ${failure.code}: ${failure.message}` };
  }
  // Policies send their flags as text.
  onboard(machine, String(settings['forceReOnboarding']) === 'true', now);
  return { failure: false, message: 'Onboarding succeeded' };
}

function created(): Omit<Extension, keyof WantedExtension> {
  return {
    state: 'Creating',
    message: '',
    autoUpgradeMinorVersion: true,
    enableAutomaticUpgrade: false,
    forceUpdateTag: '',
    tags: {},
    changedAt: null,
    onboardingPackageHash: null,
  };
}

function isDefender(extension: Extension): boolean {
  return extension.publisher.toLowerCase() === DEFENDER_PUBLISHER.toLowerCase();
}
