import { ArmError } from '../arm-error.ts';
import { createFields, type Scalar } from '../odata/fields.ts';
import { compileFilter } from '../odata/filter.ts';
import { countOption } from '../odata/paging.ts';
import { allowOptions } from '../odata/select.ts';
import { ODataError } from '../odata/tokens.ts';
import type { PolicyStateRecord } from './state-record.ts';

const OPTIONS = ['$top', '$filter', '$orderby', '$select', '$from', '$to', '$expand'];
const TEXTS: (keyof PolicyStateRecord)[] = [
  'resourceId',
  'policyAssignmentId',
  'policyAssignmentName',
  'policyAssignmentScope',
  'policyDefinitionId',
  'policyDefinitionName',
  'policyDefinitionAction',
  'policyDefinitionReferenceId',
  'policySetDefinitionId',
  'policySetDefinitionName',
  'complianceState',
  'resourceLocation',
  'resourceGroup',
  'resourceType',
  'subscriptionId',
];
const TYPES: Record<string, Scalar> = Object.fromEntries<Scalar>([
  ...TEXTS.map((name): [string, Scalar] => [name, 'string']),
  ['isCompliant', 'boolean'] as [string, Scalar],
  ['timestamp', 'instant'] as [string, Scalar],
]);
const FIELDS = createFields(TYPES, 'PolicyState', true);

/** What a query of policy states asks for; throws Azure's 400 for an option it does not know or cannot read. */
export function queried(states: readonly PolicyStateRecord[], query: URLSearchParams): Record<string, unknown>[] {
  try {
    allowOptions(query, OPTIONS);
    const filter = query.get('$filter');
    const kept = filter ? states.filter(compiled(filter)) : [...states];
    const ordered = orderedBy(kept, query.get('$orderby'));
    const top = countOption(query, '$top', 1);
    return ordered.slice(0, top ?? undefined).map((state) => selected(state, query.get('$select')));
  } catch (error) {
    if (error instanceof ODataError) throw new ArmError(400, 'InvalidFilterInQueryString', error.message);
    throw error;
  }
}

// The texts of policy states are ids and names, and those are compared in any letter case.
function compiled(filter: string): (state: PolicyStateRecord) => boolean {
  const test = compileFilter(
    filter.replace(/'((?:[^']|'')*)'/g, (text) => text.toLowerCase()),
    FIELDS,
  );
  return (state) => test(lowered(state));
}

function lowered(state: PolicyStateRecord): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(state).map(([key, value]) => [key, key !== 'timestamp' && typeof value === 'string' ? value.toLowerCase() : value]),
  );
}

function nameOf(given: string): keyof PolicyStateRecord {
  return FIELDS.find(given.trim()).name as keyof PolicyStateRecord;
}

function orderedBy(states: PolicyStateRecord[], order: string | null): PolicyStateRecord[] {
  const keys = (order ?? 'timestamp desc').split(',').map((part) => {
    const [name = '', way = 'asc'] = part.trim().split(/\s+/);
    return { name: nameOf(name), sign: way.toLowerCase() === 'desc' ? -1 : 1 };
  });
  const compare = (a: PolicyStateRecord, b: PolicyStateRecord) => {
    for (const { name, sign } of keys) {
      const [one, other] = [String(a[name] ?? ''), String(b[name] ?? '')];
      if (one !== other) return one < other ? -sign : sign;
    }
    return 0;
  };
  return states.toSorted(compare);
}

function selected(state: PolicyStateRecord, select: string | null): Record<string, unknown> {
  if (!select) return { ...state };
  return Object.fromEntries(select.split(',').map((name) => [nameOf(name), state[nameOf(name)]]));
}
