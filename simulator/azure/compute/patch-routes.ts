import type { Machine, MachineKind } from '../../estates/machine.ts';
import { ArmError } from '../arm-error.ts';
import type { ArmCall, ArmReply, ArmRoute } from '../arm-route.ts';
import { isReachable } from '../machines/reach.ts';
import { MACHINE_PATHS, MACHINE_VERSIONS } from '../routes/machines.ts';
import { machineOf } from '../routes/scope.ts';
import type { PatchWish, Store } from '../state.ts';
import type { Operations } from './operations.ts';
import { readPatchWish } from './patch-body.ts';
import type { PatchRuns } from './patch-runs.ts';

export function patchRoutes(store: Store, runs: PatchRuns, operations: Operations, kind: MachineKind): ArmRoute[] {
  const { path, type } = MACHINE_PATHS[kind];
  function begin(call: ArmCall, wishOf: (machine: Machine) => PatchWish | null): ArmReply {
    const machine = machineOf(store, kind, call.params);
    const wish = wishOf(machine);
    requirePatchable(machine);
    if (runs.busy(machine)) {
      throw new ArmError(409, 'Conflict', `A patch operation is in progress on '${machine.name}'. Please wait for it to complete.`);
    }
    return { status: 202, headers: operations.headers(machine, runs.begin(machine, wish), call.query) };
  }
  const post = (verb: string, run: ArmRoute['run']): ArmRoute => ({
    method: 'POST',
    path: `${path}/${verb}`,
    action: `${type}/${verb}/action`,
    versions: MACHINE_VERSIONS[kind],
    run,
  });
  return [
    post('assessPatches', (call) => begin(call, () => null)),
    post('installPatches', (call) => begin(call, (machine) => readPatchWish(machine, call.body))),
  ];
}

function requirePatchable(machine: Machine): void {
  const { name, vm, arc, os, sparse } = machine;
  const refuse = (why: string) => new ArmError(409, 'OperationNotAllowed', `The operation is not allowed on '${name}': ${why}.`);
  if (sparse || os.type === '') throw refuse('its operating system is not known');
  if (vm && vm.power !== 'running') throw refuse('the VM is not running');
  if (arc?.status === 'Expired')
    throw new ArmError(409, 'HCRP409', `The machine '${name}' has expired. Disconnect and reconnect it first.`);
  if (arc && (arc.configMode === 'monitor' || !arc.extensionsEnabled)) throw refuse('its agent runs in monitor mode');
  if (arc && !isReachable(machine)) throw refuse('the machine is not connected');
}
