import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCollecting } from '../../bot/flows/collect-evidence.ts';
import type { Context } from '../../bot/flows/context.ts';
import { deliver } from '../../bot/flows/deliver.ts';
import { requestAction } from '../../bot/flows/requests/request-action.ts';
import { createRunWorker } from '../../bot/flows/runs/run-plan.ts';
import { decideSignOff } from '../../bot/flows/sign-off/decide-sign-off.ts';
import { openSignOffView } from '../../bot/flows/sign-off/sign-off-view.ts';
import { read } from '../../core/evidence.ts';
import type { Migration } from '../../core/migration.ts';
import type { Person } from '../../core/person.ts';
import type { Collectors, Ids, Log, Messenger, PlanRecord, Store } from '../../core/ports.ts';
import { actions } from '../../playbook/actions/index.ts';
import { steps } from '../../playbook/index.ts';
import { phrases, questions } from '../../playbook/questions/index.ts';
import { connectAzure } from '../../services/azure/index.ts';
import { systemIds } from '../../services/ids.ts';
import { readMigration } from '../../services/migration-file.ts';
import { openStore } from '../../services/store/open-store.ts';
import { zone } from '../../services/zone.ts';
import { inForceOf } from '../support/in-force.ts';
import type { OutsideProcess } from './outside-process.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The real flows, store and Azure clients on a pretend outside; only Teams is left out: its messages are counted. */
export interface RunWorld {
  context: Context;
  runs: ReturnType<typeof createRunWorker>;
  /** Requests a probe of everything. */
  request(): Promise<PlanRecord>;
  /** Approves with as many people as it takes. */
  sign(hash: string): Promise<void>;
  /** Opens a view and presses; real ms from the press to its acknowledgement. */
  press(decision: 'approve' | 'take-back', hash: string): Promise<number>;
  /** What went wrong, in a few words each. */
  errors: readonly string[];
  end(): Promise<void>;
}

/** One wave of everything, so that nothing but Azure's limits holds the run back. */
const WAVES = { size: 5_000, concurrency: 5_000, stopAfterFailures: 5_000, maxFailedShare: 1, maxDroppedShare: 1, soakMinutes: 0 };

export async function startRunWorld(outside: OutsideProcess, time: VirtualTime): Promise<RunWorld> {
  const parsed = await readMigration(outside.ready.migrationFile);
  if (parsed.kind === 'errors') throw new Error(JSON.stringify(parsed.errors));
  const migration: Migration = { ...parsed.migration, rings: [], windows: [], freezes: [], waves: { ...parsed.migration.waves, ...WAVES } };
  const errors: string[] = [];
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-run-'));
  const log = quietLog(errors);
  const { clock } = time;
  const { store, jobs } = await openStore({ databaseUrl: null, dataDir, log, clock });
  const { identities, azure: endpoint, caFile } = outside.ready;
  const elsewhere = { teamsServiceUrl: '', teamsOpenidMetadata: '', teamsLogin: '', clockUrl: '' };
  const azure = connectAzure({
    settings: {
      reader: identities.reader,
      writer: identities.writer,
      rehearsal: { azureEndpoint: endpoint, azureAuthority: endpoint, caFile, ...elsewhere },
    },
    subscriptions: migration.subscriptions,
    clock,
    log,
    patience: { pause: (ms) => time.pause(ms) },
  });
  const ids = rememberingIds();
  const people = migration.approvers.map((approver) => personOf(approver.name, approver.objectId, approver.tenantId));
  const requester = personOf('Somebody Else', '99999999-9999-4999-8999-999999999999', migration.channel.tenantId);
  const context: Context = {
    migration,
    inForce: inForceOf(() => migration),
    rehearsal: true,
    zone: zone(migration.timeZone),
    rules: 'these',
    steps,
    actions,
    questions,
    phrases,
    clock,
    ids,
    log,
    store: busyStore(store, time),
    collectors: Object.fromEntries(
      Object.entries(azure.collectors).map(([kind, collect]) => [kind, () => time.busy<unknown>(collect, 'outside')]),
    ) as unknown as Collectors,
    targets: { fingerprint: (target) => time.busy(() => azure.targets.fingerprint(target), 'outside') },
    writer: {
      room: (...given) => azure.writer.room(...given),
      send: (...given) => time.busy(() => azure.writer.send(...given), 'outside'),
      readBack: (call) => time.busy(() => azure.writer.readBack(call), 'outside'),
    },
    rights: { lacking: (needed) => time.busy(() => azure.rights.lacking(needed), 'outside') },
    probes: azure.probes,
    messenger: silentMessenger(people),
  };
  const collecting = createCollecting(context, 'bench');
  const { collect } = collecting;
  await jobs.start((id) => deliver(context, collecting, id));

  async function press(decision: 'approve' | 'take-back', hash: string, person = people[0]!): Promise<number> {
    await openSignOffView(context, hash, person);
    const nonce = ids.last();
    const revision = await revisionOf(context, hash);
    const from = performance.now();
    await decideSignOff(context, decision, { id: hash, revision, nonce }, person);
    return performance.now() - from;
  }
  return {
    context,
    runs: createRunWorker(context, collecting, 'bench'),
    errors,
    press,
    async request() {
      const before = new Set((await store.transact((tx) => tx.openPlans())).map(({ hash }) => hash));
      const answer = await requestAction(context, collect, {
        action: 'probe-machines',
        scope: {},
        person: requester,
        ticket: null,
        standing: null,
      });
      const made = (await store.transact((tx) => tx.openPlans())).find(({ hash }) => !before.has(hash));
      if (!made) throw new Error(`No plan was made: ${answer.text}`);
      return made;
    },
    async sign(hash) {
      for (const person of people) {
        const record = await store.transact((tx) => tx.plan(hash));
        if (record?.signOff.state === 'approved') return;
        await press('approve', hash, person);
      }
    },
    async end() {
      await jobs.stop();
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function revisionOf({ store }: Context, hash: string): Promise<number> {
  const record = await store.transact((tx) => tx.plan(hash));
  return record?.signOff.revision ?? 0;
}

function busyStore(store: Store, time: VirtualTime): Store {
  return { transact: (work) => time.busy(() => store.transact(work), 'inside'), close: () => store.close() };
}

/** The nonce of a view is on its card; here it is simply the last one made. */
function rememberingIds(): Ids & { last(): string } {
  const ids = systemIds();
  let last = '';
  return {
    nonce: () => {
      last = ids.nonce();
      return last;
    },
    reference: () => ids.reference(),
    last: () => last,
  };
}

function personOf(name: string, objectId: string, tenantId: string): Person {
  return { name, objectId, tenantId, memberId: null, isGuest: false };
}

function silentMessenger(people: readonly Person[]): Messenger {
  let posts = 0;
  const posted = () => {
    posts += 1;
    return Promise.resolve({ kind: 'posted', activityId: `activity-${posts}` } as const);
  };
  return { post: posted, update: posted, roster: () => Promise.resolve(read(people, 'bench', 0)) };
}

function quietLog(errors: string[]): Log {
  const nothing = () => undefined;
  return {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: (message, data) => void errors.push(`${message}: ${JSON.stringify(data ?? {}).slice(0, 300)}`),
  };
}
