import type { AroundKind, AroundOf } from './around.ts';
import type { Evidence } from './evidence.ts';
import { freshOrUnread } from './fresh.ts';
import type { Instant } from './instant.ts';
import type { MachineSubject, Snapshot } from './snapshot.ts';

/**
 * What a check may look at around its own subject: the machines of the migration, and what was read about them, fresh or unread with the
 * reason. It never blocks a verdict by itself.
 */
export interface Surroundings<A extends AroundKind = AroundKind> extends Neighbours {
  about<P extends A>(kind: P, subjectId: string): Evidence<AroundOf[P]>;
}

/** The machines of the migration, by what they are looked for. */
export interface Neighbours {
  readonly machines: readonly MachineSubject[];
  /** The machines of a subscription, by its id. */
  machinesIn(subscriptionId: string): readonly MachineSubject[];
  /** The machines a host name may mean. A short name means every machine of that name; a full one those that bear it, or do not tell theirs. */
  machinesNamed(host: string): readonly MachineSubject[];
}

/** The surroundings of every subject of a snapshot at `now`. */
export function surroundingsOf(snapshot: Snapshot, now: Instant): Surroundings {
  return { ...neighboursOf(snapshot.machines), about: (kind, subjectId) => freshOrUnread(snapshot, kind, subjectId, now) };
}

/** An index over machines, made when it is first asked for. */
export function neighboursOf(machines: readonly MachineSubject[]): Neighbours {
  const bySubscription = once(() => Map.groupBy(machines, ({ facts }) => facts.subscriptionId.toLowerCase()));
  const byName = once(() => Map.groupBy(machines, ({ name }) => firstLabel(name)));
  // A whole fleet asks for the same few servers.
  const byHost = new Map<string, readonly MachineSubject[]>();
  return {
    machines,
    machinesIn: (subscriptionId) => bySubscription().get(subscriptionId.toLowerCase()) ?? [],
    machinesNamed(host) {
      const found = byHost.get(host) ?? named(host.toLowerCase(), byName());
      byHost.set(host, found);
      return found;
    },
  };
}

function named(host: string, byName: ReadonlyMap<string, readonly MachineSubject[]>): readonly MachineSubject[] {
  const alike = byName.get(firstLabel(host)) ?? [];
  if (!host.includes('.')) return alike;
  const exact = alike.filter(({ facts }) => facts.fqdn === host);
  return exact.length > 0 ? exact : alike.filter(({ facts }) => facts.fqdn === '');
}

function firstLabel(host: string): string {
  return host.toLowerCase().split('.', 1)[0] as string;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
