import { createHash } from 'node:crypto';
import { SETTING_NAMES, type Subscription } from '../../estates/estate.ts';
import type { Machine } from '../../estates/machine.ts';
import type { RoleAssignment } from '../access.ts';
import { ArmError } from '../arm-error.ts';
import { assignmentsAt } from '../authorization.ts';
import { requireInstallable } from '../compute/extension-rules.ts';
import type { Extensions } from '../machines/extensions.ts';
import { findRole, roleAllows } from '../role-definitions.ts';
import type { OnboardingPackages } from '../security/onboarding-packages.ts';
import type { SettingWriter } from '../security/setting-writer.ts';
import type { Store } from '../state.ts';
import type { EffectivePolicy } from './effective.ts';
import { ExpressionError, evaluated, type Functions } from './expression.ts';
import { functionsOver } from './functions.ts';
import { fieldOf, type PolicyResource } from './policy-resource.ts';

type Json = Readonly<Record<string, unknown>>;

/** How the deployment of a policy began: an extension to wait for, done at once, or refused. */
export type Begun = { extension: string | null } | { error: { code: string; message: string } };

/** Deploys what a policy finds missing, as the identity of its assignment. */
export interface Deployments {
  /** `name` is the deployment's own, as error messages call it. */
  begin(policy: EffectivePolicy, resource: PolicyResource, name: string): Begun;
}

export interface DeploymentParts {
  store: Store;
  extensions: Extensions;
  packages: OnboardingPackages;
  settings: SettingWriter;
}

export function createDeployments(parts: DeploymentParts): Deployments {
  const { store } = parts;
  return {
    begin(policy, resource, name) {
      try {
        const principal = principalOf(policy, store);
        const scope = `${groupOf(resource)}/providers/Microsoft.Resources/deployments/${name}`;
        requireRight(store.state.access.roleAssignments, principal, 'Microsoft.Resources/deployments/validate/action', scope);
        const [first = null] = resourcesOf(policy, resource, parts, principal).map((wanted) => deploy(wanted, resource, parts, principal));
        return { extension: first };
      } catch (error) {
        if (error instanceof ArmError) return { error: { code: error.code, message: error.message } };
        if (error instanceof ExpressionError) return { error: { code: 'InvalidTemplate', message: error.message } };
        throw error;
      }
    },
  };
}

function groupOf({ subscriptionId, resourceGroup }: PolicyResource): string {
  const subscription = `/subscriptions/${subscriptionId}`;
  return resourceGroup === '' ? subscription : `${subscription}/resourceGroups/${resourceGroup}`;
}

function principalOf({ assignment }: EffectivePolicy, { state }: Store): string {
  const { identity, name } = assignment;
  const known = state.estate.managedIdentities.find(({ id }) => id.toLowerCase() === identity?.resourceId?.toLowerCase());
  const principal = identity?.principalId ?? known?.principalId;
  if (principal) return principal;
  throw new ArmError(400, 'ResourceIdentityRequired', `The policy assignment '${name}' has no managed identity to deploy with.`);
}

