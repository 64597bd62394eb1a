import type { ActionOptions } from '../../core/action-options.ts';
import type { Attestation } from '../../core/attestation.ts';
import type { EvidenceKind, EvidenceOf } from '../../core/evidence.ts';
import { evidenceKinds, read } from '../../core/evidence.ts';
import type { DefenderAssignment, ExtensionFacts } from '../../core/facts/defender.ts';
import type { DeviceFacts, ManagementFacts } from '../../core/facts/devices.ts';
import type { AntivirusFacts } from '../../core/facts/guest.ts';
import type { UpdateFacts } from '../../core/facts/updates.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Migration } from '../../core/migration.ts';
import type { Call, Item, Plan, PlanTarget } from '../../core/plan.ts';
import type { SigningPolicy } from '../../core/policy.ts';
import type { Zone } from '../../core/schedule.ts';
import type { LivePolicy } from '../../core/signers.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { ORGANISATION } from '../../core/snapshot.ts';

export const NOW = Date.UTC(2026, 10, 22, 9, 0, 0);
export const TENANT = '11111111-1111-4111-8111-111111111111';
export const SUBSCRIPTION = '22222222-2222-4222-8222-222222222222';
/** Wall clocks show UTC all year. */
export const utc: Zone = { offsetMinutes: () => 0 };

/** What a migration file that says nothing about actions means. */
export function actionOptions(over: Partial<ActionOptions> = {}): ActionOptions {
  return {
    installDefenderFeature: { image: null, withoutExclusions: null },
    installUpdates: { classifications: ['Critical', 'Security', 'UpdateRollUp', 'Definition', 'Updates'], reboot: 'IfRequired', hours: 2 },
    createExclusionPolicy: { write: false },
    assignDefenderInitiative: { identity: null, exclude: [], excludePublishers: [], excludeImages: [], message: 'Not deployed yet.' },
    removeThirdParty: { scripts: [], unprotectedMinutes: 60 },
    ...over,
  };
}

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
    refuses: null,
    statusSince: null,
    fqdn: '',
    esu: null,
    vmId: 'vm-1',
    availabilitySet: null,
    tags: { ring: 'canary' },
    ...over,
  };
}

export function guestFacts(over: Partial<EvidenceOf['guest']> = {}): EvidenceOf['guest'] {
  return {
    platform: 'windows',
    vmId: 'vm-1',
    host: 'SRV-01',
    osBuild: '17763.6532',
    lastBoot: NOW - 7 * 24 * 3_600_000,
    passiveKey: null,
    passiveManaged: false,
    onboarded: false,
    sensor: 'absent',
    feature: 'installed',
    defender: null,
    disabledByPolicy: false,
    rebootPending: false,
    rebootReasons: [],
    wsus: null,
    wsusServer: null,
    hotfixes: [],
    thirdParty: [],
    unchecked: [],
    ...over,
  };
}

/** An onboarded machine in passive mode whose old product is gone: a probe saw none, it was restarted, and a probe saw none again. */
export function freedGuest(over: Partial<EvidenceOf['guest']> = {}): EvidenceOf['guest'] {
  const hour = 3_600_000;
  const defender = antivirus({ mode: 'Passive Mode', realTimeProtection: false });
  const history = { productSeen: NOW - 48 * hour, cleanSince: NOW - 4 * hour, onboardedSince: NOW - 72 * hour };
  return guestFacts({ onboarded: true, sensor: 'running', passiveKey: 1, defender, lastBoot: NOW - 2 * hour, history, ...over });
}

/** Defender Antivirus, active unless said otherwise. */
export function antivirus(over: Partial<AntivirusFacts> = {}): AntivirusFacts {
  return {
    mode: 'Normal',
    antivirusEnabled: true,
    realTimeProtection: true,
    tamperProtected: true,
    signatureAgeDays: 0,
    definitions: null,
    version: '4.18.25110.6',
    healthy: true,
    ...over,
  };
}

/** The Defender extension as it is when all went well. */
export function extensionFacts(over: Partial<Extract<ExtensionFacts, { present: true }>> = {}): ExtensionFacts {
  return { present: true, type: 'MDE.Windows', state: 'Succeeded', version: '1.0', message: '', exitCode: null, ...over };
}

