import { graphRow, type Row } from '../graph-tables.ts';
import { assignmentRoutes } from '../policy/assignment-routes.ts';
import { BUILT_IN_DEFINITIONS, customDefinitions } from '../policy/catalogue.ts';
import { createComplianceRecord } from '../policy/compliance.ts';
import { definitionRoutes } from '../policy/definition-routes.ts';
import { createDeployments } from '../policy/deployment.ts';
import { createPolicyEngine, type PolicyEngine } from '../policy/engine.ts';
import { createFirstRoles } from '../policy/first-roles.ts';
import { machineAsResource, type PolicyResource, subscriptionAsResource } from '../policy/policy-resource.ts';
import { remediationRoutes } from '../policy/remediation-routes.ts';
import { createRemediations } from '../policy/remediations.ts';
import { setRoutes } from '../policy/set-routes.ts';
import { recordsOf, stateResource } from '../policy/state-record.ts';
import { stateRoutes } from '../policy/state-routes.ts';
import type { Provider, ProviderContext } from '../provider.ts';
import type { OnboardingPackages } from '../security/onboarding-packages.ts';
import type { SettingWriter } from '../security/setting-writer.ts';

export interface PolicyParts extends ProviderContext {
  settings: SettingWriter;
  packages: OnboardingPackages;
}

/** Azure Policy: definitions, initiatives, assignments, what they find, and remediations. */
export function policyProvider(parts: PolicyParts): Provider & Pick<PolicyEngine, 'review'> {
  const { store, agenda, extensions, seed, baseUrl, settings, packages } = parts;
  const record = createComplianceRecord(store);
  const deployments = createDeployments({ store, extensions, packages, settings });
  const engine = createPolicyEngine({ store, agenda, record, deployments, seed });
  const remediations = createRemediations({ store, agenda, record, deployments, extensions, seed });
  const states = stateRoutes({ store, agenda, record, engine, seed, baseUrl });
  const grantFirstRoles = createFirstRoles(store);

  function stateRows(id: string, resource: () => PolicyResource): Row[] {
    const { tenantId, managementGroup } = store.state.estate;
    const found = recordsOf(record, id, resource, `${managementGroup.id},${tenantId}`);
    return found.map((state) => graphRow(tenantId, stateResource(state), state));
  }
  function platformRows(): Row[] {
    const { estate } = store.state;
    const definitions = [...BUILT_IN_DEFINITIONS, ...customDefinitions(estate)].map((definition) => {
      const [, subscriptionId = ''] = /^\/subscriptions\/([^/]+)/i.exec(definition.id) ?? [];
      return graphRow(estate.tenantId, definition, { subscriptionId, resourceGroup: '' });
    });
    const ofSubscriptions = estate.subscriptions.flatMap((subscription) =>
      stateRows(`/subscriptions/${subscription.id}`, () => subscriptionAsResource(estate, subscription)),
    );
    return [...definitions, ...ofSubscriptions];
  }
  return {
    routes: [
      ...definitionRoutes(store),
      ...setRoutes(store),
      ...assignmentRoutes(store, engine),
      ...remediationRoutes(store, remediations, seed),
      ...states.routes,
    ],
    due: { ...engine.due, ...remediations.due, ...states.due },
    rows: { policyresources: platformRows },
    machineRows: {
      policyresources: (machine) => stateRows(machine.id, () => machineAsResource(machine, store.state.estate.tenantId)),
    },
    review() {
      grantFirstRoles();
      engine.review();
    },
  };
}
