import { createRandom, seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import { reaches } from '../authorization.ts';
import type { Extensions } from '../machines/extensions.ts';
import type { Store } from '../state.ts';
import type { ComplianceRecord } from './compliance.ts';
import type { Deployments } from './deployment.ts';
import type { EffectivePolicy } from './effective.ts';
import { ENDED, type Remediation, type RemediationDeployment, remediationId } from './remediation.ts';

const SECOND = 1_000;
const STEP = 15 * SECOND;
/** A deployment that waits for a machine this long has failed; it is how long an extension may take. */
const PATIENCE = 90 * 60 * SECOND;
/** How long looking at everything again takes. */
const EVALUATION = 180 * SECOND;

const TIMED_OUT = {
  code: 'VMExtensionProvisioningTimeout',
  message: `Provisioning of the extension has timed out: the machine did not answer within ${PATIENCE / 60 / SECOND} minutes.`,
};

/** Remediation tasks as they run: deployment after deployment, over virtual time. */
export interface Remediations {
  begin(remediation: Remediation): void;
  cancel(remediation: Remediation): void;
  due: Performers;
}

export interface RemediationParts {
  store: Store;
  agenda: Agenda;
  record: ComplianceRecord;
  deployments: Deployments;
  extensions: Extensions;
  seed: number;
}

export function createRemediations({ store, agenda, record, deployments, extensions, seed }: RemediationParts): Remediations {
  const { state, clock } = store;
  const idOf = (remediation: Remediation) => remediationId(remediation).toLowerCase();
  const again = (remediation: Remediation, delay = STEP) =>
    agenda.schedule({ at: clock.now() + delay, kind: 'remediation-step', subject: idOf(remediation) });

  function policyOf(remediation: Remediation): EffectivePolicy | undefined {
    const { policyAssignmentId: assignment, policyDefinitionReferenceId: reference } = remediation;
    return record
      .policies()
      .find(
        (policy) =>
          policy.assignmentId.toLowerCase() === assignment.toLowerCase() &&
          (policy.referenceId === null || policy.referenceId.toLowerCase() === reference?.toLowerCase()),
      );
  }
  function move(remediation: Remediation, stage: Remediation['stage'], statusMessage = ''): void {
    Object.assign(remediation, { stage, statusMessage, updatedAt: clock.now() });
    store.touch(null);
  }
  const STEPS: Partial<Record<Remediation['stage'], (remediation: Remediation) => void>> = {
    Accepted(remediation) {
      move(remediation, 'Evaluating');
      again(remediation, remediation.resourceDiscoveryMode === 'ReEvaluateCompliance' ? EVALUATION : STEP);
    },
    Evaluating(remediation) {
      remediation.deployments = discover(remediation);
      move(remediation, 'Running');
      again(remediation, 0);
    },
    Running: work,
    Cancelling(remediation) {
      follow(remediation);
      if (!remediation.deployments.some(({ status }) => status === 'Running'))
        return move(remediation, 'Canceled', 'The remediation was cancelled.');
      again(remediation);
    },
  };
  function step(id: string): void {
    const remediation = state.policy.remediations.find((candidate) => idOf(candidate) === id);
    if (remediation) STEPS[remediation.stage]?.(remediation);
  }
  function discover(remediation: Remediation): RemediationDeployment[] {
    const policy = policyOf(remediation);
    if (!policy) return [];
    if (remediation.resourceDiscoveryMode === 'ReEvaluateCompliance') {
      record.evaluate(record.resourcesAt(remediation.scope), policy.assignmentId);
      store.touch();
    }
    const places = remediation.locations.map((place) => place.toLowerCase());
    const wanted = new Set(remediation.resourceIds.map((id) => id.toLowerCase()));
    const now = clock.now();
    return Object.entries(record.resultsOf(policy))
      .filter(
        ([id, { state: found }]) => found === 'NonCompliant' && reaches(remediation.scope, id) && (wanted.size === 0 || wanted.has(id)),
      )
      .flatMap(([id]) => record.resource(id) ?? [])
      .filter(({ location }) => places.length === 0 || places.includes(location.toLowerCase()))
      .slice(0, remediation.resourceCount)
      .map(({ id, location }) => ({
        resourceId: id,
        location,
        deploymentId: null,
        status: 'Waiting',
        createdAt: now,
        updatedAt: now,
        error: null,
        extension: null,
      }));
  }
  function work(remediation: Remediation): void {
    follow(remediation);
    const { deployments: all, failureThreshold, parallelDeployments } = remediation;
    const failed = all.filter(({ status }) => status === 'Failed').length;
    const stopped = failureThreshold !== null && failed > 0 && failed / all.length > failureThreshold;
    const running = all.filter(({ status }) => status === 'Running').length;
    const waiting = all.filter(({ status }) => status === 'Waiting');
    if (stopped) for (const deployment of waiting) end(deployment, 'Canceled');
    else for (const deployment of waiting.slice(0, parallelDeployments - running)) start(remediation, deployment);
    if (all.some(({ status }) => status === 'Running' || status === 'Waiting')) {
      remediation.updatedAt = clock.now();
      store.touch(null);
      again(remediation);
    } else finish(remediation, stopped);
  }
  function finish(remediation: Remediation, stopped: boolean): void {
    const total = remediation.deployments.length;
    const failed = remediation.deployments.filter(({ status }) => status === 'Failed').length;
    const words = failed === 0 ? '' : `${failed} of ${total} deployments failed.`;
    const why = stopped ? ' The failure threshold was exceeded, so no more were begun.' : '';
    move(remediation, failed === 0 ? 'Succeeded' : stopped || failed === total ? 'Failed' : 'Complete', words + why);
  }
  function start(remediation: Remediation, deployment: RemediationDeployment): void {
    const policy = policyOf(remediation);
    const resource = record.resource(deployment.resourceId);
    const random = createRandom(seed ^ seedOf(`${remediation.correlationId}|${deployment.resourceId.toLowerCase()}`));
    const name = `PolicyDeployment_${random.between(1e9, 9e9)}${random.between(1e8, 9e8)}`;
    const group = /^(\/subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?)/i.exec(deployment.resourceId)?.[1] ?? '';
    Object.assign(deployment, { deploymentId: `${group}/providers/Microsoft.Resources/deployments/${name}`, createdAt: clock.now() });
    const begun = policy && resource ? deployments.begin(policy, resource, name) : { error: gone(deployment) };
    if ('error' in begun) end(deployment, 'Failed', begun.error);
    else if (begun.extension === null) end(deployment, 'Succeeded');
    else Object.assign(deployment, { status: 'Running', extension: begun.extension, updatedAt: clock.now() });
  }
  function follow(remediation: Remediation): void {
    for (const deployment of remediation.deployments) {
      if (deployment.status !== 'Running') continue;
      const machine = store.machineById(deployment.resourceId);
      const extension = machine && extensions.find(machine, deployment.extension ?? '');
      if (!extension || extension.state === 'Deleting') {
        end(deployment, 'Failed', { code: 'OperationPreempted', message: 'The extension was removed before it was installed.' });
      } else if (extension.state === 'Succeeded') end(deployment, 'Succeeded');
      else if (extension.state === 'Failed') end(deployment, 'Failed', failureOf(machine.kind, extension.name, extension.message));
      else if (clock.now() - deployment.createdAt >= PATIENCE) end(deployment, 'Failed', TIMED_OUT);
    }
  }
  function end(
    deployment: RemediationDeployment,
    status: RemediationDeployment['status'],
    error: RemediationDeployment['error'] = null,
  ): void {
    Object.assign(deployment, { status, error, updatedAt: clock.now() });
  }
  return {
    begin(remediation) {
      state.policy.remediations.push(remediation);
      again(remediation);
      store.touch(null);
    },
    cancel(remediation) {
      if (ENDED.includes(remediation.stage)) return;
      for (const deployment of remediation.deployments) if (deployment.status === 'Waiting') end(deployment, 'Canceled');
      move(remediation, 'Cancelling');
      again(remediation);
    },
    due: { 'remediation-step': step },
  };
}

function gone({ resourceId }: RemediationDeployment): { code: string; message: string } {
  return { code: 'ResourceNotFound', message: `The policy or the resource '${resourceId}' is gone.` };
}

function failureOf(kind: 'vm' | 'arc', name: string, message: string): { code: string; message: string } {
  if (kind === 'arc') return { code: 'ExtensionOperationFailed', message: `Extension Message: ${message}` };
  return {
    code: 'VMExtensionProvisioningError',
    message: `VM has reported a failure when processing extension '${name}'. Error message: '${message}'.`,
  };
}