/** A device that hunting finds onboarded, passive and healthy. */
export function deviceFacts(over: Partial<Extract<DeviceFacts, { found: true }>> = {}): DeviceFacts {
  return {
    found: true,
    deviceId: 'a'.repeat(40),
    joinedBy: 'resource-id',
    onboarded: true,
    sensorHealth: 'Active',
    lastSeen: NOW - 3_600_000,
    antivirusMode: 'passive',
    modeSeen: NOW - 3_600_000,
    ...over,
  };
}

/** A device whose security settings Defender manages. */
export function managementFacts(over: Partial<Extract<ManagementFacts, { found: true }>> = {}): ManagementFacts {
  return {
    found: true,
    deviceId: 'a'.repeat(40),
    joinedBy: 'resource-id',
    managedBy: 'MicrosoftDefenderForEndpoint',
    status: 'Success',
    onboarding: 'Onboarded',
    health: 'Active',
    lastSeen: NOW - 3_600_000,
    ...over,
  };
}

/** Somebody's word for a step of the organisation's, for a week. */
export function vouchedFor(stepId: string, over: Partial<Attestation> = {}): Attestation {
  const until = NOW + 7 * 24 * 3_600_000;
  return {
    id: 'a'.repeat(64),
    stepId,
    statement: 'It is so.',
    scope: {},
    by: person(1),
    at: NOW - 60_000,
    until,
    link: '',
    note: '',
    ...over,
  };
}

/** A server whose Defender feature is off, its files there, with the key set, beside a product that runs. */
export function featurelessGuest(over: Partial<EvidenceOf['guest']> = {}): EvidenceOf['guest'] {
  const thirdParty = [{ vendor: 'CrowdStrike', running: true, traces: ['service', 'driver'] as const }];
  return guestFacts({ feature: 'available', passiveKey: 1, thirdParty, ...over });
}

/** An update that an assessment lists. */
export function pendingUpdate(kb: string, classification = 'Security') {
  return { kb, name: `${classification} update (${kb})`, classification };
}

/** A clean assessment by Microsoft's own service. */
export function updateFacts(over: Partial<Extract<UpdateFacts, { assessed: true }>> = {}): UpdateFacts {
  return { assessed: true, assessedAt: NOW - 3_600_000, service: 'WU', rebootPending: false, error: '', pending: [], ...over };
}

/** The initiative that deploys the agent to every kind of machine, enforced. */
export function assignmentFacts(over: Partial<DefenderAssignment> = {}): DefenderAssignment {
  return {
    id: `/subscriptions/${SUBSCRIPTION}/providers/microsoft.authorization/policyassignments/agents`,
    name: 'Server agents',
    scope: `/subscriptions/${SUBSCRIPTION}`,
    does: 'deploys-agent',
    enforcement: 'Default',
    remediating: false,
    deploys: ['azure-windows', 'azure-linux', 'arc-windows', 'arc-linux'],
    excludes: [],
    selects: [],
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
    const subjects = { machine: ids, subscription: [SUBSCRIPTION], organisation: [ORGANISATION] }[
      evidenceKinds[kind as EvidenceKind].subject
    ];
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
    organisation: { kind: 'organisation', id: ORGANISATION, name: 'Sample' },
    evidence: known as Snapshot['evidence'],
    sources: [{ kind: 'machine', source: 'test', readAt: observedAt, failure: null }],
    waivers: [],
    gates: [],
    attestations: [],
    listing: null,
    switchedOff: {},
    options: actionOptions(),
  };
}

