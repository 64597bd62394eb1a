/** A parameter of a definition or an initiative, as Azure Policy writes it. */
export interface ParameterDefinition {
  type: string;
  defaultValue?: unknown;
  allowedValues?: readonly unknown[];
  metadata?: Record<string, unknown>;
}
export type ParameterDefinitions = Readonly<Record<string, ParameterDefinition>>;

export interface PolicyRule {
  if: unknown;
  then: { effect: string; details?: Record<string, unknown> };
}

/** Azure Policy's own word for what follows; under another name, since linters take an object that has it for a promise. */
// oxlint-disable-next-line unicorn/no-thenable
export const THEN = 'then';

/** The rule in Azure Policy's own words. */
export function ruleOf(condition: unknown, then: PolicyRule['then']): PolicyRule {
  return { if: condition, [THEN]: then };
}

/** A policy definition as its address shows it. */
export interface DefinitionResource {
  id: string;
  name: string;
  type: string;
  properties: {
    displayName: string;
    policyType: 'BuiltIn' | 'Custom';
    mode: string;
    description: string;
    metadata: Record<string, unknown>;
    version: string;
    versions: string[];
    parameters: ParameterDefinitions;
    policyRule: PolicyRule;
  };
}

export interface SetMember {
  policyDefinitionReferenceId: string;
  policyDefinitionId: string;
  definitionVersion?: string;
  parameters: Record<string, unknown>;
  groupNames?: string[];
}

/** An initiative (policy set definition) as its address shows it. */
export interface SetResource {
  id: string;
  name: string;
  type: string;
  properties: {
    displayName: string;
    policyType: 'BuiltIn' | 'Custom';
    description: string;
    metadata: Record<string, unknown>;
    version: string;
    versions: string[];
    parameters: ParameterDefinitions;
    policyDefinitions: SetMember[];
    policyDefinitionGroups?: Record<string, unknown>[];
  };
}

const AUTHORIZATION = '/providers/Microsoft.Authorization';
export const DEFINITION_TYPE = 'Microsoft.Authorization/policyDefinitions';
export const SET_TYPE = 'Microsoft.Authorization/policySetDefinitions';
export const ASSIGNMENT_TYPE = 'Microsoft.Authorization/policyAssignments';

/** Id of a definition, an initiative or an assignment; the scope of a built-in one is empty. */
export function policyId(scope: string, kind: 'policyDefinitions' | 'policySetDefinitions' | 'policyAssignments', name: string): string {
  return `${scope}${AUTHORIZATION}/${kind}/${name}`;
}

type BuiltIn = Pick<DefinitionResource['properties'], 'displayName' | 'description' | 'mode' | 'version' | 'parameters' | 'policyRule'> & {
  name: string;
  category: string;
};

/** A built-in definition; a version that ends in -preview makes it one. */
export function builtInDefinition({ name, category, version, ...rest }: BuiltIn): DefinitionResource {
  const preview = version.endsWith('-preview') ? { preview: true } : {};
  const metadata = { category, version, ...preview };
  const { displayName, mode, description, parameters, policyRule } = rest;
  const properties = { displayName, policyType: 'BuiltIn' as const, mode, description, metadata, version, parameters, policyRule };
  return {
    id: policyId('', 'policyDefinitions', name),
    name,
    type: DEFINITION_TYPE,
    properties: { ...properties, versions: [version.toUpperCase()] },
  };
}

/** The parameter by which nearly every definition lets its effect be chosen; the first of `allowed` is the default. */
export function effectParameter(allowed: readonly string[]): ParameterDefinition {
  return {
    type: 'String',
    metadata: { displayName: 'Effect', description: 'Enable or disable the execution of the policy' },
    allowedValues: allowed,
    defaultValue: allowed[0],
  };
}
