import type { SignOffView } from '../../../cards/sign-off/data.ts';
import type { EvidenceKind } from '../../../core/evidence.ts';
import { evidenceKinds } from '../../../core/evidence.ts';
import { sha256 } from '../../../core/hash.ts';
import type { JsonObject } from '../../../core/json.ts';
import { at } from '../../../core/json.ts';
import type { ExpandedCall, Plan, PlanTarget } from '../../../core/plan.ts';
import { expandCall } from '../../../core/plan.ts';

/** The calls of one target of each kind: alike but for the address, the nonce and the machine's region. */
export function callsOfEachKind(plan: Plan, hash: string): SignOffView['calls'] {
  const kinds = Map.groupBy(plan.targets, (target) => kindOf(target));
  return [...kinds.values()].flatMap(([first, ...more]) => {
    const target = first as PlanTarget;
    const on = more.length === 0 ? target.name : `${target.name} and ${more.length} like it`;
    return callsFor(plan, hash, target).map((call) => ({ on, ...call }));
  });
}

function kindOf({ sequence, id }: PlanTarget): string {
  const provider = /\/providers\/([^/]+\/[^/]+)\//.exec(id)?.[1] ?? '';
  return JSON.stringify([provider, sequence.map(({ call }) => call && [call.id, call.method, call.query, scriptOf(call.body)])]);
}

function callsFor(plan: Plan, hash: string, target: PlanTarget): Omit<SignOffView['calls'][number], 'on'>[] {
  return target.sequence.flatMap((item) => {
    if (item.do === 'wait') return [{ describes: item.describes, method: 'WAIT', path: `${item.minutes} min`, parameters: '' }];
    if (!item.call) return [{ describes: item.describes, method: 'GET', path: readAt(item.evidence, target), parameters: '' }];
    const call = expandCall(plan, hash, target.id, item.call);
    return [{ describes: call.describes, method: call.method, path: addressOf(call), parameters: bodyWords(call.body) }];
  });
}

/** Where a call goes that is not for Azure Resource Manager is said with its host. */
function addressOf({ api, path, query }: ExpandedCall): string {
  const said = new URLSearchParams(query).toString();
  return `${api === 'graph' ? 'https://graph.microsoft.com' : ''}${path}${said === '' ? '' : `?${said}`}`;
}

/** What a collector reads of a target; the organisation has no address of its own. */
function readAt(evidence: EvidenceKind, { id, kind }: PlanTarget): string {
  return kind === 'organisation' ? `the ${evidenceKinds[evidence].words}` : id;
}

/** The body as sent; a script, which would fill the card, stands as its hash, and the card names the script of that hash. */
function bodyWords(body: JsonObject | null): string {
  if (body === null) return '';
  const script = scriptOf(body);
  if (script === null) return JSON.stringify(body);
  const properties = body['properties'] as JsonObject;
  return JSON.stringify({ ...body, properties: { ...properties, source: { script: `sha256:${sha256(script)}` } } });
}

function scriptOf(body: JsonObject | null): string | null {
  const script = at(body, 'properties.source.script');
  return typeof script === 'string' ? script : null;
}
