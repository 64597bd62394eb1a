import type { ExpandedCall, PlanTarget } from '../../../core/plan.ts';
import type { NextRequest } from '../../../core/ports.ts';
import type { BudgetedRequest } from './counted.ts';

/** The request that sends a call. A call that makes a machine safe goes before ordinary work. */
export function sending(target: PlanTarget, { id, api, method, path }: ExpandedCall): BudgetedRequest {
  const urgent = target.makeSafe.some(({ call }) => call?.id === id);
  return { identity: 'writer', ...(api && { api }), method, path, region: target.fingerprint['location'] ?? '', urgent };
}

function reading(path: string, api?: ExpandedCall['api']): BudgetedRequest {
  return { identity: 'reader', ...(api && { api }), method: 'GET', path, region: '', urgent: false };
}

/** The requests that each next step of a run makes. Of a subscription, what is re-read is a list and not worth counting ahead. */
export const requestsOf: Readonly<Record<NextRequest, (target: PlanTarget, call: ExpandedCall) => readonly BudgetedRequest[]>> = {
  begin: (target, call) => [...(target.kind === 'machine' ? [reading(target.id)] : []), sending(target, call)],
  send: (target, call) => [sending(target, call)],
  look: (_target, call) => [reading(call.path, call.api)],
};
