import type { Call, Plan, PlanTarget } from '../../../core/plan.ts';
import { expandCall, planHash } from '../../../core/plan.ts';
import { arcId, vmId } from './graph-pages.ts';
import { NOW, ONE, TENANT } from './pretend-arm.ts';

export const VM = vmId(ONE, 'web1').toLowerCase();
export const ARC = arcId(ONE, 'db (1)').toLowerCase();

export function runCommandCall(machine: string, more: Partial<Call> = {}): Call {
  return {
    id: 'probe',
    describes: 'look inside the machine',
    method: 'PUT',
    path: `${machine}/runCommands/greenlight-{plan}-probe`,
    query: { 'api-version': '2024-11-01' },
    body: {
      location: 'westeurope',
      properties: { source: { script: 'echo "{nonce}" æ' }, parameters: [{ name: 'Nonce', value: '{nonce}' }] },
    },
    settles: 'run-command',
    timeoutSeconds: 720,
    ...more,
  };
}

export function settingCall(enabled: boolean): Call {
  return {
    id: 'wdatp',
    describes: 'switch WDATP off',
    method: 'PUT',
    path: `/subscriptions/${ONE}/providers/Microsoft.Security/settings/WDATP`,
    query: { 'api-version': '2022-05-01' },
    body: { kind: 'DataExportSettings', properties: { enabled } },
    settles: 'setting',
    timeoutSeconds: 120,
  };
}

export function target(id: string, calls: readonly Call[], more: Partial<PlanTarget> = {}): PlanTarget {
  return {
    id,
    name: id.split('/').at(-1) ?? id,
    kind: 'machine',
    ring: 'canary',
    owner: null,
    apartFrom: null,
    found: 'not probed yet',
    fingerprint: {},
    holds: [id],
    sequence: calls.map((call) => ({ do: 'change', call, safe: true })),
    makeSafe: [],
    undo: [],
    finalCheck: null,
    ...more,
  };
}

export function planFor(targets: readonly PlanTarget[]): Plan {
  return {
    schema: 'greenlight/plan/v1',
    id: 'GL-0001',
    executor: 'greenlight/executor/v1',
    migration: { id: 'corp', fileHash: 'f'.repeat(64) },
    channel: { tenantId: TENANT, teamId: 'team', channelId: 'channel' },
    action: 'probe-machines',
    class: 'read-only',
    title: 'Probe machines: ring canary',
    phase: 'prepare',
    requestedBy: { objectId: ONE, tenantId: TENANT, name: 'Ada' },
    requestedAt: NOW,
    ticket: null,
    scope: { ring: 'canary' },
    follows: null,
    effect: 'none',
    blastRadius: '1 machine',
    undoWords: 'None',
    makeSafeWords: 'None',
    tidies: false,
    finalWords: 'None',
    scripts: [],
    targets,
    leftOut: [],
    waves: [{ name: 'canary', ring: 'canary', targetIds: targets.map(({ id }) => id) }],
    limits: { concurrency: 5, stopAfterFailures: 2, maxFailedShare: 1, maxDroppedShare: 0.2, soakMinutes: 0 },
    window: null,
    estimateMinutes: 5,
    signers: { quorum: 1, distinctRoles: 1, typeCount: false, approvers: [], alternates: [], alternatesAt: NOW, owners: [] },
    expiresAt: NOW + 86_400_000,
    graceSeconds: 120,
    standing: null,
    decides: null,
  };
}

/** A signed plan with one target and one call, ready to be sent. */
export function signed(id: string, call: Call, more: Partial<PlanTarget> = {}) {
  const only = target(id, [call], more);
  const plan = planFor([only]);
  const hash = planHash(plan);
  return { plan, hash, target: only, call: expandCall(plan, hash, id, call) };
}
