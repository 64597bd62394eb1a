import type { Subscription } from '../../estates/estate.ts';
import type { Machine } from '../../estates/machine.ts';
import { seedOf } from '../../random.ts';
import type { Store } from '../state.ts';

/** What has changed since the last look: `own` = a resource itself, `related` = only what belongs to it. */
export interface Changes {
  own: string[];
  related: string[];
}

type Print = [own: number, related: number];

/**
 * Notices which resources have become others. Nobody has to say what he changed: whoever touches the state is heard, and the next look
 * compares fingerprints, so that a change behind everybody's back counts too.
 */
export function createChanges(store: Store, onTouch: () => void) {
  // Null = anything may have changed, as after a restart.
  let dirty: Set<string> | null = null;
  store.watch((machine) => {
    if (machine === undefined) dirty = null;
    else if (machine !== null) dirty?.add(machine.id.toLowerCase());
    onTouch();
  });
  function look(): Changes {
    const { estate, policy } = store.state;
    const among = dirty;
    const machines = among === null ? estate.machines : [...among].flatMap((id) => store.machineById(id) ?? []);
    const found: Changes = { own: [], related: [] };
    for (const machine of machines) compare(policy.seen, machine.id.toLowerCase(), printOf(machine), found);
    for (const subscription of estate.subscriptions) {
      compare(policy.seen, `/subscriptions/${subscription.id}`.toLowerCase(), printOfSubscription(subscription), found);
    }
    if (among === null) forgetTheGone(policy.seen, store);
    dirty = new Set();
    return found;
  }
  return { look };
}

function compare(seen: Record<string, Print>, id: string, print: Print, found: Changes): void {
  const before = seen[id];
  if (before?.[0] !== print[0]) found.own.push(id);
  else if (before[1] !== print[1]) found.related.push(id);
  seen[id] = print;
}

function forgetTheGone(seen: Record<string, Print>, store: Store): void {
  for (const id of Object.keys(seen)) {
    if (/^\/subscriptions\/[^/]+$/.test(id) ? !store.subscription(id.slice('/subscriptions/'.length)) : !store.machineById(id))
      delete seen[id];
  }
}

function printOf({ os, tags, location, sparse, extensions }: Machine): Print {
  const related = extensions.map(({ name, publisher, type, state }) => [name, publisher, type, state]);
  return [seedOf(JSON.stringify([os, tags, location, sparse])), seedOf(JSON.stringify(related))];
}

// Settings and plans are what policies keep at a subscription, so a change of theirs is one of the subscription.
function printOfSubscription({ plan, otherPlans, settings }: Subscription): Print {
  return [seedOf(JSON.stringify([plan.tier, plan.subPlan, otherPlans, settings])), 0];
}
