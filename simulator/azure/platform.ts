import type { Subscription } from '../estates/estate.ts';
import type { Machine } from '../estates/machine.ts';
import { createRandom, seedOf } from '../random.ts';
import type { Agenda, Performers } from './agenda.ts';
import { defenderExtension, type Extensions } from './machines/extensions.ts';
import { takesDefender } from './machines/reach.ts';
import { SETTINGS_INITIATIVE } from './policy-catalogue.ts';
import type { Store } from './state.ts';

const MINUTE = 60_000;

/** What Defender for Cloud and Azure Policy do by themselves, a virtual while after something made them. */
export interface Platform {
  /** Looks at the whole estate and plans what follows from it; to be called after every change of settings, plans or machines. */
  review: () => void;
  /** A setting was written: policies that deploy settings look at it again. */
  settingWritten: (subscription: Subscription) => void;
  due: Performers;
}

export function createPlatform(store: Store, agenda: Agenda, extensions: Extensions, seed: number): Platform {
  const { clock, state } = store;
  const after = (subject: string, low: number, high: number) =>
    clock.now() + createRandom(seed ^ seedOf(subject.toLowerCase())).between(low * MINUTE, high * MINUTE);

  function review(): void {
    for (const machine of state.estate.machines) {
      const subject = machine.id.toLowerCase();
      const wanted = wantsExtension(machine) && extensions.defender(machine) === undefined;
      const planned = agenda.planned('extension-arrives', subject);
      if (wanted && !planned) agenda.schedule({ at: after(subject, 5, 40), kind: 'extension-arrives', subject });
      if (!wanted && planned) agenda.cancel('extension-arrives', subject);
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
    if (!machine || !wantsExtension(machine) || extensions.defender(machine)) return;
    extensions.install(machine, defenderExtension(machine));
  }
  function settingWritten(subscription: Subscription): void {
    const subject = subscription.id.toLowerCase();
    if (subscription.settings.WDATP || !isDeployed(subscription) || agenda.planned('setting-flips', subject)) return;
    agenda.schedule({ at: after(`${subject}|flip`, 10, 25), kind: 'setting-flips', subject });
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
  return { review, settingWritten, due: { 'extension-arrives': extensionArrives, 'setting-flips': settingFlips } };
}
