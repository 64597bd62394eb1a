import type { Guest } from '../../estates/guest.ts';
import type { Machine } from '../../estates/machine.ts';
import { restart } from './restart.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Without a heartbeat an Arc machine shows as Disconnected after this, as Expired after that. */
const DISCONNECTED_AFTER = 15 * MINUTE;
const EXPIRED_AFTER = 45 * DAY;

type Outage = Guest['outages'][number];

/** The next moment after `now` (virtual ms) at which an outage of the machine changes something; null when none does. */
export function nextTurn({ guest, arc }: Machine, now: number): number | null {
  const turns = guest.outages.flatMap((outage) => {
    const { from, until } = spanOf(outage);
    const heartbeats = arc ? [from + DISCONNECTED_AFTER, from + EXPIRED_AFTER] : [];
    return [from, ...heartbeats.filter((at) => at < until), until];
  });
  const ahead = turns.filter((at) => at > now);
  return ahead.length > 0 ? Math.min(...ahead) : null;
}

/** Brings the machine in line with its outages at `now`; one that was cut off and is so no longer comes back. */
export function followOutages(machine: Machine, now: number): void {
  const current = machine.guest.outages.find((outage) => spanOf(outage).from <= now && now < spanOf(outage).until);
  if (current) goDown(machine, current, now);
  else if (!machine.guest.online) comeBack(machine, now);
}

function goDown(machine: Machine, outage: Outage, now: number): void {
  const { from } = spanOf(outage);
  machine.guest.online = false;
  if (machine.vm && outage.kind === 'power') machine.vm.power = 'deallocated';
  if (now >= from + EXPIRED_AFTER) showArc(machine, 'Expired', from + EXPIRED_AFTER);
  else if (now >= from + DISCONNECTED_AFTER) showArc(machine, 'Disconnected', from + DISCONNECTED_AFTER);
}

function comeBack(machine: Machine, now: number): void {
  const ended = machine.guest.outages.filter((outage) => spanOf(outage).until <= now);
  const last = ended.sort((a, b) => spanOf(a).until - spanOf(b).until).at(-1);
  if (!last) return;
  machine.guest.online = true;
  if (machine.vm && last.kind === 'power') machine.vm.power = 'running';
  if (last.kind === 'power') restart(machine, spanOf(last).until);
  // An expired machine has to be connected anew by somebody on it.
  if (machine.arc?.status === 'Disconnected') showArc(machine, 'Connected', spanOf(last).until);
}

function showArc({ arc }: Machine, status: 'Connected' | 'Disconnected' | 'Expired', at: number): void {
  if (!arc || arc.status === status) return;
  arc.status = status;
  arc.lastStatusChange = new Date(at).toISOString();
}

function spanOf({ from, until }: Outage): { from: number; until: number } {
  return { from: Date.parse(from), until: Date.parse(until) };
}
