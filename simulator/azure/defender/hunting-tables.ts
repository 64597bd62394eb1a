import type { Machine } from '../../estates/machine.ts';
import type { Row } from '../kql/index.ts';
import type { Store } from '../state.ts';
import { KEPT_DAYS } from './histories.ts';
import { deviceInfoRow, gatheringRow, inventoryRows, sightingRow } from './hunting-rows.ts';
import type { HuntingTable } from './hunting-schema.ts';
import { ASSESSMENTS, DEVICE_REPORTS, lastReport, type Report, reportsOf } from './reports.ts';
import { type Seen, sightingsOf } from './sightings.ts';
import type { Period } from './state.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Reports kept of one device: fewer when there are very many devices, never fewer than three. */
const REPORTS = { all: 200_000, most: 16, fewest: 3 };

/** From when to when a query looks (virtual ms). */
export interface Window {
  from: number;
  until: number;
}

/** The rows of the hunting tables at this moment. */
export function createHuntingTables(store: Store): (table: HuntingTable, window: Window) => Row[] {
  const rows = new WeakMap<Period, Map<string, Row>>();

  // A report never changes, so its row is made once and the query engine need not read it again.
  function remembered(table: HuntingTable, report: Report, make: () => Row): Row {
    const known = rows.get(report.period) ?? new Map<string, Row>();
    rows.set(report.period, known);
    const key = `${table}|${report.at}`;
    const row = known.get(key) ?? make();
    known.set(key, row);
    return row;
  }
  function devices(): { machine: Machine; history: readonly Period[] }[] {
    const { estate, defender } = store.state;
    return estate.machines.flatMap((machine) => {
      const history = defender.histories[machine.id.toLowerCase()];
      return history ? [{ machine, history }] : [];
    });
  }
  function horizon(lagMinutes: number, { from, until }: Window): Window {
    const now = store.clock.now();
    return { from: Math.max(from, now - KEPT_DAYS * DAY), until: Math.min(until, now - lagMinutes * MINUTE) };
  }
  function deviceInfo(window: Window): Row[] {
    const { from, until } = horizon(store.state.estate.directory.lagMinutes.devices, window);
    const seen = sightingsOf(store.state.estate, store.clock.now());
    const merged = Map.groupBy(seen, ({ mergedTo }) => mergedTo);
    const known = devices();
    const limit = Math.max(REPORTS.fewest, Math.min(REPORTS.most, Math.floor(REPORTS.all / Math.max(1, known.length))));
    const own = known.flatMap(({ machine, history }) =>
      reportsOf(machine.id, history, DEVICE_REPORTS, from, until, limit).map((report) => {
        const before = (merged.get(report.period.facts.deviceId) ?? []).map(({ id }) => id);
        return remembered('DeviceInfo', report, () => deviceInfoRow(machine, report, before));
      }),
    );
    return [...own, ...seen.flatMap((sighting) => instantsOf(sighting, from, until).map((at) => sightingRow(sighting, at)))];
  }
  function gathering(window: Window): Row[] {
    const { from, until } = horizon(store.state.estate.directory.lagMinutes.vulnerabilities, window);
    return devices().flatMap(({ machine, history }) =>
      reportsOf(machine.id, history, ASSESSMENTS, from, until, REPORTS.most).map((report) =>
        remembered('DeviceTvmInfoGathering', report, () => gatheringRow(machine, report)),
      ),
    );
  }
  // The inventory is what is known now, so a query's timespan means nothing to it.
  function inventory(): Row[] {
    const { from, until } = horizon(store.state.estate.directory.lagMinutes.vulnerabilities, { from: 0, until: Number.POSITIVE_INFINITY });
    return devices().flatMap(({ machine, history }) => {
      const report = lastReport(machine.id, history, ASSESSMENTS, until);
      return report && report.at >= from ? inventoryRows(machine, report) : [];
    });
  }
  const makers: Record<HuntingTable, (window: Window) => Row[]> = {
    DeviceInfo: deviceInfo,
    DeviceTvmInfoGathering: gathering,
    DeviceTvmSoftwareInventory: inventory,
  };
  return (table, window) => makers[table](window);
}

// Once a day, and the last time.
function instantsOf({ firstSeen, lastSeen }: Seen, from: number, until: number): number[] {
  const [first, last] = [Date.parse(firstSeen), Date.parse(lastSeen)];
  const days = Math.min(Math.floor(Math.max(0, last - first) / DAY), KEPT_DAYS);
  return Array.from({ length: days + 1 }, (_, day) => last - (days - day) * DAY).filter((at) => at >= from && at <= until);
}
