import type { Machine } from '../../estates/machine.ts';
import { createRandom, seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import { restart } from '../machines/restart.ts';
import type { Store } from '../state.ts';

const MINUTE = 60_000;
const DOWN = 'guest-goes-down';
const UP = 'guest-comes-up';

/** Restarts that a machine was asked for from inside: it goes down when it was told to, and has booted 2 to 4 virtual minutes later. */
export interface GuestRestarts {
  ask(machine: Machine, inMs: number): void;
  due(interrupt: (machine: Machine) => void): Performers;
}

export function createGuestRestarts(store: Store, agenda: Agenda, seed: number): GuestRestarts {
  const { clock, state } = store;
  return {
    ask(machine, inMs) {
      agenda.schedule({ at: clock.now() + inMs, kind: DOWN, subject: machine.id.toLowerCase() });
    },
    due: (interrupt) => ({
      [DOWN](subject) {
        const machine = store.machineById(subject);
        // Somebody cut it off meanwhile: it restarts with whatever brings it back.
        if (!machine?.guest.online) return;
        interrupt(machine);
        machine.guest.online = false;
        const random = createRandom(seed ^ seedOf(`${subject}|guest-restart|${state.draws}`));
        agenda.schedule({ at: clock.now() + random.between(2 * MINUTE, 4 * MINUTE), kind: UP, subject });
        store.touch(machine);
      },
      [UP](subject) {
        const machine = store.machineById(subject);
        if (!machine || machine.guest.online) return;
        machine.guest.online = true;
        restart(machine, clock.now());
        store.touch(machine);
      },
    }),
  };
}
