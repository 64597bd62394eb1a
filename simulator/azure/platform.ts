import type { Subscription } from '../estates/estate.ts';
import type { Machine } from '../estates/machine.ts';
import { createRandom, seedOf } from '../random.ts';
import type { Agenda, Performers } from './agenda.ts';
import { defenderExtension, type Extensions } from './machines/extensions.ts';
import { takesDefender } from './machines/reach.ts';
import { effectivePlan } from './security/plans.ts';
import type { Store } from './state.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** How long the first subscription of a tenant may wait for its extensions. */
const FIRST_WAIT = 12 * HOUR;

/** What Defender for Cloud does by itself, a virtual while after something made it. */
export interface Platform {
  /** Looks at the whole estate and plans what follows from it; to be called after every change of settings, plans or machines. */
  review: () => void;
  due: Performers;
}

export function createPlatform(store: Store, agenda: Agenda, extensions: Extensions, seed: number): Platform {
  const { clock, state } = store;

  // About an hour; for the first subscription of a tenant, whose Defender for Endpoint has yet to be set up, up to twelve.
  function arrival(subject: string, subscription: Subscription): number {
    const random = createRandom(seed ^ seedOf(subject));
    const delay = isNewTenant(subscription) ? random.between(HOUR, FIRST_WAIT) : random.between(40 * MINUTE, 54 * MINUTE);
    return clock.now() + delay;
  }
  function isNewTenant({ id, plan }: Subscription): boolean {
    const since = Date.parse(plan.enabledAt ?? '');
    if (!(clock.now() - since < FIRST_WAIT)) return false;
    return !state.estate.subscriptions.some((other) => other.id !== id && Date.parse(other.plan.enabledAt ?? '') < since);
  }
  function review(): void {
    for (const machine of state.estate.machines) {
      const subject = machine.id.toLowerCase();
      const subscription = store.subscription(machine.subscriptionId);
      const wanted = wantsExtension(machine) && extensions.defender(machine) === undefined;
      const planned = agenda.planned('extension-arrives', subject);
      if (wanted && !planned && subscription) agenda.schedule({ at: arrival(subject, subscription), kind: 'extension-arrives', subject });
      if (!wanted && planned) agenda.cancel('extension-arrives', subject);
    }
  }
  function wantsExtension(machine: Machine): boolean {
    const subscription = store.subscription(machine.subscriptionId);
    if (!subscription?.settings.WDATP || !takesDefender(machine)) return false;
    if (effectivePlan(state.estate, subscription, machine).tier !== 'Standard') return false;
    if (machine.os.type === 'linux') return !subscription.settings.WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW;
    return subscription.settings.WDATP_UNIFIED_SOLUTION || !/2012|2016/.test(machine.os.name);
  }
  function extensionArrives(machineId: string): void {
    const machine = store.machineById(machineId);
    if (!machine || !wantsExtension(machine) || extensions.defender(machine)) return;
    extensions.install(machine, defenderExtension(machine));
  }
  return { review, due: { 'extension-arrives': extensionArrives } };
}
