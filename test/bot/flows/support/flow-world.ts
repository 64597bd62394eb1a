import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { createCollecting } from '../../../../bot/flows/collect-evidence.ts';
import type { Context } from '../../../../bot/flows/context.ts';
import { livePolicy } from '../../../../bot/flows/context.ts';
import { deliver } from '../../../../bot/flows/deliver.ts';
import { claimDueSlots } from '../../../../bot/flows/digest/claim-due-slots.ts';
import { followFile } from '../../../../bot/flows/file/accept-file.ts';
import { keepPlan } from '../../../../bot/flows/requests/request-action.ts';
import { beginRuns } from '../../../../bot/flows/runs/begin-runs.ts';
import { commitDecision } from '../../../../bot/flows/sign-off/decide-sign-off.ts';
import { expireSignOffs } from '../../../../bot/flows/sign-off/expire-sign-offs.ts';
import { createRecheckPlans } from '../../../../bot/flows/sign-off/recheck-plans.ts';
import { remindSigners } from '../../../../bot/flows/sign-off/remind-signers.ts';
import { openMigrationInForce } from '../../../../bot/migration-in-force.ts';
import { schedules } from '../../../../bot/schedules.ts';
import type { Evidence } from '../../../../core/evidence.ts';
import { read } from '../../../../core/evidence.ts';
import { sha256 } from '../../../../core/hash.ts';
import { DAY, HOUR } from '../../../../core/instant.ts';
import type { JsonObject } from '../../../../core/json.ts';
import type { Person } from '../../../../core/person.ts';
import type { Plan, PlanTarget } from '../../../../core/plan.ts';
import type { OutgoingMessage, PlanRecord, Posted, Rights } from '../../../../core/ports.ts';
import type { SignOffEvent } from '../../../../core/sign-off.ts';
import { decide } from '../../../../core/sign-off.ts';
import type { Snapshot } from '../../../../core/snapshot.ts';
import { openEngine } from '../../../../services/store/open-engine.ts';
import type { OpenedStore } from '../../../../services/store/open-store.ts';
import { openStoreOn } from '../../../../services/store/open-store.ts';
import { log, preparedPlace, removePlace } from '../../../services/store/engines.ts';
import { NOW, person, planOf, snapshotOf } from '../../../support/facts.ts';

/** The store of one test. */
export interface WorldStore {
  readonly store: OpenedStore['store'];
  /** One statement with the store's tables in sight. */
  raw(statement: string): Promise<readonly Record<string, unknown>[]>;
  remove(): Promise<void>;
}

/** Everything that is kept of what was judged. */
export const READINESS_TABLES = ['parts', 'examples', 'findings', 'counts', 'ages', 'changes', 'history', 'groups', 'subjects']
  .map((table) => `readiness_${table}`)
  .join(', ');

/** Opens a store that is empty; `prepareCluster` comes first. */
export async function openWorldStore(databaseUrl: string | null): Promise<WorldStore> {
  const place = preparedPlace(databaseUrl);
  const database = await openEngine(place, log, { now: Date.now });
  const { store } = await openStoreOn(database, { ...place, log, clock: { now: Date.now } });
  return {
    store,
    raw: (statement) =>
      database.gate.transaction(() =>
        database.db.transaction().execute(async (trx) => {
          await sql`set local search_path to ${sql.id(database.schema)}`.execute(trx);
          return (await sql<Record<string, unknown>>`${sql.raw(statement)}`.execute(trx)).rows;
        }),
      ),
    async remove() {
      await store.close();
      await removePlace(place);
    },
  };
}

/** A member of the channel by a digit. */
export function member(digit: number, over: Partial<Person> = {}): Person {
  return { ...person(digit), memberId: `29:${digit}`, isGuest: false, ...over };
}

/** A post that was changed in place. */
export interface Edit extends Post {
  readonly id: string;
  readonly at: number;
}

export interface Post {
  /** What it says, as its text twin has it. */
  readonly words: string;
  /** Who is notified. */
  readonly mentions: readonly string[];
  readonly card: JsonObject | null;
}

function postOf({ card, mentions, text }: OutgoingMessage): Post {
  return { words: card?.text ?? text, mentions: mentions.map(({ name }) => name), card: card?.card ?? null };
}

