import type { VirtualClock } from '../clock.ts';
import { type Estate, parseEstate, type Subscription } from '../estates/estate.ts';
import { type Machine, type MachineRef, machineId } from '../estates/machine.ts';
import { type AccessState, leastPrivilege } from './access.ts';
import type { AgendaEntry } from './agenda.ts';
import { type Behaviour, LIKELY_BEHAVIOUR } from './behaviour.ts';
import { type DefenderState, emptyDefender } from './defender/state.ts';
import { emptyPolicyState, type PolicyState } from './policy/policy-state.ts';
import type { EdrScan } from './security/edr-scan.ts';

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
  /** When it will probably end, as far as the platform tells (virtual ms). */
  expectedAt?: number;
  /** What its result address answers once it has succeeded. */
  result?: unknown;
  /** What its status says beside, under `properties.output`. */
  output?: unknown;
}

/** An assessment or installation of updates under way. */
export interface PatchRun {
  /** Id of its operation; empty for one the platform began by itself. */
  operationId: string;
  machineId: string;
  activityId: string;
  startedAt: number;
  /** What is to be installed; null = only assess. */
  wish: PatchWish | null;
}

/** Which updates to install, as the body of installPatches says it. */
export interface PatchWish {
  rebootSetting: 'IfRequired' | 'Never' | 'Always';
  classifications: string[];
  kbNumbers: string[];
  excludedKbNumbers: string[];
  nameMasks: string[];
  excludedNameMasks: string[];
  excludeRebooting: boolean;
  /** ISO time; later ones are left out. */
  publishedUntil: string | null;
}

/** What a machine configuration assignment last found; times are virtual ms. */
export interface AuditReport {
  machineId: string;
  assignment: string;
  reportId: string;
  at: number;
  compliant: boolean;
  reasons: { code: string; phrase: string }[];
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
  /** Roles, application permissions and what is wrong with signing in. */
  access: AccessState;
  behaviour: Behaviour;
  patchRuns: PatchRun[];
  auditReports: AuditReport[];
  policy: PolicyState;
  /** What agentless scanning last found, by machine id in lower case. */
  edrScans: Record<string, EdrScan>;
  /** What Defender for Endpoint remembers. */
  defender: DefenderState;
  /** Counts what has been drawn, so that ids differ and still repeat with the seed. */
  draws: number;
}

export function emptyState(estate: Estate): AzureState {
  return {
    estate,
    runCommands: [],
    operations: [],
    executions: [],
    agenda: [],
    access: leastPrivilege(estate),
    behaviour: { ...LIKELY_BEHAVIOUR },
    patchRuns: [],
    auditReports: [],
    policy: emptyPolicyState(),
    edrScans: {},
    defender: emptyDefender(),
    draws: 0,
  };
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
  /** To be called after every change; `null` says that it was on no machine, a machine that it was on no other. */
  touch(machine?: Machine | null): void;
  /** Calls `listener` at every touch with what was named. */
  watch(listener: (machine: Machine | null | undefined) => void): void;
  machine(ref: MachineRef): Machine | undefined;
  machineById(id: string): Machine | undefined;
  subscription(id: string): Subscription | undefined;
}

export function createStore(state: AzureState, clock: VirtualClock, onChange: () => void): Store {
  const listeners: ((machine: Machine | null | undefined) => void)[] = [];
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
    touch(machine) {
      version += 1;
      onChange();
      for (const listener of listeners) listener(machine);
    },
    watch(listener) {
      listeners.push(listener);
    },
    machine: (ref) => machineById(machineId(ref)),
    machineById,
    subscription: (id) => state.estate.subscriptions.find((subscription) => subscription.id.toLowerCase() === id.toLowerCase()),
  };
}
