import type { SignOffView } from '../../../cards/sign-off/data.ts';
import { sha256 } from '../../../core/hash.ts';
import type { JsonObject } from '../../../core/json.ts';
import { at } from '../../../core/json.ts';
import type { Plan, PlanTarget } from '../../../core/plan.ts';
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
    if (!item.call) return [{ describes: item.describes, method: 'GET', path: target.id, parameters: '' }];
    const call = expandCall(plan, hash, target.id, item.call);
    const query = new URLSearchParams(call.query).toString();
    return [{ describes: call.describes, method: call.method, path: `${call.path}?${query}`, parameters: bodyWords(call.body) }];
  });
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
