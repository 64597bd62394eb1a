import type { MachineFacts } from '../../../core/machine.ts';

/** Facts of machines that say the same by the same text in memory: a large fleet repeats a few places, systems and tags, and is kept at hand. */
export type Share = (facts: MachineFacts) => MachineFacts;

/** What is said is shared among the machines that one of these is asked about. */
export function sharing(): Share {
  const values = new Map<unknown, unknown>();
  const lists = new Map<string, unknown>();
  const same = <T>(value: T): T => {
    const known = values.get(value);
    if (known === undefined) values.set(value, value);
    return (known ?? value) as T;
  };
  const alike = <T>(value: T): T => {
    const key = JSON.stringify(value);
    const known = lists.get(key);
    if (known === undefined) lists.set(key, value);
    return (known ?? value) as T;
  };
  return (facts) => ({
    ...facts,
    kind: same(facts.kind),
    subscriptionId: same(facts.subscriptionId),
    resourceGroup: same(facts.resourceGroup),
    location: same(facts.location),
    os: same(facts.os),
    osLabel: same(facts.osLabel),
    status: same(facts.status),
    configMode: same(facts.configMode),
    agentVersion: same(facts.agentVersion),
    refuses: alike(facts.refuses),
    esu: same(facts.esu),
    availabilitySet: same(facts.availabilitySet),
    tags: alike(facts.tags),
  });
}
