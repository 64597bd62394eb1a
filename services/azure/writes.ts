import type { ExpandedCall } from '../../core/plan.ts';
import type { Log, Writer } from '../../core/ports.ts';
import type { BudgetKeeper } from './budgets/keeper.ts';
import { requestsOf, sending } from './budgets/run-requests.ts';
import type { Clearance } from './egress.ts';
import { createPlanCheck, EgressBlocked } from './egress.ts';
import type { Doing } from './errors.ts';
import { operationOf } from './operation.ts';
import { readBack } from './read-back.ts';
import type { ReaderClients } from './reader-clients.ts';
import { noRoom, sentFrom, sentFromFailure } from './sent.ts';
import type { SendOnce } from './writer-pipeline.ts';

/** The role that allows each kind of call, for people to grant. */
const ROLES: Readonly<Record<ExpandedCall['settles'], string>> = {
  'run-command': 'that allows run commands (see the permissions of the action)',
  setting: 'Security Admin',
  gone: 'that allows run commands to be deleted (see the permissions of the action)',
  operation: 'that allows it (see the permissions of the action)',
};

export interface WriterParts {
  /** Sends with the writer identity. */
  readonly sendOnce: SendOnce;
  /** Where it sends to. */
  readonly endpoint: string;
  /** Read back with the reader identity. */
  readonly clients: ReaderClients;
  readonly keeper: BudgetKeeper;
  readonly log: Log;
}

/** Sends with the writer identity within Azure's limits, reads back with the reader identity. */
export function createWriter({ sendOnce, endpoint, clients, keeper, log }: WriterParts): Writer {
  const callsOfSigned = createPlanCheck();
  return {
    room: (target, call, next) => keeper.hold(requestsOf[next](target, call)),
    async send(plan, hash, target, call) {
      const doing: Doing = { what: `the call “${call.describes}”`, where: target.name, identity: 'writer', role: ROLES[call.settles] };
      const clearance: Clearance = { allowed: [], sent: false };
      try {
        const allowed = callsOfSigned(plan, hash, target).filter(({ id }) => id === call.id);
        const leave = keeper.take(sending(target, call));
        if (leave.waitSeconds > 0) return noRoom(leave.waitSeconds);
        const response = await sendOnce(call, Object.assign(clearance, { allowed }));
        leave.answered(response);
        // What is to be deleted is not there: that is what was wanted.
        if (call.settles === 'gone' && response.status === 404) return { kind: 'accepted' };
        const sent = sentFrom(response, doing);
        const operation = operationOf(response, endpoint, call.path);
        return sent.kind === 'accepted' && call.settles === 'operation' && operation !== undefined ? { ...sent, operation } : sent;
      } catch (error) {
        if (error instanceof EgressBlocked) return blocked(error, log, plan.id, call);
        return sentFromFailure(error, clearance.sent, doing);
      }
    },
    readBack: (call, operation) => readBack(clients, call, operation),
  };
}

function blocked(error: EgressBlocked, log: Log, plan: string, call: ExpandedCall) {
  log.error('blocked a request that is not in the signed plan', { plan, call: call.id, because: error.message });
  return {
    kind: 'refused',
    because: `the request was blocked before it was sent, because ${error.message}`,
    fix: 'Nothing was changed. Request the action anew; if it happens again, have somebody look at the log.',
  } as const;
}
