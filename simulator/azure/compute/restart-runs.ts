import type { Machine } from '../../estates/machine.ts';
import { createRandom, seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import { ArmError } from '../arm-error.ts';
import type { ArmRoute } from '../arm-route.ts';
import { restart } from '../machines/restart.ts';
import { MACHINE_PATHS, MACHINE_VERSIONS } from '../routes/machines.ts';
import { machineOf } from '../routes/scope.ts';
import type { RunCommandQueue } from '../run-command-queue.ts';
import type { Store } from '../state.ts';
import type { Operations } from './operations.ts';

const MINUTE = 60_000;
const KIND = 'vm-restarted';

export interface RestartOptions {
  store: Store;
  agenda: Agenda;
  operations: Operations;
  queue: RunCommandQueue;
  seed: number;
}

/** POST …/restart of a virtual machine: nobody reaches it for 2 to 5 virtual minutes, then it has booted. Arc has no such operation. */
export function createRestarts({ store, agenda, operations, queue, seed }: RestartOptions): { routes: ArmRoute[]; due: Performers } {
  const { clock, state } = store;
  const { path, type } = MACHINE_PATHS.vm;
  const route: ArmRoute = {
    method: 'POST',
    path: `${path}/restart`,
    action: `${type}/restart/action`,
    versions: MACHINE_VERSIONS.vm,
    run(call) {
      const machine = machineOf(store, 'vm', call.params);
      requireRunning(machine);
      const now = clock.now();
      const random = createRandom(seed ^ seedOf(`${machine.id.toLowerCase()}|restart|${state.draws}`));
      const at = now + random.between(2 * MINUTE, 5 * MINUTE);
      const operation = operations.begin(machine, machine.id, at);
      queue.interrupt(machine);
      if (machine.vm) machine.vm.power = 'starting';
      agenda.schedule({ at, kind: KIND, subject: `${operation.id}|${machine.id.toLowerCase()}` });
      store.touch(machine);
      return { status: 202, headers: operations.headers(machine, operation, call.query) };
    },
  };
  function booted(subject: string): void {
    const [operationId = '', machineId = ''] = subject.split('|');
    const machine = store.machineById(machineId);
    // Somebody may have switched it off or taken it away meanwhile.
    if (machine?.vm?.power === 'starting') {
      machine.vm.power = 'running';
      restart(machine, clock.now());
    }
    operations.end(operationId);
    store.touch(machine);
  }
  return { routes: [route], due: { [KIND]: booted } };
}

function requireRunning({ name, vm }: Machine): void {
  if (vm?.power === 'running') return;
  if (vm?.power === 'starting') throw new ArmError(409, 'Conflict', `The VM '${name}' is being restarted already.`);
  throw new ArmError(409, 'OperationNotAllowed', `The operation cannot be performed because the VM '${name}' is not running.`);
}
