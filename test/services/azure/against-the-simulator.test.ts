import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Collection, EvidenceKind } from '../../../core/evidence.ts';
import { makePlan } from '../../../core/make-plan.ts';
import type { Migration } from '../../../core/migration.ts';
import { ringOf } from '../../../core/migration.ts';
import type { ExpandedCall, Plan, PlanTarget } from '../../../core/plan.ts';
import { callNonce, expandCall, planHash } from '../../../core/plan.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { ORGANISATION } from '../../../core/snapshot.ts';
import { probeMachines } from '../../../playbook/actions/probe-machines.ts';
import { type Azure, connectAzure } from '../../../services/azure/index.ts';
import { readMigration } from '../../../services/migration-file.ts';
import { zone } from '../../../services/zone.ts';
import { type Outside, startOutside } from '../../../simulator/outside.ts';
import { memoryLog } from './pretend-arm.ts';

let outside: Outside;
let azure: Azure;
let migration: Migration;

beforeAll(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'greenlight-outside-'));
  const start = Date.parse('2026-03-02T08:00:00Z');
  outside = await startOutside({ port: 0, estate: 'sample', seed: 1, dataDir, bot: null, start, queries: 1_000 });
  const parsed = await readMigration(outside.ready.migrationFile);
  if (parsed.kind !== 'ok') throw new Error(JSON.stringify(parsed.errors));
  migration = parsed.migration;
  azure = connect();
});
afterAll(() => outside.close());

function connect(subscriptions = migration.subscriptions): Azure {
  const { identities, azure: url, caFile } = outside.ready;
  const elsewhere = { teamsServiceUrl: '', teamsOpenidMetadata: '', teamsLogin: '', clockUrl: '' };
  return connectAzure({
    settings: {
      reader: identities.reader,
      writer: identities.writer,
      rehearsal: { azureEndpoint: url, azureAuthority: url, caFile, ...elsewhere },
    },
    subscriptions,
    clock: outside.clock,
    log: memoryLog(),
    patience: { pause: () => Promise.resolve() },
  });
}

interface Truth {
  readonly subscriptions: readonly {
    readonly id: string;
    readonly settings: Readonly<Record<string, boolean>>;
    readonly plan: { readonly tier: string };
  }[];
  readonly machines: readonly {
    readonly id: string;
    readonly subscriptionId: string;
    readonly extensions: readonly { readonly type: string; readonly state: string }[];
  }[];
}

const truth = async (): Promise<Truth> => {
  const answer = await fetch(`${outside.ready.teams}/_estate`);
  const body = (await answer.json()) as Truth & { readonly estate?: Truth };
  return body.estate ?? body;
};
const values = <K extends EvidenceKind>({ subjects }: Collection<K>) =>
  Object.fromEntries(Object.entries(subjects).map(([id, evidence]) => [id, evidence.state === 'read' ? evidence.value : null]));

test('sees every machine there is, and no other', async () => {
  const ids = new Set(migration.subscriptions.map(({ id }) => id));
  const real = (await truth()).machines.filter(({ subscriptionId }) => ids.has(subscriptionId.toLowerCase()));
  const collection = await azure.collectors.machine();
  expect(collection.failure).toBeNull();
  expect(real.length).toBeGreaterThan(5);
  expect(Object.keys(collection.subjects).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
    real.map(({ id }) => id.toLowerCase()).toSorted((a, b) => (a < b ? -1 : 1)),
  );
});

test('knows of every machine whether it has the extension', async () => {
  const collection = await azure.collectors['defender-extension']();
  expect(collection.failure).toBeNull();
  const machines = await azure.collectors.machine();
  expect(new Set(Object.keys(collection.subjects))).toEqual(new Set(Object.keys(machines.subjects)));
  const found = values(collection);
  for (const { id, extensions } of (await truth()).machines) {
    const mine = extensions.filter(({ type }) => type.startsWith('MDE.'));
    if (found[id.toLowerCase()]) expect(found[id.toLowerCase()]).toMatchObject({ present: mine.length > 0 });
  }
});

