import { z } from 'zod';
import type { MachineInput } from '../build-machine.ts';
import { EstateError, type EstateInput } from '../estate.ts';
import { TENANT_ID } from '../people.ts';
import { extensionFromRow, machineIdOf } from './extension-row.ts';
import { machineFromRow } from './machine-row.ts';
import { assignmentFromRow, isBuiltIn, policySetFromRow } from './policy-rows.ts';
import { type ExportedRow, exportedRow, textAt } from './row.ts';
import { subscriptionsFromRows } from './subscription-rows.ts';

const GROUP = 'mg-exported';
const MACHINES = ['microsoft.compute/virtualmachines', 'microsoft.hybridcompute/machines'];
const EXTENSIONS = MACHINES.map((type) => `${type}/extensions`);

const wrapped = z.looseObject({
  rows: z.array(z.unknown()).optional(),
  data: z.array(z.unknown()).optional(),
  /** What is true inside a machine, by its name or id. */
  guests: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

/** Whether a JSON file holds rows of Resource Graph instead of an estate. */
export function isExport(value: unknown): boolean {
  if (Array.isArray(value)) return true;
  const parsed = wrapped.safeParse(value);
  return parsed.success && (parsed.data.rows ?? parsed.data.data) !== undefined;
}

/**
 * Makes an estate of Resource Graph rows: a list, the answer of a query (`data`), or `{ rows, guests }`. Rows of other types are left
 * out. What is inside a machine stays unknown unless `guests` tells it. Throws EstateError.
 */
export function estateFromExport(value: unknown): EstateInput {
  const { rows, data, guests = {} } = Array.isArray(value) ? { rows: value } : wrapped.parse(value);
  const all = (rows ?? data ?? []).map(exportedRow);
  const ofType = (...types: string[]) => all.filter(({ type }) => types.includes(type.toLowerCase()));
  const extensions = Map.groupBy(ofType(...EXTENSIONS), machineIdOf);
  const machines = all.flatMap((row, index) => (MACHINES.includes(row.type.toLowerCase()) ? [machineFromRow(row, index)] : []));
  if (machines.length === 0) throw new EstateError('rows', 'hold no virtual machine and no Arc machine');
  const containers = ofType('microsoft.resources/subscriptions');
  const pricings = ofType('microsoft.security/pricings').filter(
    (row) => /\/virtualmachines$/i.test(row.id) && row.id.split('/').length === 7,
  );
  return {
    name: 'exported',
    tenantId: TENANT_ID,
    managementGroup: { id: GROUP, name: 'Exported' },
    subscriptions: subscriptionsFromRows(subscriptionIds(machines), containers, pricings),
    assignments: ofType('microsoft.authorization/policyassignments').filter(isAssignment).map(assignmentFromRow),
    policySets: ofType('microsoft.authorization/policysetdefinitions')
      .filter((row) => !isBuiltIn(row))
      .map(policySetFromRow),
    machines: withGuests(machines, guests).map((machine) => ({
      ...machine,
      extensions: (extensions.get(String(machine.id).toLowerCase()) ?? []).map(extensionFromRow),
    })),
  };
}

function isAssignment(row: ExportedRow): boolean {
  return textAt(row, 'policyDefinitionId').startsWith('/');
}

function subscriptionIds(machines: readonly MachineInput[]): Set<string> {
  return new Set(machines.map(({ subscriptionId }) => subscriptionId.toLowerCase()));
}

function withGuests(machines: readonly MachineInput[], guests: Record<string, object>): MachineInput[] {
  const told = new Map(Object.entries(guests).map(([key, guest]) => [key.toLowerCase(), guest]));
  const known = new Set(machines.flatMap(({ id, name }) => [String(id).toLowerCase(), name.toLowerCase()]));
  const stranger = [...told.keys()].find((key) => !known.has(key));
  if (stranger !== undefined) throw new EstateError(`guests.${stranger}`, 'is neither the name nor the id of a machine among the rows');
  return machines.map((machine) => {
    const guest = told.get(String(machine.id).toLowerCase()) ?? told.get(machine.name.toLowerCase());
    return guest ? { ...machine, guest, guestKnown: true } : machine;
  });
}