/** The world of one test: a clock, a channel, a file on disk; it outlives any number of bots. */
export class FlowWorld {
  now = NOW;
  readonly posts: Post[] = [];
  readonly edits: Edit[] = [];
  /** What Teams says to a post or an edit, and when; null: it arrives. Told of an edit by the id of its post. */
  teams: (edits: string | null) => Exclude<Posted, { kind: 'posted' }> | null | Promise<null> = () => null;
  readonly logged: string[] = [];
  roster: () => Evidence<readonly Person[]> = () =>
    read(
      [1, 2, 3, 9].map((digit) => member(digit)),
      'test',
      this.now,
    );
  snapshot: () => Snapshot = () => snapshotOf([]);
  fingerprint: (target: PlanTarget) => Evidence<PlanTarget['fingerprint'] | null> = (target) => read(target.fingerprint, 'test', this.now);
  /** The writer may do everything. */
  lacking: Rights['lacking'] = async () => read([], 'test', this.now);
  actions: Context['actions'] = [];
  steps: Context['steps'] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'greenlight-flows-'));
  readonly file = join(this.#folder, 'migration.yaml');
  readonly #opened: WorldStore;

  constructor(opened: WorldStore) {
    this.#opened = opened;
  }

  /** Writes the migration file; its hash. */
  write(text: string, name = this.file): string {
    writeFileSync(name, text);
    return sha256(text);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Starts a bot on this world, as a new process would. */
  async bot(file = this.file) {
    const { store } = this.#opened;
    const inForce = await openMigrationInForce(file, store, this.steps);
    const note = (message: string, data?: JsonObject) => void this.logged.push(`${message} ${JSON.stringify(data ?? {})}`);
    const context = {
      get migration() {
        return inForce.migration;
      },
      get zone() {
        return inForce.zone;
      },
      inForce,
      rehearsal: true,
      steps: this.steps,
      actions: this.actions,
      questions: [],
      phrases: [],
      clock: { now: () => this.now },
      ids: { nonce: () => '0'.repeat(32), reference: () => 'REFERENC' },
      log: { debug: note, info: note, warn: note, error: note },
      store,
      rights: { lacking: (needed) => this.lacking(needed) },
      targets: { fingerprint: async (target: PlanTarget) => this.fingerprint(target) },
      messenger: {
        post: async (message: OutgoingMessage) => this.#show(message),
        update: async (activityId: string, message: OutgoingMessage) => this.#edit(activityId, message),
        roster: async () => this.roster(),
      },
    } as Partial<Context> as Context;
    return new FlowBot(this, context, this.#opened);
  }

  async #show(message: OutgoingMessage): Promise<Posted> {
    const refused = await this.teams(null);
    if (refused) return refused;
    this.posts.push(postOf(message));
    return { kind: 'posted', activityId: `post-${this.posts.length}` };
  }

  async #edit(id: string, message: OutgoingMessage): Promise<Posted> {
    const refused = await this.teams(id);
    if (refused) return refused;
    this.edits.push({ ...postOf(message), id, at: this.now });
    return { kind: 'posted', activityId: id };
  }
}

/** One process of the bot, worked by hand. */
export class FlowBot {
  readonly #world: FlowWorld;
  readonly #recheck: () => Promise<void>;
  readonly #opened: WorldStore;
  readonly context: Context;

  constructor(world: FlowWorld, context: Context, opened: WorldStore) {
    this.#world = world;
    this.#opened = opened;
    this.context = context;
    this.#recheck = createRecheckPlans(context);
  }

  /** Every duty once, and everything sent that waits. */
  async tick(): Promise<void> {
    const { context } = this;
    await followFile(context);
    await expireSignOffs(context);
    await beginRuns(context);
    await remindSigners(context);
    await this.#recheck();
    await claimDueSlots(
      context,
      schedules.filter(({ id }) => id !== 'digest'),
    );
    await this.send();
    await followFile(context);
  }

  async send(): Promise<void> {
    const rows = await this.#opened.raw(`select id from outbox where state = 'queued' order by position`);
    const collecting = { ...createCollecting(this.context, 'test'), collect: async () => this.#world.snapshot() };
    for (const { id } of rows) await deliver(this.context, collecting, String(id));
  }

  /** A plan that person 9 asked for under the file that is in force. */
  async request(over: Partial<Plan> = {}, targets = 2): Promise<string> {
    const { now } = this.#world;
    const { migration } = this.context;
    const id = await this.context.store.transact((tx) => tx.nextPlanId());
    const plan = planOf(targets, {
      id,
      requestedAt: now,
      expiresAt: now + DAY,
      migration: { id: migration.id, fileHash: migration.fileHash },
      signers: {
        quorum: 2,
        distinctRoles: 1,
        typeCount: false,
        approvers: migration.approvers,
        alternates: migration.alternates.people,
        alternatesAt: now + 4 * HOUR,
        owners: [],
      },
      ...over,
    });
    return keepPlan(this.context, plan, member(9));
  }

  async decide(hash: string, event: SignOffEvent): Promise<string> {
    return this.context.store.transact(async (tx) => {
      const record = (await tx.plan(hash)) as PlanRecord;
      const decided = decide(record.signOff, event, livePolicy(this.context, record.plan));
      if (decided.kind !== 'ok') return decided.kind === 'refused' ? decided.code : decided.kind;
      await commitDecision(this.context, tx, record, decided.value, { kind: 'vote', decision: event.type, person: null, comment: '' });
      return decided.value.state;
    });
  }

  approve(hash: string, digit: number): Promise<string> {
    return this.decide(hash, { type: 'approve', by: person(digit), at: this.#world.now });
  }

  plan(hash: string): Promise<PlanRecord> {
    return this.context.store.transact(async (tx) => (await tx.plan(hash)) as PlanRecord);
  }

  /** Plans that ask for a version of the file to be accepted, oldest first. */
  async acceptances(): Promise<readonly PlanRecord[]> {
    const rows = await this.#opened.raw(`select hash from plans where plan->>'action' = 'accept-file' order by id`);
    return Promise.all(rows.map(({ hash }) => this.plan(String(hash))));
  }

  /** The ledger's entries about the file: what happened, to which version. */
  async fileEvents(): Promise<readonly string[]> {
    const entries = await this.context.store.transact((tx) => tx.ledger(null));
    return entries.filter(({ kind }) => kind === 'file').map(({ data, subject }) => `${data['event'] as string} ${subject.slice(0, 8)}`);
  }
}
