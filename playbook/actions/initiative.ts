import type { AssignInitiativeOptions } from '../../core/action-options.ts';
import type { AgentPolicy } from '../../core/facts/defender.ts';
import { taggedHash } from '../../core/hash.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Call, Item } from '../../core/plan.ts';
import { MARK } from '../../core/policy-mark.ts';
import { AGENT_INITIATIVE, AGENT_POLICIES } from '../platform/agent-policies.ts';
import { count, someOf } from '../some-of.ts';

/** As @azure/arm-policy 7 and @azure/arm-policyinsights 6 ask. */
const POLICY_API = '2025-03-01';
const INSIGHTS_API = '2024-10-01';

const WRITE_SECONDS = 5 * 60;
/** Azure deploys ten at a time and gives each an hour and a half. */
const REMEDIATION_SECONDS = 4 * 60 * 60;
const CANCEL_SECONDS = 2 * 60 * 60;
/** Of a remediation: a bigger share that failed, and no more are begun. */
const MOST_FAILED_SHARE = 0.1;
/** Azure Policy takes no more ids in one remediation. */
export const MOST_IDS = 100;

const ASSIGNED_WITHIN_MINUTES = 15;
/** A new assignment is applied after some five minutes; how long judging then takes, Azure Policy does not promise. */
const JUDGED_WITHIN_MINUTES = 90;

export const INITIATIVE_PERMISSIONS: readonly string[] = [
  'Microsoft.Authorization/policySetDefinitions/write',
  'Microsoft.Authorization/policySetDefinitions/delete',
  'Microsoft.Authorization/policyAssignments/write',
  'Microsoft.Authorization/policyAssignments/delete',
  'Microsoft.PolicyInsights/remediations/write',
  'Microsoft.PolicyInsights/remediations/cancel/action',
  'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
];

/** On the card; the whole list is in the plan that is signed. */
const MOST_NAMED = 20;

/** What is assigned, and where: ready to be put into calls. */
export interface Initiative {
  /** ARM path of the subscription or resource group it is assigned at. */
  readonly scope: string;
  /** Of the assignment; in lower case it is the id under which Azure Policy shows it. */
  readonly id: string;
  /** The path of a set of our own; null for the built-in one. */
  readonly set: string | null;
  readonly body: (enforcementMode: Enforcement) => JsonObject;
  /** Tells one content from another. */
  readonly mark: string;
  /** What it leaves out, in lower case. */
  readonly excludes: readonly string[];
}

export type Enforcement = 'Default' | 'DoNotEnforce';

/** Names of ours in Azure: the built-in initiative, and the one that hands on which images are left out. */
export const NAMES = { builtIn: 'greenlight-mde', own: 'greenlight-mde-images' } as const;

/** An assignment's id at a scope, as Azure Policy shows it. */
export function assignmentId(scope: string, name: string): string {
  return `${scope}/providers/Microsoft.Authorization/policyAssignments/${name}`;
}

/** The initiative by what the migration file says. Azure refuses to leave out what does not lie within the scope. */
export function initiativeAt(
  scope: string,
  subscriptionId: string,
  options: AssignInitiativeOptions,
  identity: NonNullable<AssignInitiativeOptions['identity']>,
): Initiative {
  const { exclude, excludePublishers, excludeImages, message } = options;
  const own = excludePublishers.length + excludeImages.length > 0;
  const set = own ? `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/policySetDefinitions/${NAMES.own}` : null;
  const notScopes = exclude.filter((one) => one.toLowerCase().startsWith(`${scope.toLowerCase()}/`));
  const content: JsonObject = {
    displayName: 'Greenlight: deploy Microsoft Defender for Endpoint',
    policyDefinitionId: set ?? AGENT_INITIATIVE,
    ...(notScopes.length > 0 && { notScopes }),
    ...(own && { parameters: { publishersToExclude: { value: excludePublishers }, imageIdsToExclude: { value: excludeImages } } }),
    nonComplianceMessages: [{ message }],
  };
  const place = { location: identity.location, identity: { type: 'UserAssigned', userAssignedIdentities: { [identity.id]: {} } } };
  const mark = taggedHash('greenlight/initiative/v1', { ...place, content }).slice(0, 16);
  return {
    scope,
    id: assignmentId(scope, own ? NAMES.own : NAMES.builtIn),
    set,
    body: (enforcementMode) => ({ ...place, properties: { ...content, metadata: { [MARK]: mark }, enforcementMode } }),
    mark,
    excludes: notScopes.map((one) => one.toLowerCase()),
  };
}

/** The calls that put it there, and a look that it is. They deploy nothing by themselves unless it is enforced. */
export function assigning(initiative: Initiative, enforcement: Enforcement, name: string): readonly Item[] {
  const set: Item[] = initiative.set === null ? [] : [{ do: 'change', safe: true, call: putSet(initiative.set, `${name}-set`) }];
  return [
    ...set,
    {
      do: 'change',
      safe: true,
      call: {
        id: name,
        describes: enforcement === 'Default' ? 'assign the initiative, enforced' : 'assign the initiative, not enforced',
        method: 'PUT',
        path: initiative.id,
        query: { 'api-version': POLICY_API },
        body: initiative.body(enforcement),
        settles: 'resource',
        timeoutSeconds: WRITE_SECONDS,
      },
    },
    {
      do: 'prove',
      id: `${name}-read`,
      describes: 'read the policy assignments with the reader identity',
      evidence: 'defender-policies',
      call: null,
      expect: [
        {
          path: 'assignments',
          has: { ...shownAs(initiative), enforcement },
          words: `the initiative is assigned and ${enforcement === 'Default' ? 'enforced' : 'not enforced'}`,
        },
      ],
      withinMinutes: ASSIGNED_WITHIN_MINUTES,
    },
  ];
}

