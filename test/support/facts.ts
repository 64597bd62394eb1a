import type { EvidenceKind, EvidenceOf } from '../../core/evidence.ts';
import { read } from '../../core/evidence.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Migration } from '../../core/migration.ts';
import type { Plan, PlanTarget } from '../../core/plan.ts';
import type { Snapshot } from '../../core/snapshot.ts';

export const NOW = Date.UTC(2026, 10, 22, 9, 0, 0);
export const TENANT = '11111111-1111-4111-8111-111111111111';
export const SUBSCRIPTION = '22222222-2222-4222-8222-222222222222';

/** A person's key from one digit. */
export function person(digit: number, name = `Person ${digit}`) {
  const block = String(digit).repeat(4);
  return { objectId: `${block}${block}-${block}-4${block.slice(1)}-8${block.slice(1)}-${block}${block}${block}`, tenantId: TENANT, name };
}

export function approver(digit: number) {
  return { ...person(digit), role: `role ${digit}` };
}

export function machineFacts(over: Partial<MachineFacts> = {}): MachineFacts {
  const name = over.name ?? 'srv-01';
  return {
    id: `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-a/providers/microsoft.compute/virtualmachines/${name}`,
    name,
    kind: 'azure-vm',
    subscriptionId: SUBSCRIPTION,
    resourceGroup: 'rg-a',
    location: 'westeurope',
    os: 'windows-server-2019',
    osLabel: 'Windows Server 2019 Datacenter',
    status: 'PowerState/running',
    configMode: null,
    agentVersion: null,
    vmId: 'vm-1',
    tags: { ring: 'canary' },
    ...over,
  };
}

export function guestFacts(over: Partial<EvidenceOf['guest']> = {}): EvidenceOf['guest'] {
  return {
    platform: 'windows',
    vmId: 'vm-1',
    host: 'SRV-01',
    passiveKey: null,
    onboarded: false,
    defender: null,
    rebootPending: false,
    thirdParty: [],
    ...over,
  };
}

/** A snapshot of some machines with the evidence given for all of them. */
export function snapshotOf(
  machines: readonly MachineFacts[],
  evidence: Partial<{ [K in EvidenceKind]: EvidenceOf[K] }> = {},
  observedAt = NOW,
): Snapshot {
  const ids = machines.map(({ id }) => id);
  const known: Record<string, Record<string, unknown>> = {
    machine: Object.fromEntries(machines.map((facts) => [facts.id, read(facts, 'test', observedAt)])),
  };
  for (const [kind, value] of Object.entries(evidence)) {
    const subjects = ['security-settings', 'defender-plan', 'defender-policies'].includes(kind) ? [SUBSCRIPTION] : ids;
    known[kind] = Object.fromEntries(subjects.map((id) => [id, read(value, 'test', observedAt)]));
  }
  return {
    takenAt: NOW,
    machines: machines.map((facts) => ({
      kind: 'machine',
      id: facts.id,
      name: facts.name,
      facts,
      ring: facts.tags['ring'] ?? 'unassigned',
    })),
    subscriptions: [{ kind: 'subscription', id: SUBSCRIPTION, name: 'corp-prod' }],
    evidence: known as Snapshot['evidence'],
    sources: [{ kind: 'machine', source: 'test', readAt: observedAt, failure: null }],
  };
}

export const migration: Migration = {
  id: 'sample',
  name: 'Sample',
  timeZone: 'Europe/Copenhagen',
  channel: { tenantId: TENANT, teamId: '19:team@thread.tacv2', channelId: '19:channel@thread.tacv2' },
  subscriptions: [{ id: SUBSCRIPTION, name: 'corp-prod' }],
  rings: [
    { name: 'canary', tag: { name: 'ring', value: 'canary' } },
    { name: 'broad', tag: { name: 'ring', value: 'broad' } },
  ],
  approvers: [approver(1), approver(2), approver(3)],
  quorum: 2,
  requestExpiryHours: 24,
  graceMinutes: 2,
  waves: { size: 2, concurrency: 2, stopAfterFailures: 2, maxDroppedShare: 0.5 },
  digest: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], time: '08:00', mention: 'none' },
  fileHash: 'f'.repeat(64),
};

/** A plan of `count` targets, each a change and a proof, in waves of two. */
export function planOf(count: number, over: Partial<Plan> = {}): Plan {
  const call = (id: string) => ({
    id,
    describes: id,
    method: 'PUT' as const,
    path: `/x/{plan}/${id}`,
    query: {},
    body: { properties: { parameters: [{ name: 'Nonce', value: '{nonce}' }] } },
    settles: 'run-command' as const,
    timeoutSeconds: 600,
  });
  const targets: PlanTarget[] = Array.from({ length: count }, (_, index) => ({
    id: `/t/${index}`,
    name: `t${index}`,
    kind: 'machine',
    ring: 'canary',
    found: '',
    fingerprint: { vmId: String(index) },
    holds: [`/t/${index}`],
    sequence: [
      { do: 'change', call: call('set') },
      {
        do: 'prove',
        id: 'probe',
        describes: 'probe',
        evidence: 'guest',
        call: call('probe'),
        expect: [{ path: 'passiveKey', equals: 1, words: 'set' }],
      },
    ],
    makeSafe: [],
    undo: [],
  }));
  const waves = Array.from({ length: Math.ceil(count / 2) }, (_, index) => ({
    name: `wave ${index + 1}`,
    targetIds: targets.slice(index * 2, index * 2 + 2).map(({ id }) => id),
  }));
  return {
    schema: 'greenlight/plan/v1',
    id: 'GL-0001',
    executor: 'greenlight/executor/v1',
    migration: { id: 'sample', fileHash: migration.fileHash },
    channel: migration.channel,
    action: 'set-passive-mode',
    title: 'Set passive mode',
    phase: 'prepare',
    requestedBy: person(9),
    requestedAt: NOW,
    scope: { ring: 'canary' },
    effect: '',
    blastRadius: '',
    undoWords: '',
    makeSafeWords: '',
    scripts: [],
    targets,
    leftOut: [],
    waves,
    limits: { concurrency: 2, stopAfterFailures: 2, maxDroppedShare: 0.5 },
    signers: { quorum: 2, approvers: migration.approvers },
    expiresAt: NOW + 24 * 3_600_000,
    graceSeconds: 120,
    ...over,
  };
}