const policy: SigningPolicy = {
  quorum: 2,
  distinctRoles: 1,
  typeCount: false,
  ownersSign: false,
  expiryHours: 24,
  inWindow: false,
  ticketNeeded: false,
};

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
  alternates: { afterHours: 4, people: [] },
  requesters: null,
  attesters: {},
  scheduleOwners: [],
  owners: null,
  signOff: { 'read-only': policy, reversible: policy, irreversible: { ...policy, distinctRoles: 2, typeCount: true } },
  windows: [],
  freezes: [],
  graceMinutes: 2,
  waves: { size: 2, concurrency: 2, stopAfterFailures: 2, maxFailedShare: 1, maxDroppedShare: 0.5, soakMinutes: 0 },
  digest: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], time: '08:00', mention: 'none' },
  serverList: null,
  switchedOff: {},
  options: actionOptions(),
  fileHash: 'f'.repeat(64),
};

/** What the migration asks of a reversible plan's signers. */
export const live: LivePolicy = { approvers: migration.approvers, alternates: [], owners: [], quorum: 2, distinctRoles: 1 };

function call(id: string): Call {
  return {
    id,
    describes: id,
    method: 'PUT',
    path: `/x/{plan}/${id}`,
    query: {},
    body: { properties: { parameters: [{ name: 'Nonce', value: '{nonce}' }] } },
    settles: 'run-command',
    timeoutSeconds: 600,
  };
}

/** A change by a run command. */
export function changeItem(id: string, safe: boolean): Item {
  return { do: 'change', safe, call: call(id) };
}

/** A proof by a probe: the passive key has this value. */
export function proofItem(id: string, equals: number | null): Item {
  return {
    do: 'prove',
    id,
    describes: id,
    evidence: 'guest',
    call: call(id),
    expect: [{ path: 'passiveKey', equals, words: `the key is ${equals ?? 'not set'}` }],
  };
}

/** A plan of `count` targets, each a change and a proof, in waves of two. */
export function planOf(count: number, over: Partial<Plan> = {}): Plan {
  const targets: PlanTarget[] = Array.from({ length: count }, (_, index) => ({
    id: `/t/${index}`,
    name: `t${index}`,
    kind: 'machine',
    ring: 'canary',
    owner: null,
    apartFrom: null,
    found: '',
    fingerprint: { vmId: String(index) },
    holds: [`/t/${index}`],
    sequence: [changeItem('set', true), proofItem('probe', 1)],
    makeSafe: [],
    undo: [],
    finalCheck: null,
  }));
  const waves = Array.from({ length: Math.ceil(count / 2) }, (_, index) => ({
    name: `wave ${index + 1}`,
    ring: 'canary',
    targetIds: targets.slice(index * 2, index * 2 + 2).map(({ id }) => id),
  }));
  return {
    schema: 'greenlight/plan/v1',
    id: 'GL-0001',
    executor: 'greenlight/executor/v1',
    migration: { id: 'sample', fileHash: migration.fileHash },
    channel: migration.channel,
    action: 'set-passive-mode',
    class: 'reversible',
    title: 'Set passive mode',
    phase: 'prepare',
    requestedBy: person(9),
    requestedAt: NOW,
    ticket: null,
    scope: { ring: 'canary' },
    follows: null,
    effect: '',
    blastRadius: '',
    undoWords: '',
    makeSafeWords: '',
    tidies: false,
    finalWords: '',
    scripts: [],
    targets,
    leftOut: [],
    waves,
    limits: { concurrency: 2, stopAfterFailures: 2, maxFailedShare: 1, maxDroppedShare: 0.5, soakMinutes: 0 },
    window: null,
    estimateMinutes: 0,
    signers: {
      quorum: 2,
      distinctRoles: 1,
      typeCount: false,
      approvers: migration.approvers,
      alternates: [],
      alternatesAt: NOW + 4 * 3_600_000,
      owners: [],
    },
    expiresAt: NOW + 24 * 3_600_000,
    graceSeconds: 120,
    standing: null,
    decides: null,
    ...over,
  };
}

/** The same plan with changes that leave a machine at no safe point, and with what brings it back to one. */
export function halfWay(plan: Plan): Plan {
  const made = {
    sequence: [changeItem('set', false), proofItem('probe', 1)],
    makeSafe: [changeItem('safe', false), proofItem('safe-probe', null)],
    undo: [changeItem('undo', false), proofItem('undo-probe', null)],
  };
  return { ...plan, targets: plan.targets.map((target) => ({ ...target, ...made })) };
}