/** The assignment taken off again, and the set of our own with it. Extensions stay. */
export function unassigning(initiative: Initiative): readonly Item[] {
  const remove = (id: string, describes: string, path: string): Item => ({
    do: 'change',
    safe: true,
    call: {
      id,
      describes,
      method: 'DELETE',
      path,
      query: { 'api-version': POLICY_API },
      body: null,
      settles: 'gone',
      timeoutSeconds: WRITE_SECONDS,
    },
  });
  return [
    remove('undo', 'take the assignment off; extensions stay', initiative.id),
    ...(initiative.set === null ? [] : [remove('undo-set', 'delete the initiative of our own', initiative.set)]),
    {
      do: 'prove',
      id: 'undo-read',
      describes: 'read the policy assignments with the reader identity',
      evidence: 'defender-policies',
      call: null,
      expect: [{ path: 'assignments', hasNo: { id: initiative.id.toLowerCase() }, words: 'the assignment is gone' }],
      withinMinutes: ASSIGNED_WITHIN_MINUTES,
    },
  ];
}

/** A remediation finds only what Azure Policy has judged before. */
export function judged({ id }: Initiative): Item {
  return {
    do: 'prove',
    id: 'judged',
    describes: 'wait until Azure Policy has judged the machines',
    evidence: 'policy-progress',
    call: null,
    expect: [
      {
        path: 'assignments',
        has: { id: id.toLowerCase(), judged: true },
        words: 'Azure Policy has judged machines by the assignment',
      },
    ],
    safe: false,
    withinMinutes: JUDGED_WITHIN_MINUTES,
  };
}

/** Some machines, by id, that one of the policies is for. */
export interface Batch {
  readonly policy: AgentPolicy;
  readonly ids: readonly string[];
}

/** Deploys to exactly these machines, whether the assignment is enforced or not. */
export function remediation({ scope, id }: Initiative, { policy, ids }: Batch, index: number): Item {
  return {
    do: 'change',
    safe: false,
    interruptible: true,
    call: {
      id: `remediate-${index}`,
      describes: `deploy the extension to ${count(ids.length, 'machine')}: ${someOf(ids.map(lastPart), MOST_NAMED)}`,
      method: 'PUT',
      path: remediationPath(scope, index),
      query: { 'api-version': INSIGHTS_API },
      body: {
        properties: {
          policyAssignmentId: id,
          policyDefinitionReferenceId: AGENT_POLICIES[policy].reference,
          resourceDiscoveryMode: 'ExistingNonCompliant',
          resourceCount: ids.length,
          parallelDeployments: 10,
          failureThreshold: { percentage: MOST_FAILED_SHARE },
          filters: { resourceIds: ids },
        },
      },
      settles: 'resource',
      timeoutSeconds: REMEDIATION_SECONDS,
    },
  };
}

/** Every remediation stopped, and a look that none is under way. Azure ends what it has begun; the machines it reached have their keys. */
export function cancelling(initiative: Initiative, batches: readonly Batch[]): readonly Item[] {
  return [
    ...batches.map(
      (_batch, index): Item => ({
        do: 'change',
        safe: false,
        call: {
          id: `cancel-${index}`,
          describes: 'stop the deployments that have not begun',
          method: 'POST',
          path: `${remediationPath(initiative.scope, index)}/cancel`,
          query: { 'api-version': INSIGHTS_API },
          body: null,
          settles: 'ended',
          timeoutSeconds: CANCEL_SECONDS,
        },
      }),
    ),
    {
      do: 'prove',
      id: 'cancelled',
      describes: 'read the remediations with the reader identity',
      evidence: 'defender-policies',
      call: null,
      expect: [
        {
          path: 'assignments',
          has: { ...shownAs(initiative), remediating: false },
          words: 'no remediation of the assignment is under way',
        },
      ],
      withinMinutes: ASSIGNED_WITHIN_MINUTES,
    },
  ];
}

/** Of a machine's id: its name. */
function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function remediationPath(scope: string, index: number): string {
  return `${scope}/providers/Microsoft.PolicyInsights/remediations/greenlight-{plan}-${index}`;
}

function shownAs({ id }: Initiative): JsonObject {
  return { id: id.toLowerCase(), does: 'deploys-agent' };
}

/** The four built-in policies once more, because the built-in initiative does not hand on which images are left out. */
function putSet(path: string, id: string): Call {
  const handed = {
    PublishersToExclude: { value: "[parameters('publishersToExclude')]" },
    ImageIdsToExclude: { value: "[parameters('imageIdsToExclude')]" },
  };
  const list = (displayName: string) => ({ type: 'Array', defaultValue: [], metadata: { displayName } });
  return {
    id,
    describes: 'define an initiative of our own that leaves images out',
    method: 'PUT',
    path,
    query: { 'api-version': POLICY_API },
    body: {
      properties: {
        displayName: 'Greenlight: deploy Microsoft Defender for Endpoint, some images left out',
        metadata: { category: 'Security Center' },
        parameters: {
          publishersToExclude: list('Image publishers that are left out'),
          imageIdsToExclude: list('Images that are left out'),
        },
        policyDefinitions: Object.values(AGENT_POLICIES).map(({ definition, reference, excludesImages }) => ({
          policyDefinitionReferenceId: reference,
          policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${definition}`,
          ...(excludesImages && { parameters: handed }),
        })),
      },
    },
    settles: 'resource',
    timeoutSeconds: WRITE_SECONDS,
  };
}
