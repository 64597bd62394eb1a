import { rmSync } from 'node:fs';
import type { Collecting } from '../../../../bot/flows/collect-evidence.ts';
import { createCollecting } from '../../../../bot/flows/collect-evidence.ts';
import type { Context } from '../../../../bot/flows/context.ts';
import { createRunWorker } from '../../../../bot/flows/runs/run-plan.ts';
import { createTidyRuns } from '../../../../bot/flows/runs/tidy-runs.ts';
import type { ActionOptions } from '../../../../core/action-options.ts';
import { read } from '../../../../core/evidence.ts';
import { SECOND } from '../../../../core/instant.ts';
import { makePlan } from '../../../../core/make-plan.ts';
import type { Freeze, Migration } from '../../../../core/migration.ts';
import type { Plan } from '../../../../core/plan.ts';
import { planHash } from '../../../../core/plan.ts';
import type { Log, Writer } from '../../../../core/ports.ts';
import type { Run } from '../../../../core/run.ts';
import { waitingRun } from '../../../../core/run.ts';
import type { Scope } from '../../../../core/scope.ts';
import { openSignOff } from '../../../../core/sign-off.ts';
import { actionById, actions } from '../../../../playbook/actions/index.ts';
import { connectAzure } from '../../../../services/azure/index.ts';
import { systemIds } from '../../../../services/ids.ts';
import { readMigration } from '../../../../services/migration-file.ts';
import { createServerListCollector } from '../../../../services/server-list.ts';
import { openStore } from '../../../../services/store/open-store.ts';
import { zone } from '../../../../services/zone.ts';
import type { Json, StartedOutside } from '../../../simulator/started-outside.ts';
import { startedOutside } from '../../../simulator/started-outside.ts';
import { inForceOf } from '../../../support/in-force.ts';

/** A plan as it was signed. */
export interface Signed {
  readonly plan: Plan;
  readonly hash: string;
}

/** Runs of signed plans with the real flows, store and Azure clients on the pretend Azure; the clock moves when it is told to. */
export class RunWorld {
  readonly outside: StartedOutside;
  readonly context: Context;
  readonly logged: string[] = [];
  freezes: readonly Freeze[] = [];
  /** What the migration file says about actions, where a test says otherwise than the sample. */
  options: Partial<ActionOptions> = {};
  /** What is said otherwise in the migration file from now on. */
  over: Partial<Migration> = {};
  /** In place of the writer's own send; a test sets it to break off there. */
  send: Writer['send'] | null = null;
  readonly #migration: Migration;
  readonly #opened: Awaited<ReturnType<typeof openStore>>;
  readonly #collecting: Collecting;
  readonly #runs: ReturnType<typeof createRunWorker>;

  static async start(): Promise<RunWorld> {
    const outside = await startedOutside();
    await outside.door('POST', '/_clock', { rate: 0 });
    const parsed = await readMigration(outside.ready.migrationFile);
    if (parsed.kind !== 'ok') throw new Error(JSON.stringify(parsed.errors));
    const { clock } = outside;
    const logged: string[] = [];
    const write = (message: string, data?: object) => void logged.push(`${message} ${JSON.stringify(data ?? {})}`);
    const log: Log = { debug: () => undefined, info: () => undefined, warn: write, error: write };
    const opened = await openStore({ databaseUrl: null, dataDir: `${outside.dataDir}/bot`, log, clock, leaseMs: 1 });
    return new RunWorld(outside, { ...parsed.migration, windows: [] }, opened, log, logged);
  }

  private constructor(
    outside: StartedOutside,
    migration: Migration,
    opened: Awaited<ReturnType<typeof openStore>>,
    log: Log,
    logged: string[],
  ) {
    this.outside = outside;
    this.logged = logged;
    this.#migration = migration;
    this.#opened = opened;
    const { identities, azure: endpoint, caFile } = outside.ready;
    const elsewhere = { teamsServiceUrl: '', teamsOpenidMetadata: '', teamsLogin: '', clockUrl: '' };
    const azure = connectAzure({
      settings: { ...identities, rehearsal: { azureEndpoint: endpoint, azureAuthority: endpoint, caFile, ...elsewhere } },
      subscriptions: migration.subscriptions,
      clock: outside.clock,
      log,
      patience: { pause: () => Promise.resolve() },
    });
    const current = (): Migration => ({
      ...migration,
      ...this.over,
      freezes: this.freezes,
      options: { ...migration.options, ...this.over.options, ...this.options },
    });
    const posted = () => Promise.resolve({ kind: 'posted', activityId: 'activity' } as const);
    this.context = {
      get migration() {
        return current();
      },
      inForce: inForceOf(current),
      rehearsal: true,
      zone: zone(migration.timeZone),
      rules: 'these',
      steps: [],
      actions,
      questions: [],
      phrases: [],
      clock: outside.clock,
      ids: systemIds(),
      log,
      store: opened.store,
      collectors: {
        ...azure.collectors,
        'server-list': createServerListCollector({ source: () => migration.serverList, clock: outside.clock, log }),
      },
      targets: azure.targets,
      writer: { ...azure.writer, send: (...given) => (this.send ? this.send(...given) : azure.writer.send(...given)) },
      rights: azure.rights,
      probes: azure.probes,
      messenger: { post: posted, update: posted, roster: () => Promise.resolve(read([], 'test', 0)) },
    };
    this.#collecting = createCollecting(this.context, 'runs');
    this.#runs = createRunWorker(this.context, this.#collecting, 'runs');
  }