function requireRight(assignments: readonly RoleAssignment[], principal: string, action: string, scope: string): void {
  const own = assignmentsAt(assignments, scope).filter(({ principalId }) => principalId.toLowerCase() === principal.toLowerCase());
  const allows = ({ role }: RoleAssignment) => {
    const known = findRole(role);
    return known !== undefined && roleAllows(known, action);
  };
  if (own.some(allows)) return;
  throw new ArmError(
    403,
    'AuthorizationFailed',
    `The client '${principal}' with object id '${principal}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

/** The resources of the policy's template with every expression worked out. */
function resourcesOf(policy: EffectivePolicy, resource: PolicyResource, parts: DeploymentParts, principal: string): Json[] {
  const { deployment } = (policy.definition.properties.policyRule.then.details ?? {}) as { deployment?: { properties?: Json } };
  const { parameters: handed = {}, template } = (deployment?.properties ?? {}) as { parameters?: Json; template?: Json };
  if (!template) throw new ArmError(400, 'InvalidTemplate', 'The policy has no template to deploy.');
  const around = aroundOf(resource, parts, principal);
  const outer = functionsOver(policy.parameters, { ...around, field: (name) => fieldOf(resource, String(name)) });
  const defaults = Object.entries((template['parameters'] ?? {}) as Record<string, Json>).map(([name, { defaultValue }]) => [
    name,
    defaultValue,
  ]);
  const given = Object.entries(handed).map(([name, held]) => [name, evaluated((held as Json)['value'], outer)]);
  const values = Object.fromEntries([...defaults.filter(([, value]) => value !== undefined), ...given]);
  return evaluated(template['resources'] ?? [], functionsOver(values, around)) as Json[];
}

function aroundOf(resource: PolicyResource, { store, packages }: DeploymentParts, principal: string): Functions {
  const { subscriptionId, resourceGroup, location } = resource;
  const subscription = `/subscriptions/${subscriptionId}`;
  function reference(id: unknown): unknown {
    const [, name] = /\/providers\/Microsoft\.Security\/mdeOnboardings\/([^/]+)$/i.exec(String(id)) ?? [];
    const found = name === undefined ? undefined : packages.find(subscriptionId, name);
    if (!found) throw new ArmError(404, 'ResourceNotFound', `The Resource '${String(id)}' was not found.`);
    requireRight(store.state.access.roleAssignments, principal, 'Microsoft.Security/mdeOnboardings/read', subscription);
    return found;
  }
  return {
    subscription: () => ({ id: subscription, subscriptionId, tenantId: store.state.estate.tenantId }),
    resourceGroup: () => ({ id: groupOf(resource), name: resourceGroup, location }),
    subscriptionResourceId: (type, ...names) => `${subscription}/providers/${String(type)}/${names.map(String).join('/')}`,
    resourceId: (type, ...names) => `${groupOf(resource)}/providers/${String(type)}/${names.map(String).join('/')}`,
    reference,
  };
}

/** Deploys one resource of a template; answers the extension whose end decides, null when it is done at once. */
function deploy(wanted: Json, resource: PolicyResource, parts: DeploymentParts, principal: string): string | null {
  const type = String(wanted['type']);
  const { machine, subscription } = resource;
  const assignments = parts.store.state.access.roleAssignments;
  if (machine && type.toLowerCase() === `${resource.type}/extensions`.toLowerCase()) {
    requireRight(assignments, principal, `${type}/write`, resource.id);
    return deployExtension(wanted, machine, parts);
  }
  if (subscription && type.toLowerCase() === 'microsoft.security/settings') {
    requireRight(assignments, principal, `${type}/write`, resource.id);
    deploySetting(wanted, subscription, parts.settings);
    return null;
  }
  throw new ArmError(400, 'InvalidTemplate', `The pretend Azure cannot deploy a resource of type '${type}'.`);
}

function deployExtension(wanted: Json, machine: Machine, { extensions }: DeploymentParts): string {
  const name = String(wanted['name']).split('/').at(-1) ?? '';
  const { publisher, type, typeHandlerVersion = '1.0', settings = {}, protectedSettings } = wanted['properties'] as Json;
  const known = extensions.find(machine, name);
  if (known && (known.state === 'Creating' || known.state === 'Updating')) return name;
  const handler = { name, publisher: String(publisher), type: String(type) };
  requireInstallable(machine, handler);
  const extension = extensions.install(machine, {
    ...handler,
    version: String(typeHandlerVersion),
    settings: settings as Record<string, unknown>,
  });
  const secret = (protectedSettings as Json | undefined)?.['defenderForEndpointOnboardingScript'];
  if (typeof secret === 'string') extension.onboardingPackageHash = createHash('sha256').update(secret).digest('hex');
  return name;
}

function deploySetting(wanted: Json, subscription: Subscription, settings: SettingWriter): void {
  const asked = String(wanted['name']).split('/').at(-1) ?? '';
  const name = SETTING_NAMES.find((candidate) => candidate.toLowerCase() === asked.toLowerCase());
  const { enabled } = (wanted['properties'] ?? {}) as { enabled?: unknown };
  if (!name || typeof enabled !== 'boolean') throw new ArmError(400, 'BadRequest', `The setting '${asked}' cannot be written like that.`);
  settings.write(subscription, name, enabled);
}
