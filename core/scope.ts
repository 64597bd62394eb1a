import type { Outcome } from './outcome.ts';
import { ok, refused } from './outcome.ts';
import type { MachineSubject, Snapshot, Subject, SubscriptionSubject } from './snapshot.ts';

/** What a request or a question is about; absent fields do not narrow. A machine name may hold `*`. */
export interface Scope {
  readonly ring?: string;
  readonly subscription?: string;
  readonly resourceGroup?: string;
  readonly machine?: string;
}

/** Whom a scope can select. */
type Fleet = Pick<Snapshot, 'machines' | 'subscriptions'>;

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** The machines a scope selects. */
export function machinesIn(scope: Scope, snapshot: Fleet): readonly MachineSubject[] {
  const subscriptions = new Set(subscriptionsIn({ ...pick(scope) }, snapshot).map(({ id }) => id));
  const named = scope.machine === undefined ? null : wildcard(scope.machine);
  return snapshot.machines.filter(
    (machine) =>
      (scope.ring === undefined || same(machine.ring, scope.ring)) &&
      (scope.subscription === undefined || subscriptions.has(machine.facts.subscriptionId)) &&
      (scope.resourceGroup === undefined || same(machine.facts.resourceGroup, scope.resourceGroup)) &&
      (named === null || named.test(machine.name)),
  );
}

/** The subscriptions a scope selects, by name or id; all when it names none. */
export function subscriptionsIn(scope: Scope, snapshot: Pick<Snapshot, 'subscriptions'>): readonly SubscriptionSubject[] {
  const wanted = scope.subscription;
  if (wanted === undefined) return snapshot.subscriptions;
  return snapshot.subscriptions.filter(({ id, name }) => same(id, wanted) || same(name, wanted));
}

/** Does a scope speak of a subject? Its subscription is compared by id. The organisation is spoken of only where nothing is narrowed. */
export function inScope(scope: Scope, subject: Subject): boolean {
  const { ring, subscription, resourceGroup, machine } = scope;
  if (subject.kind === 'organisation') return [ring, subscription, resourceGroup, machine].every((part) => part === undefined);
  if (subject.kind === 'subscription') {
    return (
      [ring, resourceGroup, machine].every((part) => part === undefined) && (subscription === undefined || same(subscription, subject.id))
    );
  }
  return (
    (ring === undefined || same(ring, subject.ring)) &&
    (subscription === undefined || same(subscription, subject.facts.subscriptionId)) &&
    (resourceGroup === undefined || same(resourceGroup, subject.facts.resourceGroup)) &&
    (machine === undefined || wildcard(machine).test(subject.name))
  );
}

/** Refuses a scope that names something the migration does not have. */
export function checkScope(scope: Scope, snapshot: Fleet, rings: readonly string[]): Outcome<Scope> {
  if (scope.ring !== undefined && !rings.some((ring) => same(ring, scope.ring as string))) {
    return refused('unknown-ring', `There is no ring called “${scope.ring}”.`, `The rings are: ${rings.join(', ')}.`);
  }
  if (scope.subscription !== undefined && subscriptionsIn(scope, snapshot).length === 0) {
    const names = snapshot.subscriptions.map(({ name }) => name).join(', ');
    return refused('unknown-subscription', `The migration has no subscription called “${scope.subscription}”.`, `It covers: ${names}.`);
  }
  if (scope.resourceGroup !== undefined && machinesIn({ resourceGroup: scope.resourceGroup }, snapshot).length === 0) {
    return refused('unknown-resource-group', `No machine is in a resource group “${scope.resourceGroup}”.`, 'Check the spelling.');
  }
  if (scope.machine !== undefined && machinesIn({ machine: scope.machine }, snapshot).length === 0) {
    return refused('unknown-machine', `No machine is called “${scope.machine}”.`, 'Check the spelling, or ask with a * in the name.');
  }
  return ok(scope);
}

/** A scope in words: `ring canary`, `subscription corp-prod`, or `the whole migration`. */
export function scopeWords(scope: Scope): string {
  const parts = [
    scope.ring === undefined ? '' : `ring ${scope.ring}`,
    scope.subscription === undefined ? '' : `subscription ${scope.subscription}`,
    scope.resourceGroup === undefined ? '' : `resource group ${scope.resourceGroup}`,
    scope.machine === undefined ? '' : `machine ${scope.machine}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'the whole migration' : parts.join(', ');
}

function pick(scope: Scope): Scope {
  return scope.subscription === undefined ? {} : { subscription: scope.subscription };
}

function wildcard(pattern: string): RegExp {
  const source = pattern.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`, 'i');
}
