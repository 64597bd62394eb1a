import { z } from 'zod';
import { createRandom, seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import { ArmError } from '../arm-error.ts';
import type { ArmCall, ArmReply } from '../arm-route.ts';
import type { Store } from '../state.ts';
import { dnsName } from './device-identity.ts';
import { isHeard } from './facts.ts';
import { notFound } from './not-found.ts';
import type { MachineAction } from './state.ts';

const MINUTE = 60_000;
const KIND = 'sensor-offboards';
const comment = z.object({ Comment: z.string().min(1) });

/** Offboarding through the API: it stops the sensor and leaves everything else as it is, the registry too. */
export interface Offboarding {
  offboard: (call: ArmCall) => ArmReply;
  action: (call: ArmCall) => ArmReply;
  /** Plans again what waited for a machine that is back. */
  plan: () => void;
  due: Performers;
}

export function createOffboarding(store: Store, agenda: Agenda, seed: number, baseUrl: () => string): Offboarding {
  function offboard({ params, body, identity }: ArmCall): ArmReply {
    const parsed = comment.safeParse(body);
    if (body === null) throw new ArmError(400, 'InvalidRequestBody', 'Request body is incorrect');
    if (!parsed.success) throw new ArmError(400, 'MissingRequiredParameter', 'Parameter Comment is missing.');
    const id = (params['id'] ?? '').toLowerCase();
    const machine = store.state.estate.machines.find((candidate) => candidate.guest.sensor.deviceId === id);
    if (!machine) throw notFound(`Machine ${id}`);
    if (machine.os.type !== 'windows') {
      throw new ArmError(400, 'OsPlatformNotSupported', 'OS Platform Linux is not supported for this action.');
    }
    const pending = store.state.defender.actions.some((action) => action.deviceId === id && action.status === 'Pending');
    if (pending) throw new ArmError(400, 'ActiveRequestAlreadyExists', `An action is already in progress on machine ${id}.`);
    store.state.draws += 1;
    const action: MachineAction = {
      id: createRandom(seed ^ seedOf(`action|${store.state.draws}`)).guid(),
      type: 'Offboard',
      machineId: machine.id.toLowerCase(),
      deviceId: id,
      computerDnsName: dnsName(machine),
      requestor: identity.clientId,
      comment: parsed.data.Comment,
      status: 'Pending',
      createdAt: store.clock.now(),
      updatedAt: store.clock.now(),
    };
    store.state.defender.actions.push(action);
    store.touch();
    plan();
    return { status: 201, headers: {}, body: entity(action) };
  }
  function entity(action: MachineAction): Record<string, unknown> {
    return {
      '@odata.context': `${baseUrl()}/api/$metadata#MachineActions/$entity`,
      id: action.id,
      type: action.type,
      title: null,
      scope: null,
      requestor: action.requestor,
      requestorComment: action.comment,
      requestSource: 'PublicApi',
      status: action.status,
      machineId: action.deviceId,
      computerDnsName: action.computerDnsName,
      creationDateTimeUtc: new Date(action.createdAt).toISOString(),
      lastUpdateDateTimeUtc: new Date(action.updatedAt).toISOString(),
      cancellationRequestor: null,
      cancellationComment: null,
      cancellationDateTimeUtc: null,
      externalId: null,
      relatedFileInfo: null,
      commands: [],
    };
  }
  function plan(): void {
    for (const action of store.state.defender.actions) {
      const machine = action.status === 'Pending' ? store.machineById(action.machineId) : undefined;
      if (!machine || !isHeard(machine) || agenda.planned(KIND, action.id)) continue;
      const minutes = createRandom(seed ^ seedOf(action.id)).between(3, 20);
      agenda.schedule({ at: store.clock.now() + minutes * MINUTE, kind: KIND, subject: action.id });
    }
  }
  function offboards(id: string): void {
    const action = store.state.defender.actions.find((candidate) => candidate.id === id);
    const machine = action && store.machineById(action.machineId);
    if (!machine || action.status !== 'Pending' || !isHeard(machine)) return;
    machine.guest.sensor.service = 'Stopped';
    Object.assign(action, { status: 'Succeeded', updatedAt: store.clock.now() });
    store.touch();
  }
  function action({ params }: ArmCall): ArmReply {
    const found = store.state.defender.actions.find(({ id }) => id === params['id']?.toLowerCase());
    if (!found) throw notFound(`Machine action ${params['id']}`);
    return { status: 200, headers: {}, body: entity(found) };
  }
  return { offboard, action, plan, due: { [KIND]: offboards } };
}
