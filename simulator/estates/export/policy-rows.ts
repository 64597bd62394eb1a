import type { EstateInput } from '../estate.ts';
import { type ExportedRow, listAt, textAt, textOf, valueAt } from './row.ts';

type AssignmentInput = NonNullable<EstateInput['assignments']>[number];
type PolicySetInput = NonNullable<EstateInput['policySets']>[number];

const MODES = ['Default', 'DoNotEnforce', 'Enroll'] as const;

export function assignmentFromRow(row: ExportedRow): AssignmentInput {
  const notScopes = valueAt(row.properties, 'notScopes');
  const parameters = valueAt(row.properties, 'parameters');
  const type = (['SystemAssigned', 'UserAssigned'] as const).find((known) => known === row.identity?.type);
  return {
    name: row.name,
    scope: textAt(row, 'scope') || scopeOf(row),
    displayName: textAt(row, 'displayName') || row.name,
    description: textAt(row, 'description'),
    policyDefinitionId: textAt(row, 'policyDefinitionId'),
    enforcementMode: MODES.find((mode) => mode === textAt(row, 'enforcementMode')) ?? 'Default',
    notScopes: Array.isArray(notScopes) ? notScopes.map(String) : [],
    parameters: typeof parameters === 'object' && parameters !== null ? (parameters as Record<string, unknown>) : {},
    ...(row.location ? { location: row.location } : {}),
    ...(type && row.identity?.principalId ? { identity: { type, principalId: row.identity.principalId } } : {}),
  };
}

/** An initiative of the tenant's own; Microsoft's are known already. */
export function policySetFromRow(row: ExportedRow): PolicySetInput {
  return {
    name: row.name,
    scope: scopeOf(row),
    displayName: textAt(row, 'displayName') || row.name,
    description: textAt(row, 'description'),
    policyDefinitions: listAt(row, 'policyDefinitions').map((member, index) => ({
      referenceId: textOf(member['policyDefinitionReferenceId']) || String(index),
      definitionId: textOf(member['policyDefinitionId']),
    })),
  };
}

export function isBuiltIn({ id }: ExportedRow): boolean {
  return /^\/providers\/microsoft\.authorization\//i.test(id);
}

function scopeOf({ id }: ExportedRow): string {
  return id.slice(0, id.toLowerCase().lastIndexOf('/providers/microsoft.authorization/'));
}
