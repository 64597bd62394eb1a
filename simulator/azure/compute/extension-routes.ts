import type { Extension, Machine, MachineKind } from '../../estates/machine.ts';
import { ArmError } from '../arm-error.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import type { Extensions } from '../machines/extensions.ts';
import { MACHINE_PATHS, MACHINE_VERSIONS, wantsInstanceView } from '../routes/machines.ts';
import { machineOf, notFound } from '../routes/scope.ts';
import type { Operation, Store } from '../state.ts';
import { readExtension, readExtensionUpdate, type WrittenExtension } from './extension-body.ts';
import { extensionResource } from './extension-resource.ts';
import { requireExtensions, requireInstallable } from './extension-rules.ts';
import type { ExtensionRuns } from './extension-runs.ts';
import type { Operations } from './operations.ts';

export interface ExtensionOptions {
  store: Store;
  extensions: Extensions;
  runs: ExtensionRuns;
  operations: Operations;
}

export function extensionRoutes({ store, extensions, runs, operations }: ExtensionOptions, kind: MachineKind): ArmRoute[] {
  const { path, type } = MACHINE_PATHS[kind];
  const versions = MACHINE_VERSIONS[kind];
  const one = `${path}/extensions/{extension}`;
  const action = (verb: string) => `${type}/extensions/${verb}`;
  const expanded = (query: URLSearchParams) => kind === 'arc' || wantsInstanceView(query);

  function named(machine: Machine, { params }: ArmCall): Extension {
    const name = params['extension'] ?? '';
    const extension = extensions.find(machine, name);
    if (!extension) throw notFound(`${type}/${machine.name}/extensions/${name}`, machine.resourceGroup);
    return extension;
  }
  function install(machine: Machine, known: Extension | undefined, wanted: WrittenExtension): Operation {
    requireInstallable(machine, wanted);
    if (known) requireIdle(kind, known);
    return runs.install(machine, wanted);
  }
  function reply(machine: Machine, name: string, operation: Operation, call: ArmCall, status: number): ArmReply {
    const headers = operations.headers(machine, operation, call.query);
    const extension = extensions.find(machine, name);
    // Arc accepts without showing anything; a virtual machine shows what it is about to make.
    if (kind === 'arc' || !extension) return { status: 202, headers };
    return { status, headers, body: extensionResource(machine, extension, false) };
  }
  function put(call: ArmCall): ArmReply {
    const machine = machineOf(store, kind, call.params);
    const name = call.params['extension'] ?? '';
    const known = extensions.find(machine, name);
    const wanted = readExtension(machine, name, known, call.body);
    return reply(machine, name, install(machine, known, wanted), call, known ? 200 : 201);
  }
  function patch(call: ArmCall): ArmReply {
    const machine = machineOf(store, kind, call.params);
    const known = named(machine, call);
    const { wanted, again } = readExtensionUpdate(machine, known, call.body);
    if (again) return reply(machine, known.name, install(machine, known, wanted), call, 200);
    known.tags = wanted.tags;
    store.touch();
    return ok(extensionResource(machine, known, kind === 'arc'));
  }
  function remove(call: ArmCall): ArmReply {
    const machine = machineOf(store, kind, call.params);
    const known = extensions.find(machine, call.params['extension'] ?? '');
    if (!known) return { status: 204 };
    requireExtensions(machine);
    if (known.state === 'Deleting') requireIdle(kind, known);
    return { status: 202, headers: operations.headers(machine, runs.remove(machine, known), call.query) };
  }
  function get(call: ArmCall): ArmReply {
    const machine = machineOf(store, kind, call.params);
    return ok(extensionResource(machine, named(machine, call), expanded(call.query)));
  }
  function list(call: ArmCall): ArmReply {
    const machine = machineOf(store, kind, call.params);
    return ok({ value: machine.extensions.map((extension) => extensionResource(machine, extension, expanded(call.query))) });
  }
  return [
    { method: 'GET', path: `${path}/extensions`, action: action('read'), versions, run: list },
    { method: 'GET', path: one, action: action('read'), versions, run: get },
    { method: 'PUT', path: one, action: action('write'), versions, run: put },
    { method: 'PATCH', path: one, action: action('write'), versions, run: patch },
    { method: 'DELETE', path: one, action: action('delete'), versions, run: remove },
  ];
}

function requireIdle(kind: MachineKind, { name, state }: Extension): void {
  if (state === 'Succeeded' || state === 'Failed') return;
  throw new ArmError(
    409,
    kind === 'arc' ? 'HCRP409' : 'Conflict',
    `The request failed due to conflict with a concurrent request: extension '${name}' is ${state.toLowerCase()}.`,
  );
}
