export type RemediationStage = 'Accepted' | 'Evaluating' | 'Running' | 'Cancelling' | 'Canceled' | 'Failed' | 'Complete' | 'Succeeded';
export type DiscoveryMode = 'ExistingNonCompliant' | 'ReEvaluateCompliance';

export const ENDED: readonly RemediationStage[] = ['Canceled', 'Failed', 'Complete', 'Succeeded'];

/** The deployment a remediation made for one resource; times are virtual ms. */
export interface RemediationDeployment {
  resourceId: string;
  location: string;
  /** Null until it has begun. */
  deploymentId: string | null;
  status: 'Waiting' | 'Running' | 'Succeeded' | 'Failed' | 'Canceled';
  createdAt: number;
  updatedAt: number;
  error: { code: string; message: string } | null;
  /** The extension whose end it waits for. */
  extension: string | null;
}

/** A remediation task; times are virtual ms. */
export interface Remediation {
  name: string;
  /** Id of the management group, subscription, resource group or resource it was made at. */
  scope: string;
  policyAssignmentId: string;
  policyDefinitionReferenceId: string | null;
  resourceDiscoveryMode: DiscoveryMode;
  resourceCount: number;
  parallelDeployments: number;
  /** Share of failed deployments (0..1) above which it stops; null = nobody said. */
  failureThreshold: number | null;
  locations: string[];
  resourceIds: string[];
  stage: RemediationStage;
  statusMessage: string;
  correlationId: string;
  createdAt: number;
  updatedAt: number;
  deployments: RemediationDeployment[];
}

export function remediationId({ scope, name }: Pick<Remediation, 'scope' | 'name'>): string {
  return `${scope}/providers/Microsoft.PolicyInsights/remediations/${name}`;
}
