import type { Assignment } from './assignments.ts';
import { lets } from './assignments.ts';
import type { Initiative } from './initiatives.ts';
import { definitionName } from './initiatives.ts';
import type { PolicyDefinitions, PolicyMeaning } from './policy-definitions.ts';

/** A policy that an assignment applies and that acts. */
export interface ActivePolicy {
  readonly meaning: PolicyMeaning;
  /** Which member of the initiative it is, in lower case; null when the policy is assigned by itself. */
  readonly reference: string | null;
}

/** Effects that deploy nothing. */
const WATCHING: ReadonlySet<string> = new Set(['disabled', 'auditifnotexists', 'audit', 'manual']);

type Values = Readonly<Record<string, { readonly value?: unknown }>>;

/** The policies of the table that a single policy's assignment applies; none when its effect only watches. */
export function activeAlone(assignment: Assignment, table: PolicyDefinitions): readonly ActivePolicy[] {
  const meaning = table[definitionName(assignment.policyDefinitionId)];
  const effect = overridden(assignment, '') ?? givenValue(assignment.parameters ?? {}, 'effect');
  return meaning && acts(effect) ? [{ meaning, reference: null }] : [];
}

/** The policies of the table that an initiative's assignment applies, less those that its parameters or its overrides switch off. */
export function activeOf(assignment: Assignment, initiative: Initiative, table: PolicyDefinitions): readonly ActivePolicy[] {
  return initiative.policyDefinitions.flatMap(({ policyDefinitionId, policyDefinitionReferenceId, parameters }) => {
    const meaning = table[definitionName(policyDefinitionId)];
    const reference = policyDefinitionReferenceId?.toLowerCase() ?? '';
    const given = givenValue(parameters ?? {}, 'effect');
    const effect = overridden(assignment, reference) ?? resolved(given, assignment, initiative);
    return meaning && acts(effect) ? [{ meaning, reference }] : [];
  });
}

/** A built-in deploys unless it is told otherwise; so does what cannot be worked out here. */
function acts(effect: unknown): boolean {
  return typeof effect !== 'string' || !WATCHING.has(effect.toLowerCase());
}

function overridden({ overrides }: Assignment, reference: string): string | undefined {
  const found = overrides?.find(
    ({ kind, selectors }) => kind?.toLowerCase() === 'policyeffect' && (selectors ?? []).every((selector) => lets(selector, reference)),
  );
  return found?.value ?? undefined;
}

/** `[parameters('name')]` stands for what the assignment gives that parameter, or the initiative itself. */
function resolved(given: unknown, assignment: Assignment, initiative: Initiative): unknown {
  const name = typeof given === 'string' ? /^\[\s*parameters\(\s*'([^']+)'\s*\)\s*\]$/i.exec(given)?.[1] : undefined;
  if (name === undefined) return given;
  return givenValue(assignment.parameters ?? {}, name) ?? keyOf(initiative.parameters ?? {}, name)?.defaultValue;
}

function givenValue(values: Values, name: string): unknown {
  return keyOf(values, name)?.value;
}

/** Names of parameters are compared in any letter case. */
function keyOf<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.entries(values).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
