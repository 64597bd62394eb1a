import { createRandom, seedOf } from '../random.ts';
import { plainMachine } from './build-machine.ts';
import { type Estate, parseEstate } from './estate.ts';
import { SAMPLE_CASES, type SampleCase } from './sample-cases.ts';
import { sampleDirectory } from './sample-directory.ts';
import { SUBSCRIPTIONS, sampleFrame } from './sample-frame.ts';
import { SAMPLE_MACHINES } from './sample-machines.ts';
import { SAMPLE_MAINTENANCE, withUpkeep } from './sample-upkeep.ts';
import { TRAITS } from './traits.ts';

/**
 * The estate the rehearsal starts with: some 70 machines, something of everything a migration meets. `now` is the clock's start in ms;
 * with fewer `cases` the machines concerned are ordinary ones.
 */
export function sampleEstate(seed: number, now: number, cases: readonly SampleCase[] = SAMPLE_CASES): Estate {
  const machines = SAMPLE_MACHINES.map(([subscription, resourceGroup, kind, name, os, ring, owner, product]) => {
    const random = createRandom(seed ^ seedOf(`${subscription}/${name}`));
    const location = subscription === 'branch' ? 'northeurope' : 'westeurope';
    const plain = plainMachine(
      { name, kind, subscriptionId: SUBSCRIPTIONS[subscription], resourceGroup, location, os, ring, owner, product },
      random,
      now,
    );
    const traits = cases.flatMap(([, own, ...names]) =>
      names.some((one) => one === name || one === `${resourceGroup}/${name}`) ? own : [],
    );
    return withUpkeep(traits.reduce((machine, trait) => TRAITS[trait](machine, now), plain));
  });
  return parseEstate({ ...sampleFrame(now), directory: sampleDirectory(now), machines, maintenanceConfigurations: SAMPLE_MAINTENANCE });
}
