import type { SignOffPersonal, SignOffView } from '../../../cards/sign-off/data.ts';
import { isJsonObject } from '../../../core/json.ts';
import type { Person, PersonKey } from '../../../core/person.ts';
import { samePerson } from '../../../core/person.ts';
import type { ExpandedCall, PlanTarget } from '../../../core/plan.ts';
import { expandCall } from '../../../core/plan.ts';
import type { PlanRecord } from '../../../core/ports.ts';

/** The card of a plan. `members` is the channel's roster, null when it could not be read. */
export function signOffView(record: PlanRecord, members: readonly Person[] | null, personal: SignOffPersonal | null): SignOffView {
  const { plan, signOff, hash } = record;
  const nameOf = (key: PersonKey) =>
    plan.signers.approvers.find((approver) => samePerson(approver, key))?.name ??
    (samePerson(plan.requestedBy, key) ? plan.requestedBy.name : (members?.find((member) => samePerson(member, key))?.name ?? 'somebody'));
  const first = plan.targets[0];
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
    calls: first ? callsFor(hash, first) : [],
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

function callsFor(hash: string, target: PlanTarget): SignOffView['calls'] {
  return target.sequence.flatMap((item) => {
    if (!item.call) return item.do === 'prove' ? [{ describes: item.describes, method: 'GET', path: target.id, parameters: '' }] : [];
    const call = expandCall(hash, target.id, item.call);
    const query = new URLSearchParams(call.query).toString();
    return [{ describes: call.describes, method: call.method, path: `${call.path}?${query}`, parameters: parametersOf(call) }];
  });
}

/** A script is named by its hash on the card; everything else of the body is shown as sent. */
function parametersOf(call: ExpandedCall): string {
  const properties = call.body?.['properties'];
  if (isJsonObject(properties) && isJsonObject(properties['source'])) {
    const pairs = (properties['parameters'] as readonly { name: string; value: string }[]).map(({ name, value }) => `${name}=${value}`);
    return pairs.join(' ');
  }
  return call.body === null ? '' : JSON.stringify(call.body);
}

function whereOf(id: string): string {
  const group = /\/resourcegroups\/([^/]+)\//i.exec(id)?.[1];
  return group ?? 'subscription';
}
