import { createRandom, seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import type { Store } from '../state.ts';
import { isScanned, scan } from './edr-scan.ts';

const DAY = 86_400_000;
const SUBJECT = 'tenant';

/** Agentless scanning: once a day it reads the disks of the machines it reaches. */
export interface EdrScans {
  /** Begins, if it never has. */
  review(): void;
  due: Performers;
}

export function createEdrScans(store: Store, agenda: Agenda, seed: number): EdrScans {
  const { state, clock } = store;
  function scanAll(): void {
    const at = clock.now();
    const machines = state.estate.machines.filter((machine) => {
      const subscription = store.subscription(machine.subscriptionId);
      return subscription !== undefined && isScanned(state.estate, subscription, machine);
    });
    state.edrScans = Object.fromEntries(machines.map((machine) => [machine.id.toLowerCase(), scan(machine, at)]));
    store.touch();
    schedule(DAY);
  }
  function schedule(delay: number): void {
    agenda.schedule({ at: clock.now() + delay, kind: 'agentless-scan', subject: SUBJECT });
  }
  return {
    review() {
      if (agenda.planned('agentless-scan', SUBJECT)) return;
      scanAll();
      schedule(createRandom(seed ^ seedOf('agentless-scan')).between(DAY / 4, DAY));
    },
    due: { 'agentless-scan': scanAll },
  };
}
