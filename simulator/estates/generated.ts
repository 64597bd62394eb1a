import { createRandom } from '../random.ts';
import { type MachineInput, plainMachine } from './build-machine.ts';
import { type Estate, parseEstate } from './estate.ts';
import { type Facts, generatedFacts } from './generated-facts.ts';
import { withLife } from './generated-life.ts';
import { generatedMaintenance } from './generated-maintenance.ts';
import { generatedSubscriptions } from './generated-subscriptions.ts';
import { withMissingUpdates, withStaleDefender } from './generated-updates.ts';
import { withWsus, wsusServers } from './generated-wsus.ts';
import { machineId } from './machine.ts';

/** `size` machines in realistic proportions, the same for the same seed. `now` is the clock's start in ms. */
export function generatedEstate(size: number, seed: number, now: number): Estate {
  const random = createRandom(seed);
  const { frame, fleets } = generatedSubscriptions(size, now);
  const all = generatedFacts(size, fleets, random);
  const servers = wsusServers(all, random);
  const machines = all.map((facts) => {
    const plain = plainMachine({ ...facts, subscriptionId: facts.fleet.id, environment: facts.fleet.key }, random, now);
    const isServer = servers.get(facts.fleet)?.has(facts) ?? false;
    const lived = isServer ? plain : withLife(plain, facts, random, now);
    return withWsus(unpatched(lived, facts), facts, servers.get(facts.fleet) ?? new Map(), random, now);
  });
  const withIds = machines.map((machine) => ({ ...machine, id: machine.id ?? machineId(machine) }));
  return parseEstate({ ...frame, machines: withIds, maintenanceConfigurations: generatedMaintenance(fleets, withIds) });

  function unpatched(machine: MachineInput, { os }: Facts): MachineInput {
    const stale = machine.guest?.defender && random.next() < 0.3 ? withStaleDefender(machine) : machine;
    return withMissingUpdates(stale, os, random, now);
  }
}
