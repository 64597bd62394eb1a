import { createRandom, seedOf } from '../random.ts';
import { plainMachine } from './build-machine.ts';
import { type Estate, parseEstate } from './estate.ts';
import { SUBSCRIPTIONS, sampleFrame } from './sample-frame.ts';
import { SAMPLE_MACHINES } from './sample-machines.ts';
import { TRAITS } from './traits.ts';

/** The estate the rehearsal starts with: 60 machines, something of everything a migration meets. `now` is the clock's start in ms. */
export function sampleEstate(seed: number, now: number): Estate {
  const machines = SAMPLE_MACHINES.map(([subscription, resourceGroup, kind, name, os, ring, owner, product, ...traits]) => {
    const random = createRandom(seed ^ seedOf(`${subscription}/${name}`));
    const location = subscription === 'branch' ? 'northeurope' : 'westeurope';
    const plain = plainMachine(
      { name, kind, subscriptionId: SUBSCRIPTIONS[subscription], resourceGroup, location, os, ring, owner, product },
      random,
      now,
    );
    return traits.reduce((machine, trait) => TRAITS[trait](machine, now), plain);
  });
  return parseEstate({ ...sampleFrame(now), machines });
}
