import type { Machine } from '../../estates/machine.ts';
import { seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import type { Store } from '../state.ts';
import { definitionsArrive } from './definitions.ts';
import { followOutages, nextTurn } from './outages.ts';
import { refreshPolicy } from './passive-key.ts';
import { planFirstReport, reportSensor, startSensor } from './sensor.ts';
import { synchronise } from './wsus-sync.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
/** The whole fleet in one go, so that a fleet of any size plans one entry. */
const REPORTS_EVERY = 4 * HOUR;
const POLICY_EVERY = 5 * MINUTE;
const EVERYBODY = 'fleet';

/** What machines do by themselves while time passes: they go away and come back, report, age and apply domain policies. */
export interface DailyLife {
  /** Looks at the whole estate and plans what is to come. */
  review: () => void;
  due: Performers;
}

export function createDailyLife(store: Store, agenda: Agenda): DailyLife {
  const { clock, state } = store;

  function review(): void {
    const now = clock.now();
    for (const machine of state.estate.machines) {
      if (machine.guest.outages.length > 0) planOutages(machine, now);
      if (machine.guest.onboarded) watchSensor(machine, now);
    }
    planRound('fleet-reports', REPORTS_EVERY);
    if (state.estate.machines.some(({ guest }) => guest.gpo !== null)) planRound('group-policy', POLICY_EVERY);
  }
  function planRound(kind: string, every: number): void {
    const now = clock.now();
    if (!agenda.planned(kind, EVERYBODY)) agenda.schedule({ at: now - (now % every) + every, kind, subject: EVERYBODY });
  }
  function planOutages(machine: Machine, now: number): void {
    const before = machine.guest.online;
    followOutages(machine, now);
    if (machine.guest.online !== before) store.touch(machine);
    const subject = machine.id.toLowerCase();
    const at = nextTurn(machine, now);
    if (at === null) agenda.cancel('outage-turns', subject);
    else agenda.schedule({ at, kind: 'outage-turns', subject });
  }
  function outageTurns(machineId: string): void {
    const machine = store.machineById(machineId);
    if (!machine) return;
    planOutages(machine, clock.now());
    store.touch(machine);
  }
  // A machine an estate calls onboarded has reported for long; one onboarded here does so within minutes.
  function watchSensor(machine: Machine, now: number): void {
    const { sensor, lastBoot } = machine.guest;
    if (sensor.lastSeen !== null || agenda.planned('sensor-reports', machine.id.toLowerCase())) return;
    if (sensor.deviceId !== null) planFirstReport(agenda, machine, now);
    else {
      startSensor(machine, Date.parse(lastBoot));
      reportSensor(machine, now);
      store.touch(machine);
    }
  }
  function sensorReports(machineId: string): void {
    const machine = store.machineById(machineId);
    if (machine && reportSensor(machine, clock.now())) store.touch(machine);
  }
  function fleetReports(): void {
    const now = clock.now();
    let different = false;
    for (const machine of state.estate.machines) {
      if (reportSensor(machine, now)) different = true;
      if (definitionsArrive(machine, now, REPORTS_EVERY)) different = true;
      if (synchronise(machine, now)) different = true;
    }
    planRound('fleet-reports', REPORTS_EVERY);
    // Nothing of this is in what Azure shows of a machine.
    if (different) store.touch(null);
  }
  function groupPolicy(): void {
    const now = clock.now();
    const bound = state.estate.machines.filter(({ guest }) => guest.gpo !== null);
    const written = bound.filter((machine) => refreshesNow(machine, now) && refreshPolicy(machine, now));
    if (bound.length > 0) planRound('group-policy', POLICY_EVERY);
    if (written.length > 0) store.touch();
  }
  return {
    review,
    due: { 'outage-turns': outageTurns, 'sensor-reports': sensorReports, 'fleet-reports': fleetReports, 'group-policy': groupPolicy },
  };
}

/** Whether the machine's own refresh lies in the round that ends at `now`; each machine has its own place in the interval. */
function refreshesNow({ id, vm, guest }: Machine, now: number): boolean {
  if (!guest.gpo || !guest.online || (vm !== null && vm.power !== 'running')) return false;
  const interval = guest.gpo.refreshMinutes * MINUTE;
  const offset = seedOf(id.toLowerCase()) % interval;
  return Math.floor((now + offset) / interval) > Math.floor((now - POLICY_EVERY + offset) / interval);
}
