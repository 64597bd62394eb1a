import type { Subscription } from '../estates/estate.ts';
import type { Machine } from '../estates/machine.ts';
import { createRandom, seedOf } from '../random.ts';
import type { Agenda } from './agenda.ts';
import { settle } from './machines/protection.ts';
import { takesDefender } from './machines/reach.ts';
import { SETTINGS_INITIATIVE } from './policy-catalogue.ts';
import type { Store } from './state.ts';

const MINUTE = 60_000;
const PUBLISHER = 'Microsoft.Azure.AzureDefenderForServers';
const TYPES = { windows: 'MDE.Windows', linux: 'MDE.Linux' } as const;

/** What Defender for Cloud and Azure Policy do by themselves, a virtual while after something made them. */
export interface Platform {
  /** Looks at the whole estate and plans what follows from it; to be called after every change of settings, plans or machines. */
  review: () => void;
  /** A setting was written: policies that deploy settings look at it again. */
  settingWritten: (subscription: Subscription) => void;
  extensionArrives: (machineId: string) => void;
  extensionEnds: (machineId: string) => void;
  settingFlips: (subscriptionId: string) => void;
}

export function createPlatform(store: Store, agenda: () => Agenda, seed: number): Platform {
  const { clock, state } = store;
  const after = (subject: string, low: number, high: number) =>
    clock.now() + createRandom(seed ^ seedOf(subject.toLowerCase())).between(low * MINUTE, high * MINUTE);

  function review(): void {
    for (const machine of state.estate.machines) {
      const subject = machine.id.toLowerCase();
      const wanted = wantsExtension(machine) && extensionOf(machine) === undefined;
      const planned = agenda().planned('extension-arrives', subject);
      if (wanted && !planned) agenda().schedule({ at: after(subject, 5, 40), kind: 'extension-arrives', subject });
      if (!wanted && planned) agenda().cancel('extension-arrives', subject);
    }
  }
  function wantsExtension(machine: Machine): boolean {
    const subscription = store.subscription(machine.subscriptionId);
    if (subscription?.plan.tier !== 'Standard' || !subscription.settings.WDATP || !takesDefender(machine)) return false;
    if (machine.os.type === 'linux') return !subscription.settings.WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW;
    return subscription.settings.WDATP_UNIFIED_SOLUTION || !/2012|2016/.test(machine.os.name);
  }
  function extensionArrives(machineId: string): void {
    const machine = store.machineById(machineId);
    if (!machine || !wantsExtension(machine) || extensionOf(machine)) return;
    const type = TYPES[machine.os.type as 'windows' | 'linux'];
    const settings = { azureResourceId: machine.id, autoUpdate: true, forceReOnboarding: false, vNextEnabled: true };
    machine.extensions.push({ name: type, publisher: PUBLISHER, type, version: '1.0', state: 'Creating', message: '', settings });
    agenda().schedule({ at: after(`${machineId}|ends`, 2, 6), kind: 'extension-ends', subject: machineId });
    store.touch();
  }
  function extensionEnds(machineId: string): void {
    const machine = store.machineById(machineId);
    const extension = machine && extensionOf(machine);
    if (!machine || extension?.state !== 'Creating') return;
    const failure = machine.guest.extensionFailure;
    extension.state = failure ? 'Failed' : 'Succeeded';
    extension.message = failure
      ? `Failed to configure Microsoft Defender for Endpoint: exit code ${failure.code}: ${failure.message}`
      : 'Onboarding succeeded';
    if (!failure) onboard(machine);
    store.touch();
  }
  function settingWritten(subscription: Subscription): void {
    const subject = subscription.id.toLowerCase();
    if (subscription.settings.WDATP || !isDeployed(subscription) || agenda().planned('setting-flips', subject)) return;
    agenda().schedule({ at: after(`${subject}|flip`, 10, 25), kind: 'setting-flips', subject });
  }
  function settingFlips(subscriptionId: string): void {
    const subscription = store.subscription(subscriptionId);
    if (!subscription || !isDeployed(subscription)) return;
    Object.assign(subscription.settings, { WDATP: true, WDATP_UNIFIED_SOLUTION: true, WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW: false });
    store.touch();
    review();
  }
  function isDeployed(subscription: Subscription): boolean {
    const path = `/subscriptions/${subscription.id}`.toLowerCase();
    return state.estate.assignments.some(
      (assignment) =>
        assignment.policyDefinitionId.toLowerCase().endsWith(SETTINGS_INITIATIVE) &&
        assignment.enforcementMode === 'Default' &&
        (assignment.scope.toLowerCase() === path || assignment.scope.toLowerCase().includes('/managementgroups/')) &&
        !assignment.notScopes.some((scope) => scope.toLowerCase() === path),
    );
  }
  return { review, settingWritten, extensionArrives, extensionEnds, settingFlips };
}

function extensionOf(machine: Machine) {
  return machine.extensions.find((extension) => extension.publisher.toLowerCase() === PUBLISHER.toLowerCase());
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
