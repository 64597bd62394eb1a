import { z } from 'zod';
import type { Collection, Evidence } from '../../../core/evidence.ts';
import { read, unread } from '../../../core/evidence.ts';
import type { MaintenanceFacts } from '../../../core/facts/updates.ts';
import type { Instant } from '../../../core/instant.ts';
import type { AzureContext } from '../context.ts';
import { GRAPH_SOURCE } from '../graph-collection.ts';
import { malformed } from '../malformed.ts';
import type { FoundOfMachines } from '../of-machines.ts';
import { collectOfMachines, machineBefore } from '../of-machines.ts';
import { queries } from '../queries.ts';
import type { GraphRow } from '../resource-graph.ts';

const WHAT = 'the maintenance configurations';
const PART = '/providers/microsoft.maintenance/';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const assignmentRow = z.object({ id: z.string().min(1), configuration: z.string().min(1) });
const configurationRow = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  startsAt: text,
  recurs: text,
  duration: text,
  timeZone: text,
  reboot: text,
});

type Configuration = MaintenanceFacts['configurations'][number];
type Evidences = Map<string, Evidence<MaintenanceFacts>>;

/**
 * The maintenance configurations every machine is assigned to. One that is assigned to a subscription or a resource group takes in whoever
 * its filter fits, which Resource Graph does not tell: the machines there are unread.
 */
export function collectMaintenance(context: AzureContext): Promise<Collection<'maintenance'>> {
  return collectOfMachines(context, {
    kind: 'maintenance',
    what: WHAT,
    none: { configurations: [] },
    read: (at) => readMaintenance(context, at),
  });
}

async function readMaintenance({ graph, roll }: AzureContext, at: Instant): Promise<FoundOfMachines<'maintenance'>> {
  const [assignments, configurations, { ids }] = await Promise.all([
    graph.queryAll(queries.maintenanceAssignments),
    graph.queryAll(queries.maintenanceConfigurations),
    roll.call(),
  ]);
  const ends = [assignments, configurations];
  if (!ends.every(({ complete }) => complete)) return { found: new Map(), ends };
  const known = new Map(configurations.rows.flatMap(configurationOf));
  const found: Evidences = new Map();
  const scopes = new Set<string>();
  for (const row of assignments.rows) {
    const machine = machineBefore(PART, row['id']);
    if (machine !== null) found.set(machine, withOne(found.get(machine), row, machine, known, at));
    else scopes.add(scopeOf(row['id']));
  }
  for (const id of ids) if (isWithin(scopes, id)) found.set(id, dynamic(id, at));
  return { found, ends };
}

function configurationOf(row: GraphRow): readonly (readonly [string, Configuration])[] {
  const parsed = configurationRow.safeParse(row);
  return parsed.success ? [[parsed.data.id.toLowerCase(), parsed.data]] : [];
}

/** The machine's evidence with one more assignment. */
function withOne(
  before: Evidence<MaintenanceFacts> | undefined,
  row: GraphRow,
  machine: string,
  known: ReadonlyMap<string, Configuration>,
  at: Instant,
): Evidence<MaintenanceFacts> {
  if (before?.state === 'unread') return before;
  const parsed = assignmentRow.safeParse(row);
  if (!parsed.success) return malformed(WHAT, machine, GRAPH_SOURCE, at);
  const found = known.get(parsed.data.configuration.toLowerCase());
  return found
    ? read({ configurations: [...(before?.value.configurations ?? []), found] }, GRAPH_SOURCE, at)
    : elsewhere(parsed.data.configuration, machine, at);
}

function elsewhere(configuration: string, machine: string, at: Instant): Evidence<MaintenanceFacts> {
  return unread(
    `the maintenance configuration ${nameOf(configuration)} of ${nameOf(machine)} lies where it cannot be read`,
    'Grant the reader identity the role Reader on its subscription, and name that subscription in the migration file.',
    GRAPH_SOURCE,
    at,
  );
}

function dynamic(machine: string, at: Instant): Evidence<MaintenanceFacts> {
  return unread(
    `a maintenance configuration has a dynamic scope that may take in ${nameOf(machine)}`,
    'Look the machine up in Azure Update Manager > Machines.',
    GRAPH_SOURCE,
    at,
  );
}

/** The subscription or resource group an assignment lies at; empty for anything else, such as a scale set. */
function scopeOf(id: unknown): string {
  const scope = typeof id === 'string' ? (id.toLowerCase().split(PART)[0] ?? '') : '';
  return /^\/subscriptions\/[^/]+(?:\/resourcegroups\/[^/]+)?$/.test(scope) ? scope : '';
}

function isWithin(scopes: ReadonlySet<string>, id: string): boolean {
  const [, , subscription, , group] = id.split('/');
  return scopes.has(`/subscriptions/${subscription}`) || scopes.has(`/subscriptions/${subscription}/resourcegroups/${group}`);
}

function nameOf(id: string): string {
  return id.split('/').at(-1) ?? id;
}
