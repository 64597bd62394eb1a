import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { Log } from '../../core/ports.ts';
import type { BudgetKeeper } from './budgets/keeper.ts';
import type { Patience } from './patience.ts';
import { directPolicy } from './policies/direct.ts';
import { originPolicy } from './policies/origin.ts';
import { readBudgetPolicy } from './policies/read-budget.ts';
import { readRetryPolicy } from './policies/read-retry.ts';
import { requestLogPolicy } from './policies/request-log.ts';

interface Reading {
  /** The only address that is asked. */
  readonly endpoint: string;
  readonly direct: boolean;
  readonly patience: Patience;
  readonly log: Log;
  readonly keeper: BudgetKeeper;
  readonly urgent: boolean;
}

/** What every request of the reader identity goes through, whichever API it is for. */
export function readerPolicies({ endpoint, direct, patience, log, keeper, urgent }: Reading): readonly PipelinePolicy[] {
  return [
    originPolicy([endpoint]),
    ...(direct ? [directPolicy()] : []),
    readRetryPolicy(patience),
    readBudgetPolicy(keeper, urgent, patience),
    requestLogPolicy('reader', log),
  ];
}

/** Options of a pipeline, an SDK's or our own, with these policies. */
export function pipelineOptions(tls: { readonly ca: string } | null, policies: readonly PipelinePolicy[]) {
  return {
    ...(tls && { tlsOptions: tls }),
    // Repeats are ours: see readRetryPolicy. None of the APIs has a reason to send anybody elsewhere.
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    additionalPolicies: policies.map((policy) => ({ policy, position: 'perCall' as const })),
  };
}
