import type { Guest } from '../../estates/guest.ts';
import type { Machine } from '../../estates/machine.ts';
import { protectionOf, settle } from './protection.ts';

const TURNS_KEPT = 200;

/** Something happens inside a machine at `now` (virtual ms): what follows from it follows, and a change of protection is noted. */
export function change<T>(machine: Machine, now: number, cause: string, act: (guest: Guest) => T): T {
  const before = structuredClone(machine.guest);
  const outcome = act(machine.guest);
  settle(machine.guest, before);
  noteTurn(machine.guest, before, now, cause);
  return outcome;
}

/** Notes in the guest's history that other engines protect it than before; the oldest turns are forgotten. */
export function noteTurn(guest: Guest, before: Guest, now: number, cause: string): void {
  const [from, to] = [protectionOf(before), protectionOf(guest)];
  if (from === to) return;
  guest.history.push({ at: new Date(now).toISOString(), from, to, cause });
  guest.history.splice(0, guest.history.length - TURNS_KEPT);
}
