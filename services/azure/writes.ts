import type { ExpandedCall } from '../../core/plan.ts';
import type { Log, Sent, Writer } from '../../core/ports.ts';
import type { BudgetKeeper } from './budgets/keeper.ts';
import { requestsOf, sending } from './budgets/run-requests.ts';
import type { Clearance } from './egress.ts';
import { createPlanCheck, EgressBlocked } from './egress.ts';
import type { Doing } from './errors.ts';
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
};

const NOTHING_TO_STOP: ReadonlySet<number> = new Set([400, 404, 409]);

export interface WriterParts {
  /** Sends with the writer identity. */
  readonly sendOnce: SendOnce;
  /** Where it sends to. */
  readonly endpoint: string;
  /** Read back with the reader identity. */
  readonly clients: ReaderClients;
  readonly keeper: BudgetKeeper;
  /** Reads what the plan names and does not hold. */
  readonly readSecret: SecretReader;
  readonly log: Log;
}

/** Sends with the writer identity within Azure's limits, reads back with the reader identity. */
export function createWriter({ sendOnce, endpoint, clients, keeper, readSecret, log }: WriterParts): Writer {
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
        const response = await sendOnce(await withSecrets(call, readSecret), Object.assign(clearance, { allowed }));
        leave.answered(response);
        // What is to be deleted is not there: that is what was wanted.
        if (call.settles === 'gone' && response.status === 404) return { kind: 'accepted' };
        // It never began, or has ended by itself: reading it back tells.
        if (call.settles === 'ended' && NOTHING_TO_STOP.has(response.status)) return { kind: 'accepted' };
        const sent = sentFrom(response, doing);
        const operation = operationOf(response, endpoint, call.path);
        return sent.kind === 'accepted' && call.settles === 'operation' && operation !== undefined ? { ...sent, operation } : sent;
      } catch (error) {
        if (error instanceof EgressBlocked) return blocked(error, log, plan.id, call);
        if (error instanceof SecretChanged) return secretChanged(error);
        return sentFromFailure(error, clearance.sent, doing);
      }
    },
    readBack: (call, operation) => readBack(clients, call, operation),
  };
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
