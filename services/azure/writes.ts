import type { ExpandedCall } from '../../core/plan.ts';
import type { Log, Writer } from '../../core/ports.ts';
import type { Clearance } from './egress.ts';
import { createPlanCheck, EgressBlocked } from './egress.ts';
import type { Doing } from './errors.ts';
import { readBack } from './read-back.ts';
import type { ReaderClients } from './reader-clients.ts';
import { sentFrom, sentFromFailure } from './sent.ts';
import type { SendOnce } from './writer-pipeline.ts';

/** The role that allows each kind of call, for people to grant. */
const ROLES: Readonly<Record<ExpandedCall['settles'], string>> = {
  'run-command': 'that allows run commands (see the permissions of the action)',
  setting: 'Security Admin',
};

/** Sends with the writer identity, reads back with the reader identity. */
export function createWriter(sendOnce: SendOnce, clients: ReaderClients, log: Log): Writer {
  const callsOfSigned = createPlanCheck();
  return {
    async send(plan, hash, target, call) {
      const doing: Doing = { what: `the call “${call.describes}”`, where: target.name, identity: 'writer', role: ROLES[call.settles] };
      const clearance: Clearance = { allowed: [], sent: false };
      try {
        const allowed = callsOfSigned(plan, hash, target).filter(({ id }) => id === call.id);
        const cleared = Object.assign(clearance, { allowed });
        return sentFrom(await sendOnce(call, cleared), doing);
      } catch (error) {
        if (error instanceof EgressBlocked) return blocked(error, log, plan.id, call);
        return sentFromFailure(error, clearance.sent, doing);
      }
    },
    readBack: (call) => readBack(clients, call),
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
