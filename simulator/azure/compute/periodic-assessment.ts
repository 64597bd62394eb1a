import type { Machine } from '../../estates/machine.ts';
import { createRandom, seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import { isReachable } from '../machines/reach.ts';
import type { Store } from '../state.ts';
import { hasExpired } from './patch-rows.ts';
import { keepAssessment } from './patch-runs.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const KIND = 'periodic-assessment';

/**
 * Looks once a day for missing updates on each machine whose assessment mode is AutomaticByPlatform, each at an hour of its own. Machines
 * that were there before the clock began have been looked at already, as far as they could be reached.
 */
export function createPeriodicAssessment(store: Store, agenda: Agenda, seed: number): Performers {
  const { clock, state } = store;
  const hours = new WeakMap<Machine, number>();
  function hourOf(machine: Machine): number {
    const known = hours.get(machine) ?? seedOf(`${machine.id.toLowerCase()}|assessment`) % 24;
    hours.set(machine, known);
    return known;
  }
  const next = () => (Math.floor(clock.now() / HOUR) + 1) * HOUR;

  function keep(machine: Machine, at: number): void {
    const random = createRandom(seed ^ seedOf(`${machine.id.toLowerCase()}|${at}`));
    const startedAt = at - random.between(60_000, 4 * 60_000);
    keepAssessment(machine, { activityId: random.guid(), startedAt, startedBy: 'Platform', now: at });
  }
  function lookBack(): void {
    const hour = Math.floor(clock.now() / HOUR) * HOUR;
    for (const machine of state.estate.machines.filter(isAssessed)) {
      if (machine.patching.assessment) continue;
      const last = lastSeen(machine, clock.now());
      const back = (new Date(hour).getUTCHours() - hourOf(machine) + 24) % 24;
      const latest = hour - back * HOUR;
      if (last !== null) keep(machine, latest - Math.max(0, Math.ceil((latest - last) / DAY)) * DAY);
    }
  }
  function tick(): void {
    const hour = new Date(clock.now()).getUTCHours();
    agenda.schedule({ at: next(), kind: KIND, subject: '' });
    for (const machine of state.estate.machines) {
      const due = hourOf(machine) === hour && isAssessed(machine) && isReachable(machine);
      if (due) keep(machine, clock.now());
      if (due || hasExpired(machine, clock.now(), HOUR)) store.touch(machine);
    }
  }
  if (!state.agenda.some(({ kind }) => kind === KIND)) {
    lookBack();
    agenda.schedule({ at: next(), kind: KIND, subject: '' });
  }
  return { [KIND]: tick };
}

function isAssessed({ patching, sparse, os, arc, vm }: Machine): boolean {
  if (patching.assessmentMode !== 'AutomaticByPlatform' || sparse || os.type === '') return false;
  return vm ? vm.reported : arc?.configMode === 'full' && arc.extensionsEnabled;
}

/** When it could last be reached (virtual ms); null = nobody knows. */
function lastSeen(machine: Machine, now: number): number | null {
  if (isReachable(machine)) return now;
  return machine.arc ? Date.parse(machine.arc.lastStatusChange) : null;
}
