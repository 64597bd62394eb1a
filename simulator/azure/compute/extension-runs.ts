import type { Extension, Machine } from '../../estates/machine.ts';
import type { Agenda, Performers } from '../agenda.ts';
import type { Extensions } from '../machines/extensions.ts';
import { isReachable } from '../machines/reach.ts';
import type { Operation, Store } from '../state.ts';
import type { WrittenExtension } from './extension-body.ts';
import { extensionResource } from './extension-resource.ts';
import type { Operations } from './operations.ts';

const SECOND = 1_000;
const LOOK_AGAIN = 15 * SECOND;
const REMOVAL = 45 * SECOND;
const LIKELY = 240 * SECOND;
/** A machine nobody reaches gets this long. */
const PATIENCE = 2 * 60 * 60 * SECOND;

const PREEMPTED = { code: 'OperationPreempted', message: 'The extension was removed before it was installed.' };

/** Extensions on request: each installation and removal is an operation that ends when the machine has done it. */
export interface ExtensionRuns {
  install(machine: Machine, wanted: WrittenExtension): Operation;
  remove(machine: Machine, extension: Extension): Operation;
  due: Performers;
}

export function createExtensionRuns(store: Store, agenda: Agenda, extensions: Extensions, operations: Operations): ExtensionRuns {
  const { clock, state } = store;
  const at = (now: number) => new Date(now).toISOString();

  function begin(machine: Machine, name: string, kind: string, first: number, likely: number): Operation {
    const now = clock.now();
    const operation = operations.begin(machine, `${machine.id}/extensions/${name}`, now + likely);
    agenda.schedule({ at: now + first, kind, subject: `${operation.id}|${machine.id.toLowerCase()}|${name}` });
    store.touch(machine);
    return operation;
  }
  function install(machine: Machine, wanted: WrittenExtension): Operation {
    const { name, publisher, type, version, settings, ...more } = wanted;
    const extension = extensions.install(machine, { name, publisher, type, version, settings });
    Object.assign(extension, more);
    return begin(machine, name, 'extension-operation', LOOK_AGAIN, LIKELY);
  }
  function remove(machine: Machine, extension: Extension): Operation {
    Object.assign(extension, { state: 'Deleting', message: '', changedAt: at(clock.now()) });
    return begin(machine, extension.name, 'extension-removal', REMOVAL, REMOVAL);
  }

  function pending(subject: string) {
    const [id = '', machineId = '', name = ''] = subject.split('|');
    const machine = store.machineById(machineId);
    const extension = machine && extensions.find(machine, name);
    const operation = state.operations.find((candidate) => candidate.id === id);
    const late = operation !== undefined && clock.now() - operation.startedAt >= PATIENCE;
    return { id, machine, extension, late };
  }
  function fail(extension: Extension, message: string): void {
    Object.assign(extension, { state: 'Failed', message, changedAt: at(clock.now()) });
  }
  const lookAgain = (kind: string, subject: string) => agenda.schedule({ at: clock.now() + LOOK_AGAIN, kind, subject });
  function lookAtInstallation(subject: string): void {
    const { id, machine, extension, late } = pending(subject);
    const working = extension?.state === 'Creating' || extension?.state === 'Updating';
    if (working && !late) lookAgain('extension-operation', subject);
    else if (!machine || !extension || extension.state === 'Deleting') operations.end(id, { error: PREEMPTED });
    else {
      if (working) fail(extension, `The machine did not answer within ${PATIENCE / 60 / SECOND} minutes.`);
      const error = extension.state === 'Failed' ? failureOf(machine, extension) : null;
      operations.end(id, { error, result: extensionResource(machine, extension, machine.kind === 'arc') });
      store.touch(machine);
    }
  }
  function takeOff(subject: string): void {
    const { id, machine, extension, late } = pending(subject);
    if (!machine || !extension) operations.end(id);
    else if (isReachable(machine)) {
      extensions.remove(machine, extension.name);
      operations.end(id);
    } else if (late) {
      fail(extension, 'The machine did not answer: the extension could not be removed.');
      operations.end(id, { error: failureOf(machine, extension) });
    } else lookAgain('extension-removal', subject);
    store.touch(machine);
  }
  return { install, remove, due: { 'extension-operation': lookAtInstallation, 'extension-removal': takeOff } };
}

function failureOf({ kind }: Machine, { name, publisher, type, message }: Extension): NonNullable<Operation['error']> {
  if (kind === 'arc') return { code: 'ExtensionOperationFailed', message: `Extension Message: ${message}` };
  return {
    code: 'VMExtensionProvisioningError',
    message: `VM has reported a failure when processing extension '${name}' (publisher '${publisher}' and type '${type}'). Error message: '${message}'.`,
  };
}
