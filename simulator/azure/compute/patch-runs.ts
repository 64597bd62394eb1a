import type { Machine } from '../../estates/machine.ts';
import type { KeptInstallation } from '../../estates/patching.ts';
import { createRandom, type Random, seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import { isReachable } from '../machines/reach.ts';
import { assess, installUpdates, type Patch } from '../machines/updates.ts';
import type { Operation, PatchRun, PatchWish, Store } from '../state.ts';
import type { Operations } from './operations.ts';
import { assessmentResult, installationResult } from './patch-results.ts';
import { INSTALLATIONS_KEPT } from './patch-rows.ts';
import { selectPatches } from './patch-selection.ts';

const MINUTE = 60_000;
const ASSESSING = [1, 4] as const;
const INSTALLING = [10, 25] as const;

/** Assessments and installations of updates on request, each an operation of some virtual minutes. */
export interface PatchRuns {
  /** `wish` = null only assesses. */
  begin(machine: Machine, wish: PatchWish | null): Operation;
  busy(machine: Machine): boolean;
  due: Performers;
}

export interface PatchRunOptions {
  store: Store;
  agenda: Agenda;
  operations: Operations;
  seed: number;
  /** The machine restarts at this moment. */
  onRestart: (machine: Machine) => void;
}

export function createPatchRuns({ store, agenda, operations, seed, onRestart }: PatchRunOptions): PatchRuns {
  const { clock, state } = store;
  const same = (run: PatchRun, machine: Machine) => run.machineId.toLowerCase() === machine.id.toLowerCase();

  function begin(machine: Machine, wish: PatchWish | null): Operation {
    const random = createRandom(seed ^ seedOf(`${machine.id.toLowerCase()}|patches|${state.draws}`));
    const now = clock.now();
    const [shortest, longest] = wish ? INSTALLING : ASSESSING;
    const at = now + random.between(shortest * MINUTE, longest * MINUTE);
    const operation = operations.begin(machine, machine.id, at);
    state.patchRuns.push({ operationId: operation.id, machineId: machine.id, activityId: random.guid(), startedAt: now, wish });
    agenda.schedule({ at, kind: 'patch-run', subject: operation.id });
    store.touch(machine);
    return operation;
  }

  function due(operationId: string): void {
    const run = state.patchRuns.find((candidate) => candidate.operationId === operationId);
    const machine = run && store.machineById(run.machineId);
    if (!run) return;
    state.patchRuns.splice(state.patchRuns.indexOf(run), 1);
    if (!machine || !isReachable(machine) || machine.vm?.reported === false) {
      operations.end(operationId, { error: UNREACHABLE });
    } else {
      const result = run.wish ? install(machine, run, run.wish) : look(machine, run);
      // That the status carries the result too is how Compute answers its other actions; of these it is UNVERIFIED.
      operations.end(operationId, { result, output: result });
    }
    store.touch(machine);
  }

  function look(machine: Machine, { activityId, startedAt }: PatchRun): Record<string, unknown> {
    const kept = keepAssessment(machine, { activityId, startedAt, startedBy: 'User', now: clock.now() });
    return assessmentResult(machine, kept);
  }

  function install(machine: Machine, run: PatchRun, wish: PatchWish): Record<string, unknown> {
    const now = clock.now();
    const random = createRandom(seed ^ seedOf(run.activityId));
    const kept = performed(machine, run, wish, now, random);
    const { installations } = machine.patching;
    machine.patching.installations = [...installations.filter(({ at }) => now - Date.parse(at) < INSTALLATIONS_KEPT), kept];
    if (kept.rebootStatus === 'Completed') onRestart(machine);
    // What is left is looked at right after an installation.
    keepAssessment(machine, { activityId: random.guid(), startedAt: now, startedBy: 'Platform', now });
    return installationResult(machine, kept);
  }
  return { begin, busy: (machine) => state.patchRuns.some((run) => same(run, machine)), due: { 'patch-run': due } };
}

const UNREACHABLE = {
  code: 'VMAgentStatusCommunicationError',
  message: 'The machine agent is not ready: the operation could not be started on the machine.',
};

interface Started {
  activityId: string;
  /** Virtual ms. */
  startedAt: number;
  startedBy: 'User' | 'Platform';
  /** Virtual ms. */
  now: number;
}

/** Assesses the machine at `now` and keeps what was found; the one before is forgotten. */
export function keepAssessment(machine: Machine, { activityId, startedAt, startedBy, now }: Started) {
  const kept = { activityId, startedBy, startedAt: new Date(startedAt).toISOString(), ...assess(machine, now) };
  machine.patching.assessment = kept;
  return kept;
}

function performed(machine: Machine, run: PatchRun, wish: PatchWish, now: number, random: Random): KeptInstallation {
  const { serviceUsed, patches } = assess(machine, now);
  const { selected, excluded, notSelected } = selectPatches(patches, wish);
  const chosen = new Set(selected.map(({ name }) => name));
  const { classifications, kbNumbers, rebootSetting } = wish;
  const selects = (patch: Patch) => chosen.has(patch.name);
  const outcome = installUpdates(machine, { classifications, kbNumbers, rebootSetting, now, random, selects });
  const as = (state: KeptInstallation['patches'][number]['state']) => (patch: Patch) => ({ ...patch, state });
  const failed = outcome.failed.map(({ name }) => name);
  return {
    activityId: run.activityId,
    startedBy: 'User',
    startedAt: new Date(run.startedAt).toISOString(),
    at: new Date(now).toISOString(),
    serviceUsed,
    status: failed.length > 0 ? 'Failed' : 'Succeeded',
    rebootStatus: outcome.rebooted ? 'Completed' : outcome.rebootPending ? 'Required' : 'NotNeeded',
    maintenanceWindowExceeded: false,
    patches: [
      ...outcome.installed.map(as('Installed')),
      ...outcome.failed.map(as('Failed')),
      ...outcome.pending.map(as('Pending')),
      ...excluded.map(as('Excluded')),
      ...notSelected.map(as('NotSelected')),
    ],
    error: failed.length > 0 ? `${failed.length} update(s) could not be installed: ${failed.slice(0, 5).join('; ')}` : null,
  };
}