  /** Reads evidence anew, for requests. */
  get collect(): Collecting['collect'] {
    return this.#collecting.collect;
  }

  /** A plan that was signed, with its run about to begin. */
  async signed(actionId: string, scope: Scope): Promise<Signed> {
    const action = actionById(actionId);
    if (!action) throw new Error(`there is no action ${actionId}`);
    const now = this.outside.clock.now();
    const { objectId, tenantId } = { objectId: '99999999-9999-4999-8999-999999999999', tenantId: this.#migration.channel.tenantId };
    const asked = { action, scope, requestedBy: { objectId, tenantId, name: 'Somebody' }, ticket: 'CHG0012345', follows: null, only: null };
    const snapshot = await this.#collecting.collect();
    const hash = await this.context.store.transact(async (tx) => {
      const made = makePlan(
        { ...asked, now, planId: await tx.nextPlanId(), standing: null },
        this.context.migration,
        snapshot,
        this.context.zone,
      );
      if (made.kind !== 'ok') throw new Error(JSON.stringify(made));
      const votes = this.#migration.approvers.map((person) => ({ person, at: now }));
      const of = planHash(made.value);
      await tx.insertPlan(of, made.value, { ...openSignOff(made.value, of), state: 'approved', votes, startsAt: now, begun: true });
      await tx.insertRun(waitingRun(made.value, of, now, []));
      return of;
    });
    return { hash, plan: (await this.context.store.transact((tx) => tx.plan(hash)))!.plan };
  }

  /** Lets the run come to its end; between two looks so many seconds go by. */
  async runToEnd({ hash }: Signed, seconds = 5): Promise<Run> {
    for (let step = 0; step < 2_000; step += 1) {
      await this.#runs.work();
      await this.#runs.settle();
      const run = await this.run(hash);
      if (run.state === 'finished') return run;
      this.wait(seconds);
    }
    throw new Error(`the run does not end: ${this.logged.join('\n')}`);
  }

  async run(hash: string): Promise<Run> {
    return (await this.context.store.transact((tx) => tx.run(hash)))!.run;
  }

  /** As a process that has just started would tidy. */
  tidier(owner = 'tidier'): () => Promise<void> {
    return createTidyRuns(this.context, owner);
  }

  /** Looks again and again, as the clock of the duties would, for this long. */
  async tidyFor(seconds: number, every = 15, tidy = this.tidier()): Promise<void> {
    for (let gone = 0; gone <= seconds; gone += every) {
      await tidy();
      this.wait(every);
    }
  }

  wait(seconds: number): void {
    this.outside.clock.move({ advanceSeconds: seconds });
  }

  /** The run commands on a machine, by name. */
  async commandsOn(name: string): Promise<readonly string[]> {
    return (await this.machine(name)).runCommands.map((command: { name: string }) => command.name);
  }

  /** A machine as it really is. */
  async machine(name: string): Promise<Json> {
    const { machines } = (await this.outside.door('GET', '/_estate')).body;
    return machines.find((one: { name: string }) => one.name === name);
  }

  /** What was deleted so far: the paths of the requests that Azure took. */
  deletions(): readonly string[] {
    return this.outside.log.since(0).flatMap(({ method, path, status }) => (method === 'DELETE' && status < 300 ? [path] : []));
  }

  async ledger(hash: string) {
    const entries = await this.context.store.transact((tx) => tx.ledger(hash));
    return entries.filter(({ kind }) => kind === 'tidy').map(({ data }) => data);
  }

  fault(fault: object): Promise<unknown> {
    return this.outside.door('POST', '/_faults', fault);
  }

  clearFaults(): Promise<unknown> {
    return this.outside.door('DELETE', '/_faults');
  }

  async end(): Promise<void> {
    await this.#runs.settle();
    await this.#opened.store.close();
    await this.outside.end();
    rmSync(this.outside.dataDir, { recursive: true, force: true });
  }

  /** In seconds, for `wait`. */
  static readonly DAY = (24 * 3_600 * SECOND) / 1_000;
}
