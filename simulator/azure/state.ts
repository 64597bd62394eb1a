import type { VirtualClock } from '../clock.ts';
import { type Estate, parseEstate, type Subscription } from '../estates/estate.ts';
import { type Machine, type MachineRef, machineId } from '../estates/machine.ts';
import type { AgendaEntry } from './agenda.ts';

export type ExecutionState = 'Unknown' | 'Pending' | 'Running' | 'Failed' | 'Succeeded' | 'TimedOut' | 'Canceled';

export interface Parameter {
  name: string;
  value: string;
}

/** A managed run command resource; times are virtual ms. */
export interface RunCommand {
  machineId: string;
  name: string;
  location: string;
  tags: Record<string, string>;
  /** The properties as written, without protected parameters. */
  properties: Record<string, unknown>;
  script: string;
  parameters: Parameter[];
  protectedParameters: Parameter[];
  timeoutMs: number;
  waitsForScript: boolean;
  failsWithScript: boolean;
  lie: boolean;
  /** Hash of what was written; the same again does not run again. */
  fingerprint: string;
  provisioningState: 'Creating' | 'Updating' | 'Succeeded' | 'Failed';
  operationId: string;
  execution: {
    state: ExecutionState;
    message: string;
    exitCode: number;
    output: string;
    error: string;
    requestedAt: number;
    startedAt: number | null;
    endedAt: number | null;
  };
}

/** A long-running operation as its status address shows it. */
export interface Operation {
  id: string;
  subscriptionId: string;
  resourceId: string;
  status: 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled';
  startedAt: number;
  endedAt: number | null;
  error: { code: string; message: string } | null;
}

/** One script that ran inside a machine, and whether it changed anything. */
export interface Execution {
  at: number;
  machineId: string;
  runCommand: string;
  script: string;
  exitCode: number;
  changed: boolean;
}

export interface AzureState {
  estate: Estate;
  runCommands: RunCommand[];
  operations: Operation[];
  executions: Execution[];
  agenda: AgendaEntry[];
  /** Counts what has been drawn, so that ids differ and still repeat with the seed. */
  draws: number;
}

export function emptyState(estate: Estate): AzureState {
  return { estate, runCommands: [], operations: [], executions: [], agenda: [], draws: 0 };
}

/** A state read from a file; what a newer version has added is filled in. Throws EstateError. */
export function restoredState(saved: unknown): AzureState {
  const kept = saved as AzureState;
  const estate = parseEstate(kept.estate);
  return { ...emptyState(estate), ...kept, estate };
}

/** The state and the ways to find one's way in it. */
export interface Store {
  state: AzureState;
  clock: VirtualClock;
  /** Rises with every change. */
  version: () => number;
  /** To be called after every change. */
  touch(): void;
  machine(ref: MachineRef): Machine | undefined;
  machineById(id: string): Machine | undefined;
  subscription(id: string): Subscription | undefined;
}

export function createStore(state: AzureState, clock: VirtualClock, onChange: () => void): Store {
  let version = 1;
  let indexed: Machine[] = [];
  let index = new Map<string, Machine>();
  // A changed estate is always a new list, so the list itself tells whether the index is still good.
  function machineById(id: string): Machine | undefined {
    if (indexed !== state.estate.machines) {
      index = new Map(state.estate.machines.map((machine) => [machine.id.toLowerCase(), machine]));
      indexed = state.estate.machines;
    }
    return index.get(id.toLowerCase());
  }
  return {
    state,
    clock,
    version: () => version,
    touch() {
      version += 1;
      onChange();
    },
    machine: (ref) => machineById(machineId(ref)),
    machineById,
    subscription: (id) => state.estate.subscriptions.find((subscription) => subscription.id.toLowerCase() === id.toLowerCase()),
  };
}