test('reads settings, plans and policies of every subscription', async () => {
  const ids = migration.subscriptions.map(({ id }) => id);
  const real = new Map((await truth()).subscriptions.map((subscription) => [subscription.id.toLowerCase(), subscription]));
  const [settings, plans, policies] = await Promise.all([
    azure.collectors['security-settings'](),
    azure.collectors['defender-plan'](),
    azure.collectors['defender-policies'](),
  ]);
  expect([settings.failure, plans.failure, policies.failure]).toEqual([null, null, null]);
  for (const id of ids) {
    expect(values(settings)[id]).toMatchObject({
      endpointProtection: real.get(id)?.settings['WDATP'],
      unifiedSolution: real.get(id)?.settings['WDATP_UNIFIED_SOLUTION'],
      includesLinux: real.get(id)?.settings['WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW'] === false,
    });
    expect(values(plans)[id]).toMatchObject({ tier: real.get(id)?.plan.tier });
    expect(values(policies)[id]).toMatchObject({ assignments: expect.any(Array) });
  }
});

test('carries a signed probe out to its facts', async () => {
  const machines = await azure.collectors.machine();
  const snapshot = snapshotOf(machines);
  const outcome = makePlan(
    {
      action: probeMachines,
      scope: {},
      requestedBy: { objectId: 'x', tenantId: 'y', name: 'Ada' },
      planId: 'GL-0001',
      now: outside.clock.now(),
      ticket: null,
      follows: null,
      only: null,
      standing: null,
    },
    migration,
    snapshot,
    zone(migration.timeZone),
  );
  if (outcome.kind !== 'ok') throw new Error(JSON.stringify(outcome));
  const plan = outcome.value;
  const hash = planHash(plan);
  const kinds = new Set<string>();
  for (const target of plan.targets) {
    const kind = `${target.id.includes('hybridcompute') ? 'arc' : 'vm'} ${target.fingerprint['osType']}`;
    if (kinds.has(kind)) continue;
    kinds.add(kind);
    const fingerprint = await azure.targets.fingerprint(target);
    expect(fingerprint).toMatchObject({ state: 'read', value: target.fingerprint });
    const call = callFor(plan, hash, target);
    expect(await azure.writer.readBack(call)).toEqual({ kind: 'absent' });
    expect(await azure.writer.send(plan, hash, target, call)).toEqual({ kind: 'accepted' });
    outside.clock.move({ advanceSeconds: 900 });
    const back = await azure.writer.readBack(call);
    expect(back).toMatchObject({ kind: 'succeeded' });
    const facts = azure.probes.guestFacts(back.kind === 'succeeded' ? back.output : '', callNonce(hash, target.id, call.id), target, 0);
    expect(facts).toMatchObject({ state: 'read', value: { platform: target.fingerprint['osType'] } });
  }
  expect(kinds.size).toBeGreaterThan(1);
});

test('the check finds nothing wrong with a good set-up, and what is wrong with a bad one', async () => {
  expect((await azure.check()).filter(({ works }) => !works)).toEqual([]);
  const stranger = { id: 'eeeeeeee-5555-4555-8555-eeeeeeeeeeee', name: 'stranger' };
  const wrong = (await connect([stranger]).check()).filter(({ works }) => !works);
  expect(wrong.map(({ subject }) => subject)).toEqual(['subscription stranger', 'Defender for Cloud settings of subscription stranger']);
});

test('a subscription that is not there makes the inventory incomplete', async () => {
  const stranger = { id: 'eeeeeeee-5555-4555-8555-eeeeeeeeeeee', name: 'stranger' };
  const { failure } = await connect([...migration.subscriptions, stranger]).collectors.machine();
  expect(failure?.reason).toContain('stranger');
});

function callFor(plan: Plan, hash: string, target: PlanTarget): ExpandedCall {
  const call = target.sequence.flatMap((item) => (item.call ? [item.call] : []))[0];
  if (!call) throw new Error('the target has no call');
  return expandCall(plan, hash, target.id, call);
}

function snapshotOf(machines: Collection<'machine'>): Snapshot {
  const read = Object.values(machines.subjects).flatMap((evidence) => (evidence.state === 'read' ? [evidence.value] : []));
  return {
    takenAt: machines.collectedAt,
    machines: read.map((facts) => ({ kind: 'machine', id: facts.id, name: facts.name, facts, ring: ringOf(migration, facts.tags) })),
    subscriptions: migration.subscriptions.map(({ id, name }) => ({ kind: 'subscription', id, name })),
    evidence: { machine: machines.subjects },
    organisation: { kind: 'organisation', id: ORGANISATION, name: migration.name },
    sources: [],
    waivers: [],
    gates: [],
    attestations: [],
    listing: null,
    switchedOff: {},
    options: migration.options,
  };
}
