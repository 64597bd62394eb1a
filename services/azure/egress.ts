import type { PipelinePolicy, PipelineRequest } from '@azure/core-rest-pipeline';
import { canonical } from '../../core/canonical.ts';
import type { Json } from '../../core/json.ts';
import type { ExpandedCall, Plan, PlanTarget } from '../../core/plan.ts';
import { callsOf, expandCall, planHash } from '../../core/plan.ts';
import { tidyPairs } from '../../core/tidy.ts';
import { withoutSecrets } from './secrets.ts';

/** Thrown instead of sending a request that the signed plan does not hold. */
export class EgressBlocked extends Error {
  override readonly name = 'EgressBlocked';
}

/** The calls a signed plan allows in this place, and whether one has left. */
export interface Clearance {
  readonly allowed: readonly ExpandedCall[];
  /** True from the moment the request goes to the socket: while it is false, nothing can have happened in Azure. */
  sent: boolean;
}

/** Requests that may leave, each with its clearance. A request that has none is blocked. */
export type Clearances = WeakMap<PipelineRequest, Clearance>;

/** The APIs that changes may go to. */
export type WriteApi = 'arm' | 'graph';

/**
 * The last policy before the socket of one API. Compares what is really about to be sent (origin, method, path, query, body) with the calls of
 * the signed plan; with no clearance, or any difference, nothing leaves.
 */
export function egressPolicy(api: WriteApi, endpoint: string, clearances: Clearances): PipelinePolicy {
  const { origin } = new URL(endpoint);
  return {
    name: 'greenlightEgress',
    async sendRequest(request, next) {
      const clearance = clearances.get(request);
      if (!clearance?.allowed.some((call) => (call.api ?? 'arm') === api && isCall(request, origin, call))) {
        throw new EgressBlocked(`${request.method} ${pathOf(request)} is not in the signed plan`);
      }
      if (clearance.sent) throw new EgressBlocked(`${request.method} ${pathOf(request)} was sent already`);
      clearance.sent = true;
      const response = await next(request);
      // Azure wants a newer token and has done nothing: the one case in which the same request may go again.
      if (response.status === 401) clearance.sent = false;
      return response;
    },
  };
}

/**
 * Tells whether a plan is the one whose hash was signed, and gives a target's calls from it, those that tidy up after it included. Remembers plans it has hashed and
 * freezes them, so that they cannot change afterwards.
 */
export function createPlanCheck(): (plan: Plan, hash: string, target: PlanTarget) => readonly ExpandedCall[] {
  const hashes = new WeakMap<Plan, string>();
  return (plan, hash, target) => {
    const known = hashes.get(plan) ?? planHash(freeze(plan));
    hashes.set(plan, known);
    if (known !== hash) throw new EgressBlocked(`plan ${plan.id} is not the one that was signed`);
    const own = { ...plan, targets: plan.targets.filter(({ id }) => id === target.id) };
    const tidying = own.targets.flatMap((one) => tidyPairs(plan, hash, one).map(({ tidy }) => tidy));
    return [...callsOf(own).map(({ call }) => expandCall(plan, hash, target.id, call)), ...tidying];
  };
}

function isCall(request: PipelineRequest, origin: string, call: ExpandedCall): boolean {
  const url = new URL(request.url);
  return (
    url.origin === origin &&
    url.hash === '' &&
    url.username === '' &&
    request.method === call.method &&
    samePath(url, call.path) &&
    sameQuery(url.searchParams, call.query) &&
    sameBody(request.body, call.body)
  );
}

/** Segment by segment after decoding, so that neither `..` nor an encoded slash can stand for something else. */
function samePath(url: URL, path: string): boolean {
  const sent = url.pathname.split('/');
  const signed = path.split('/');
  return sent.length === signed.length && sent.every((segment, index) => segment === encodeURIComponent(signed[index] as string));
}

function sameQuery(sent: URLSearchParams, signed: ExpandedCall['query']): boolean {
  return [...sent].length === Object.keys(signed).length && Object.entries(signed).every(([name, value]) => sent.get(name) === value);
}

/**
 * The bytes must be exactly what our own serialiser makes of the value they hold: no key twice, nothing a parser could drop. A secret is held
 * against the hash that was signed.
 */
function sameBody(sent: PipelineRequest['body'], signed: ExpandedCall['body']): boolean {
  if (signed === null) return sent === undefined || sent === null || sent === '';
  if (typeof sent !== 'string') return false;
  try {
    const value = JSON.parse(sent) as Json;
    return JSON.stringify(value) === sent && canonical(withoutSecrets(value, signed)) === canonical(signed);
  } catch {
    return false;
  }
}

function pathOf(request: PipelineRequest): string {
  return URL.canParse(request.url) ? new URL(request.url).pathname.slice(0, 300) : 'an address that cannot be read';
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const item of Object.values(value)) freeze(item);
  return value;
}
