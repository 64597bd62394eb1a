import type { SignOffPersonal, SignOffView } from '../../../cards/sign-off/data.ts';
import { sha256 } from '../../../core/hash.ts';
import type { JsonObject } from '../../../core/json.ts';
import { at } from '../../../core/json.ts';
import type { Person, PersonKey } from '../../../core/person.ts';
import { samePerson } from '../../../core/person.ts';
import type { Plan, PlanTarget } from '../../../core/plan.ts';
import { expandCall } from '../../../core/plan.ts';
import type { PlanRecord } from '../../../core/ports.ts';

/** The card of a plan. `members` is the channel's roster, null when it could not be read. */
export function signOffView(record: PlanRecord, members: readonly Person[] | null, personal: SignOffPersonal | null): SignOffView {
  const { plan, signOff, hash } = record;
  const nameOf = (key: PersonKey) =>
    plan.signers.approvers.find((approver) => samePerson(approver, key))?.name ??
    (samePerson(plan.requestedBy, key) ? plan.requestedBy.name : (members?.find((member) => samePerson(member, key))?.name ?? 'somebody'));
  return {
    id: plan.id,
    hash,
    revision: signOff.revision,
    state: signOff.state,
    title: plan.title,
    requestedBy: plan.requestedBy.name,
    requestedAt: plan.requestedAt,
    effect: plan.effect,
    blastRadius: plan.blastRadius,
    undoWords: plan.undoWords,
    makeSafeWords: plan.makeSafeWords,
    targets: plan.targets.map(({ name, ring, id, found }) => ({ name, ring, where: whereOf(id), found })),
    leftOut: plan.leftOut.map(({ name, because }) => ({ name, because })),
    waves: plan.waves.map(({ name, targetIds }) => ({ name, count: targetIds.length })),
    calls: callsOfEachKind(plan, hash),
    scripts: plan.scripts,
    approvers: plan.signers.approvers.map((approver) => ({
      name: approver.name,
      role: approver.role,
      votedAt: signOff.votes.find(({ person }) => samePerson(person, approver))?.at ?? null,
      notice: noticeOf(approver, plan.requestedBy, members),
    })),
    quorum: signOff.quorum,
    expiresAt: signOff.expiresAt,
    startsAt: signOff.startsAt,
    graceSeconds: signOff.graceSeconds,
    ended: signOff.ended && { by: signOff.ended.by && nameOf(signOff.ended.by), at: signOff.ended.at, reason: signOff.ended.reason },
    supersededBy: null,
    personal,
  };
}

function noticeOf(approver: PersonKey, requester: PersonKey, members: readonly Person[] | null): string | null {
  if (samePerson(approver, requester)) return 'asked for it, cannot sign';
  if (members && !members.some((member) => samePerson(member, approver))) return 'not in this channel';
  return null;
}

/** The calls of one target of each kind: alike but for the address, the nonce and the machine's region. */
function callsOfEachKind(plan: Plan, hash: string): SignOffView['calls'] {
  const kinds = Map.groupBy(plan.targets, (target) => kindOf(target));
  return [...kinds.values()].flatMap(([first, ...more]) => {
    const target = first as PlanTarget;
    const on = more.length === 0 ? target.name : `${target.name} and ${more.length} like it`;
    return callsFor(hash, target).map((call) => ({ on, ...call }));
  });
}

function kindOf({ sequence, id }: PlanTarget): string {
  const provider = /\/providers\/([^/]+\/[^/]+)\//.exec(id)?.[1] ?? '';
  return JSON.stringify([provider, sequence.map(({ call }) => call && [call.id, call.method, call.query, scriptOf(call.body)])]);
}

function callsFor(hash: string, target: PlanTarget): Omit<SignOffView['calls'][number], 'on'>[] {
  return target.sequence.flatMap((item) => {
    if (!item.call) return item.do === 'prove' ? [{ describes: item.describes, method: 'GET', path: target.id, parameters: '' }] : [];
    const call = expandCall(hash, target.id, item.call);
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

function whereOf(id: string): string {
  const group = /\/resourcegroups\/([^/]+)\//i.exec(id)?.[1];
  return group ?? 'subscription';
}
