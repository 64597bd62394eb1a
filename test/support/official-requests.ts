import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A request as the pretend outside's log shows it. */
export interface LoggedRequest {
  readonly server: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

interface Shape {
  readonly method: string;
  readonly path: RegExp;
  /** Official example and the name of its parameter that holds the body; null when the page of the API lists every place. */
  readonly example: readonly [file: string, parameter: string] | null;
  /** Places the API documents and the example leaves out. */
  readonly also: readonly string[];
  /** A place whose keys, and what is below them, belong to the caller. */
  readonly keys?: string;
}

const SHAPES: readonly Shape[] = [
  {
    method: 'POST',
    path: /^\/providers\/Microsoft\.ResourceGraph\/resources$/i,
    example: ['resourcegraph_resources_firstPage_2022-10-01', 'query'],
    also: ['managementGroups', 'managementGroups[]', 'options.$skipToken', 'options.resultFormat', 'options.authorizationScopeFilter'],
  },
  {
    method: 'PUT',
    path: /\/Microsoft\.Compute\/virtualMachines\/[^/]+\/runCommands\/[^/]+$/i,
    example: ['compute_runCommands_createOrUpdate_2024-11-01', 'runCommand'],
    also: ['tags', 'properties.source.script', 'properties.protectedParameters'],
  },
  {
    method: 'PUT',
    path: /\/Microsoft\.HybridCompute\/machines\/[^/]+\/runCommands\/[^/]+$/i,
    example: ['hybridcompute_runCommands_createOrUpdate_2025-01-13', 'runCommandProperties'],
    also: ['tags', 'properties.protectedParameters'],
  },
  {
    // learn.microsoft.com/rest/api/compute/virtual-machines/install-patches and …/hybridcompute/machines/install-patches
    method: 'POST',
    path: /\/Microsoft\.(?:Compute\/virtualMachines|HybridCompute\/machines)\/[^/]+\/installPatches$/i,
    example: null,
    also: [
      'maximumDuration',
      'rebootSetting',
      'windowsParameters',
      'windowsParameters.classificationsToInclude',
      'windowsParameters.classificationsToInclude[]',
      'windowsParameters.kbNumbersToInclude',
      'windowsParameters.kbNumbersToInclude[]',
    ],
  },
  {
    method: 'PUT',
    path: /\/Microsoft\.Security\/settings\/[^/]+$/i,
    example: ['securitySettings_update_2022-05-01', 'setting'],
    also: [],
  },
  {
    // learn.microsoft.com/rest/api/compute/virtual-machine-extensions/create-or-update and …/hybridcompute/machine-extensions/create-or-update
    method: 'PUT',
    path: /\/Microsoft\.(?:Compute\/virtualMachines|HybridCompute\/machines)\/[^/]+\/extensions\/[^/]+$/i,
    example: null,
    also: [
      'location',
      'properties',
      'properties.publisher',
      'properties.type',
      'properties.typeHandlerVersion',
      'properties.autoUpgradeMinorVersion',
      'properties.forceUpdateTag',
      // What is below is the extension's own: Azure/azure-policy, “Deploy Microsoft Defender for Endpoint agent”.
      'properties.settings',
      'properties.settings.azureResourceId',
      'properties.settings.vNextEnabled',
      'properties.protectedSettings',
      'properties.protectedSettings.defenderForEndpointOnboardingScript',
    ],
  },
  {
    method: 'PUT',
    path: /\/Microsoft\.Authorization\/policySetDefinitions\/[^/]+$/i,
    example: ['policySetDefinitions_createOrUpdate_2023-04-01', 'parameters'],
    // The names of parameters belong to whoever defines them.
    also: ['publishersToExclude', 'imageIdsToExclude']
      .flatMap((name) => [
        `properties.parameters.${name}`,
        `properties.parameters.${name}.type`,
        `properties.parameters.${name}.defaultValue`,
        `properties.parameters.${name}.metadata`,
        `properties.parameters.${name}.metadata.displayName`,
      ])
      .concat(
        ['PublishersToExclude', 'ImageIdsToExclude'].flatMap((name) => [
          `properties.policyDefinitions[].parameters.${name}`,
          `properties.policyDefinitions[].parameters.${name}.value`,
        ]),
      ),
  },
  {
    // learn.microsoft.com/rest/api/policyauthorization/policy-assignments/create (2025-03-01)
    method: 'PUT',
    path: /\/Microsoft\.Authorization\/policyAssignments\/[^/]+$/i,
    example: ['policyAssignments_create_withIdentity_2023-04-01', 'parameters'],
    also: [
      'properties.metadata.greenlight',
      'properties.notScopes',
      'properties.notScopes[]',
      'properties.nonComplianceMessages',
      'properties.nonComplianceMessages[].message',
      ...['publishersToExclude', 'imageIdsToExclude'].flatMap((name) => [
        `properties.parameters.${name}`,
        `properties.parameters.${name}.value`,
        `properties.parameters.${name}.value[]`,
      ]),
    ],
    keys: 'identity.userAssignedIdentities',
  },
  {
    // learn.microsoft.com/rest/api/policyinsights/remediations/create-or-update-at-subscription (2024-10-01)
    method: 'PUT',
    path: /\/Microsoft\.PolicyInsights\/remediations\/[^/]+$/i,
    example: ['remediations_create_subscription_allProperties_2021-10-01', 'parameters'],
    also: [
      'properties.resourceCount',
      'properties.parallelDeployments',
      'properties.failureThreshold',
      'properties.failureThreshold.percentage',
      'properties.filters.resourceIds',
      'properties.filters.resourceIds[]',
    ],
  },
  {
    // learn.microsoft.com/graph/api/security-security-runhuntingquery
    method: 'POST',
    path: /^\/v1\.0\/security\/runHuntingQuery$/i,
    example: null,
    also: ['Query', 'Timespan'],
  },
  {
    // learn.microsoft.com/graph/api/group-post-groups
    method: 'POST',
    path: /^\/v1\.0\/groups$/i,
    example: null,
    also: [
      'displayName',
      'description',
      'mailEnabled',
      'mailNickname',
      'securityEnabled',
      'groupTypes[]',
      'membershipRule',
      'membershipRuleProcessingState',
    ],
  },
  {
    // learn.microsoft.com/graph/api/intune-deviceconfigv2-devicemanagementconfigurationpolicy-create, in the beta
    method: 'POST',
    path: /^\/beta\/deviceManagement\/configurationPolicies$/i,
    example: null,
    also: [
      'name',
      'description',
      'platforms',
      'technologies',
      ...['templateId', 'templateFamily', 'templateDisplayName', 'templateDisplayVersion'].map((field) => `templateReference.${field}`),
      'templateReference',
      'settings',
      'settings[].settingInstance',
      'settings[].settingInstance.@odata.type',
      'settings[].settingInstance.settingDefinitionId',
      'settings[].settingInstance.settingInstanceTemplateReference',
      'settings[].settingInstance.settingInstanceTemplateReference.settingInstanceTemplateId',
      'settings[].settingInstance.simpleSettingCollectionValue[].@odata.type',
      'settings[].settingInstance.simpleSettingCollectionValue[].value',
    ],
  },
  {
    // learn.microsoft.com/graph/api/intune-deviceconfigv2-devicemanagementconfigurationpolicy-assign, in the beta
    method: 'POST',
    path: /^\/beta\/deviceManagement\/configurationPolicies\/[0-9a-f-]{36}\/assign$/i,
    example: null,
    also: ['assignments[].target', 'assignments[].target.@odata.type', 'assignments[].target.groupId'],
  },
];

/** Reads whose address is checked: the one version we ask for, and what the page of the API lets a query say. */
const READS: readonly { readonly path: RegExp; readonly query: Readonly<Record<string, RegExp>> }[] = [
  {
    // learn.microsoft.com/rest/api/authorization/role-assignments/list-for-subscription, with a filter of “List Azure role assignments”
    path: /^\/subscriptions\/[0-9a-f-]{36}\/providers\/Microsoft\.Authorization\/roleAssignments$/i,
    query: { 'api-version': /^2022-04-01$/, $filter: /^assignedTo\('[0-9a-f-]{36}'\)$/ },
  },
  {
    // learn.microsoft.com/rest/api/authorization/role-definitions/get
    path: /^\/subscriptions\/[0-9a-f-]{36}\/providers\/Microsoft\.Authorization\/roleDefinitions\/[0-9a-f-]{36}$/i,
    query: { 'api-version': /^2022-04-01$/ },
  },
];

/** What of those addresses is not official; an address of that provider's roles that nobody described is a finding too. */
export function outsideOfficialReads(log: readonly LoggedRequest[]): string[] {
  const reads = log.filter(
    ({ server, method, path }) => server === 'azure' && method === 'GET' && /\/role(?:Assignments|Definitions)/i.test(path),
  );
  return [...new Set(reads.flatMap(({ path }) => misread(path)))];
}

function misread(path: string): string[] {
  const [address = '', query = ''] = path.split('?');
  const shape = READS.find((candidate) => candidate.path.test(address));
  if (!shape) return [`GET ${address}: no official shape is known for it`];
  const said = new URLSearchParams(query);
  const missing = Object.keys(shape.query).filter((name) => !said.has(name));
  const wrong = [...said].flatMap(([name, value]) => (shape.query[name]?.test(value) ? [] : [`${name}=${value}`]));
  return [...missing, ...wrong].map((what) => `GET ${shape.path.source}: ${what}`);
}

/** What of the bodies sent to the pretend Azure is not in the official shape of their request; a body nobody described is a finding too. */
export function outsideOfficialShapes(log: readonly LoggedRequest[]): string[] {
  const bodies = log.filter(({ server, path, body }) => server === 'azure' && body !== null && !path.includes('/oauth2/'));
  return [...new Set(bodies.flatMap(findings))];
}

function findings({ method, path, body }: LoggedRequest): string[] {
  const [address = ''] = path.split('?');
  const shape = SHAPES.find((candidate) => candidate.method === method && candidate.path.test(address));
  if (!shape) return [`${method} ${address}: no official shape is known for it`];
  const known = new Set([...placesOf(shape.example && bodyOf(...shape.example)), ...shape.also]);
  return placesOf(body)
    .filter((place) => !known.has(place) && !(shape.keys !== undefined && place.startsWith(shape.keys)))
    .map((place) => `${method} ${shape.path.source}: ${place}`);
}

function bodyOf(file: string, parameter: string): unknown {
  const text = readFileSync(join(import.meta.dirname, '../simulator/azure/examples', `${file}.json`), 'utf8');
  return (JSON.parse(text) as { parameters: Record<string, unknown> }).parameters[parameter];
}

/** Every place of a JSON value: `properties.parameters[].name`. What is below `tags` belongs to the caller. */
function placesOf(value: unknown, at = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => placesOf(item, `${at}[]`));
  if (typeof value !== 'object' || value === null) return at ? [at] : [];
  const own = at && !at.endsWith('[]') ? [at] : [];
  if (at === 'tags') return own;
  return [...own, ...Object.entries(value).flatMap(([key, item]) => placesOf(item, at ? `${at}.${key}` : key))];
}
