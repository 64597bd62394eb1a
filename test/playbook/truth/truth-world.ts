import { rmSync } from 'node:fs';
import type { Context } from '../../../bot/flows/context.ts';
import { keepReading } from '../../../bot/flows/runs/keep-reading.ts';
import { loadSnapshot } from '../../../bot/flows/snapshot.ts';
import type { CollectedKind, Evidence, EvidenceOf } from '../../../core/evidence.ts';
import { read } from '../../../core/evidence.ts';
import { makePlan } from '../../../core/make-plan.ts';
import type { Migration } from '../../../core/migration.ts';
import { callNonce, expandCall, planHash } from '../../../core/plan.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { probeMachines } from '../../../playbook/actions/probe-machines.ts';
import { steps } from '../../../playbook/index.ts';
import { type Azure, connectAzure } from '../../../services/azure/index.ts';
import { systemIds } from '../../../services/ids.ts';
import { readMigration } from '../../../services/migration-file.ts';
import { openStore } from '../../../services/store/open-store.ts';
import { zone } from '../../../services/zone.ts';
import type { Json, StartedOutside } from '../../simulator/started-outside.ts';
import { startedOutside } from '../../simulator/started-outside.ts';
import { inForceOf } from '../../support/in-force.ts';
import type { Truth } from './oracle.ts';

const AT_ONCE = 8;

/** An estate, everything that can be collected of it and probed inside it, and what the real store makes of that. */
export class TruthWorld {
  readonly outside: StartedOutside;
  readonly context: Context;
  readonly #azure: Azure;
  readonly #migration: Migration;
  #plans = 0;

  static async start(estate: string, seed: number): Promise<TruthWorld> {
    const outside = await startedOutside({ estate, seed, limits: false } as never);
    await outside.door('POST', '/_clock', { rate: 0 });
    const parsed = await readMigration(outside.ready.migrationFile);
    if (parsed.kind !== 'ok') throw new Error(JSON.stringify(parsed.errors));
    const ignore = () => undefined;
    const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    const { store } = await openStore({ databaseUrl: null, dataDir: `${outside.dataDir}/bot`, log, clock: outside.clock, leaseMs: 1 });
    return new TruthWorld(outside, parsed.migration, store, log);
  }

  private constructor(outside: StartedOutside, migration: Migration, store: Context['store'], log: Context['log']) {
    const { identities, azure: endpoint, caFile } = outside.ready;
    const elsewhere = { teamsServiceUrl: '', teamsOpenidMetadata: '', teamsLogin: '', clockUrl: '' };
    const azure = connectAzure({
      settings: { ...identities, rehearsal: { azureEndpoint: endpoint, azureAuthority: endpoint, caFile, ...elsewhere } },
      subscriptions: migration.subscriptions,
      clock: outside.clock,
      log,
      patience: { pause: () => Promise.resolve() },
    });
    this.outside = outside;
    this.#azure = azure;
    this.#migration = migration;
    const { clock } = outside;
    this.context = {
      migration,
      inForce: inForceOf(() => migration),
      zone: zone(migration.timeZone),
      steps,
      clock,
      ids: systemIds(),
      log,
      store,
    } as Partial<Context> as Context;
  }

  /** Collects every kind and looks into every machine that lets itself be looked into; what the store knows then. */
  async look(): Promise<Snapshot> {
    await this.#collect();
    await this.#probe(await loadSnapshot(this.context));
    await this.#collect();
    return loadSnapshot(this.context);
  }

  async #collect(): Promise<void> {
    const kinds = Object.keys(this.#azure.collectors) as CollectedKind[];
    const collections = await Promise.all(kinds.map((kind) => (this.#azure.collectors as Json)[kind]()));
    await this.context.store.transact(async (tx) => {
      for (const collection of collections) await tx.saveCollection(collection);
    });
  }

  /** Sends the probe as a signed plan would, without the pace of a run. */
  async #probe(snapshot: Snapshot): Promise<void> {
    const { clock } = this.context;
    this.#plans += 1;
    const requestedBy = { objectId: 'x', tenantId: 'y', name: 'Ada' };
    const made = makePlan(
      {
        action: probeMachines,
        scope: {},
        requestedBy,
        planId: `GL-${this.#plans}`,
        now: clock.now(),
        ticket: null,
        follows: null,
        only: null,
        standing: null,
      },
      this.#migration,
      snapshot,
      zone(this.#migration.timeZone),
    );
    if (made.kind !== 'ok') throw new Error(JSON.stringify(made));
    const plan = made.value;
    const hash = planHash(plan);
    const at = clock.now();
    const calls = plan.targets.map((target) => ({ target, call: expandCall(plan, hash, target.id, target.sequence[0]!.call!) }));
    for (let from = 0; from < calls.length; from += AT_ONCE) {
      await Promise.all(calls.slice(from, from + AT_ONCE).map(({ target, call }) => this.#azure.writer.send(plan, hash, target, call)));
    }
    this.outside.clock.move({ advanceSeconds: 900 });
    for (const { target, call } of calls) {
      const back = await this.#azure.writer.readBack(call);
      if (back.kind !== 'succeeded') continue;
      const facts = this.#azure.probes.guestFacts(back.output, callNonce(hash, target.id, call.id), target, at);
      if (facts.state === 'read')
        await this.context.store.transact((tx) => keepReading(tx, 'guest', target.id, read(facts.value, facts.source, at)));
    }
  }

  async truth(): Promise<Truth> {
    return (await this.outside.door('GET', '/_estate')).body;
  }

  async end(): Promise<void> {
    await this.context.store.close();
    await this.outside.end();
    rmSync(this.outside.dataDir, { recursive: true, force: true });
  }
}

/** Evidence as it may be read in a message. */
export function told(evidence: Evidence<EvidenceOf[keyof EvidenceOf]> | undefined): string {
  return evidence?.state === 'unread' ? evidence.reason : JSON.stringify(evidence?.value ?? null);
}
