import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { graphPermissionOf } from '../../core/graph-permission.ts';
import type { ExpandedCall, PlanTarget } from '../../core/plan.ts';
import type { Log, Sent, Writer } from '../../core/ports.ts';
import type { BudgetKeeper } from './budgets/keeper.ts';
import { requestsOf, sending } from './budgets/run-requests.ts';
import type { Clearance } from './egress.ts';
import { createPlanCheck, EgressBlocked } from './egress.ts';
import type { Doing } from './errors.ts';
import type { JsonReader } from './json-reader.ts';
import { madeBy } from './listed.ts';
import { operationOf } from './operation.ts';
import { readBack } from './read-back.ts';
import type { ReaderClients } from './reader-clients.ts';
import type { SecretReader } from './secrets.ts';
import { SecretChanged, withSecrets } from './secrets.ts';
import { noRoom, sentFrom, sentFromFailure } from './sent.ts';
import type { SendOnce } from './writer-pipeline.ts';

/** The role that allows each kind of call, for people to grant. */
const ROLES: Readonly<Record<ExpandedCall['settles'], string>> = {
  'run-command': 'that allows run commands (see the permissions of the action)',
  setting: 'Security Admin',
  gone: 'that allows it to be deleted (see the permissions of the action)',
  resource: 'that allows it to be written (see the permissions of the action)',
  operation: 'that allows it (see the permissions of the action)',
  ended: 'that allows it to be stopped (see the permissions of the action)',
  listed: 'that allows it (see the permissions of the action)',
};

const NOTHING_TO_STOP: ReadonlySet<number> = new Set([400, 404, 409]);

export interface WriterParts {
  /** Sends with the writer identity. */
  readonly sendOnce: SendOnce;
  /** Where it sends to. */
  readonly endpoint: string;
  /** Read back with the reader identity. */
  readonly clients: ReaderClients;
  /** Microsoft Graph, with the reader identity as well. */
  readonly directory: JsonReader;
  readonly keeper: BudgetKeeper;
  /** Reads what the plan names and does not hold. */
  readonly readSecret: SecretReader;
  readonly log: Log;
}

/** Sends with the writer identity within Azure's limits, reads back with the reader identity. */
export function createWriter({ sendOnce, endpoint, clients, directory, keeper, readSecret, log }: WriterParts): Writer {
  const callsOfSigned = createPlanCheck();
  return {
    room: (target, call, next) => keeper.hold(requestsOf[next](target, call)),
    async send(plan, hash, target, call) {
      const doing = doingOf(target, call);
      const clearance: Clearance = { allowed: [], sent: false };
      try {
        const allowed = callsOfSigned(plan, hash, target).filter(({ id }) => id === call.id);
        const leave = keeper.take(sending(target, call));
        if (leave.waitSeconds > 0) return noRoom(leave.waitSeconds);
        const response = await sendOnce(await withSecrets(call, readSecret), Object.assign(clearance, { allowed }));
        leave.answered(response);
        // What is to be deleted is not there: that is what was wanted.
        if (call.settles === 'gone' && response.status === 404) return { kind: 'accepted' };
        // It never began, or has ended by itself: reading it back tells.
        if (call.settles === 'ended' && NOTHING_TO_STOP.has(response.status)) return { kind: 'accepted' };
        const sent = sentFrom(response, doing);
        const operation = sent.kind === 'accepted' ? followed[call.settles]?.(response, endpoint, call) : undefined;
        return sent.kind === 'accepted' && operation !== undefined ? { ...sent, operation } : sent;
      } catch (error) {
        if (error instanceof EgressBlocked) return blocked(error, log, plan.id, call);
        if (error instanceof SecretChanged) return secretChanged(error);
        return sentFromFailure(error, clearance.sent, doing);
      }
    },
    readBack: (call, operation) => readBack({ clients, directory }, call, operation),
  };
}

/** Under which address an accepted call is followed from then on, for the kinds of call that have one. */
const followed: Partial<
  Record<ExpandedCall['settles'], (response: PipelineResponse, endpoint: string, call: ExpandedCall) => string | undefined>
> = {
  operation: (response, endpoint, { path }) => operationOf(response, endpoint, path),
  listed: (response, _endpoint, call) => madeBy(response, call),
};

function doingOf({ name }: PlanTarget, { api, path, describes, settles }: ExpandedCall): Doing {
  const doing = { what: `the call “${describes}”`, where: name, identity: 'writer', role: ROLES[settles] } as const;
  const permission = api === 'graph' ? graphPermissionOf(path) : null;
  return permission === null ? doing : { ...doing, permission };
}

function secretChanged({ message }: SecretChanged): Sent {
  return { kind: 'refused', because: `nothing was sent, because ${message}`, fix: 'Request the action anew.' };
}

function blocked(error: EgressBlocked, log: Log, plan: string, call: ExpandedCall) {
  log.error('blocked a request that is not in the signed plan', { plan, call: call.id, because: error.message });
  return {
    kind: 'refused',
    because: `the request was blocked before it was sent, because ${error.message}`,
    fix: 'Nothing was changed. Request the action anew; if it happens again, have somebody look at the log.',
  } as const;
}
