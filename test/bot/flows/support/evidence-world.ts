import type { Collecting } from '../../../../bot/flows/collect-evidence.ts';
import { createCollecting } from '../../../../bot/flows/collect-evidence.ts';
import { collectDue } from '../../../../bot/flows/collecting/collect-due.ts';
import { isDue } from '../../../../bot/flows/collecting/freshness.ts';
import { tellListChange } from '../../../../bot/flows/collecting/list-change.ts';
import { createWatchSight } from '../../../../bot/flows/collecting/sight.ts';
import type { Context } from '../../../../bot/flows/context.ts';
import { deliver } from '../../../../bot/flows/deliver.ts';
import type { CollectedKind, Collection, EvidenceOf, Unread } from '../../../../core/evidence.ts';
import { read, unread } from '../../../../core/evidence.ts';
import type { JsonObject } from '../../../../core/json.ts';
import type { MachineFacts } from '../../../../core/machine.ts';
import type { Migration } from '../../../../core/migration.ts';
import type { OutgoingMessage } from '../../../../core/ports.ts';
import { ORGANISATION } from '../../../../core/snapshot.ts';
import { machineFacts, migration, NOW, SUBSCRIPTION, utc } from '../../../support/facts.ts';
import { inForceOf } from '../../../support/in-force.ts';
import type { WorldStore } from './flow-world.ts';
import { READINESS_TABLES } from './flow-world.ts';

/** The kinds that can be read here, with what they find where nothing else is said. */
type Found = { [K in CollectedKind]?: () => Readonly<Record<string, EvidenceOf[K]>> };

/** Collections of evidence on a real store, with readings that end when they are told to; the clock stands until it is moved. */
export class EvidenceWorld {
  now = NOW;
  migration: Migration = migration;
  since: number | null = null;
  machines: readonly MachineFacts[] = [machineFacts({ id: '/m/1', name: 'srv-01' })];
  list: EvidenceOf['server-list'] = { loaded: false };
  /** What the extensions of each machine show; counted up to tell one reading from another. */
  found: Found = {
    'server-list': () => ({ [ORGANISATION]: this.list }),
    machine: () => Object.fromEntries(this.machines.map((facts) => [facts.id, facts])),
    'defender-extension': () => Object.fromEntries(this.machines.map(({ id }) => [id, { present: false }])),
    'security-settings': () => ({ [SUBSCRIPTION]: { endpointProtection: true, unifiedSolution: true, includesLinux: true } }),
  };
  /** Kinds that cannot be read. */
  readonly broken = new Set<CollectedKind>();
  /** Every reading that was begun, in order. */
  readonly reads: CollectedKind[] = [];
  readonly posts: string[] = [];
  readonly logged: string[] = [];
  /** Most readings of one kind that were under way at the same time. */
  most = 0;
  readonly #underWay = new Map<CollectedKind, number>();
  readonly #held = new Map<CollectedKind, Promise<void>>();
  readonly #opened: WorldStore;

  constructor(opened: WorldStore) {
    this.#opened = opened;
  }

  raw(statement: string): Promise<readonly Record<string, unknown>[]> {
    return this.#opened.raw(statement);
  }

  /** Readings of a kind do not come to an end before the function is called that is given back. */
  hold(kind: CollectedKind): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held.set(kind, promise);
    return () => {
      if (this.#held.get(kind) === promise) this.#held.delete(kind);
      resolve();
    };
  }

  /** Waits until so many readings of a kind were begun. */
  async begun(kind: CollectedKind, times: number): Promise<void> {
    while (this.reads.filter((one) => one === kind).length < times) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Waits until nothing of these kinds is due or under way any more. */
  async settled(kinds = Object.keys(this.found) as CollectedKind[]): Promise<void> {
    for (;;) {
      const statuses = await this.#opened.store.transact((tx) => tx.collections());
      const byKind = new Map(statuses.map((status) => [status.kind, status]));
      const open = (kind: CollectedKind) => byKind.get(kind)?.held || isDue(kind, byKind.get(kind), this.now, this.since ?? 0);
      if (!kinds.some(open)) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** An empty store, as it was when the world was opened. */
  async empty(): Promise<void> {
    for (const table of ['evidence', 'evidence_parts', 'sources', 'collections', 'notes', 'outbox', 'cards'])
      await this.raw(`delete from ${table}`);
    await this.raw(`truncate ${READINESS_TABLES}`);
  }

  /** A process of the bot. */
  bot(owner: string): EvidenceBot {
    const note = (message: string, data?: JsonObject) => void this.logged.push(`${message} ${JSON.stringify(data ?? {})}`);
    const { posts } = this;
    const current = () => this.migration;
    const since = () => this.since;
    const context = {
      get migration() {
        return current();
      },
      get inForce() {
        return { ...inForceOf(current), since: since() };
      },
      rehearsal: true,
      zone: utc,
      steps: [],
      actions: [],
      clock: { now: () => this.now },
      log: { debug: note, info: note, warn: note, error: note },
      store: this.#opened.store,
      collectors: Object.fromEntries(
        Object.keys(this.found).map((kind) => [kind, () => this.#read(kind as CollectedKind)]),
      ) as unknown as Context['collectors'],
      messenger: {
        post: async ({ card, text }: OutgoingMessage) => {
          posts.push(card?.text ?? text);
          return { kind: 'posted' as const, activityId: `post-${posts.length}` };
        },
      },
    } as unknown as Context;
    return new EvidenceBot(this, context, owner);
  }

  async #read(kind: CollectedKind): Promise<Collection<CollectedKind>> {
    const at = this.now;
    this.reads.push(kind);
    const beside = (this.#underWay.get(kind) ?? 0) + 1;
    this.#underWay.set(kind, beside);
    this.most = Math.max(this.most, beside);
    await this.#held.get(kind);
    this.#underWay.set(kind, (this.#underWay.get(kind) ?? 1) - 1);
    const values: Readonly<Record<string, unknown>> = this.broken.has(kind) ? {} : (this.found[kind]?.() ?? {});
    const subjects = Object.fromEntries(Object.entries(values).map(([id, value]) => [id, read(value, 'test', at)]));
    const failure: Unread | null = this.broken.has(kind) ? unread('no role', 'Grant it.', 'test', at) : null;
    return { kind, source: 'test', collectedAt: at, subjects, failure } as Collection<CollectedKind>;
  }
}

/** One process of the bot, worked by hand. */
export class EvidenceBot {
  readonly context: Context;
  readonly collecting: Collecting;
  readonly #world: EvidenceWorld;
  readonly #watchSight: () => Promise<void>;

  constructor(world: EvidenceWorld, context: Context, owner: string) {
    this.#world = world;
    this.context = context;
    this.collecting = createCollecting(context, owner);
    this.#watchSight = createWatchSight(context);
  }

  /** What is due is begun. */
  begin(): Promise<void> {
    return collectDue(this.context, this.collecting.readings);
  }

  /** Every duty once: what is due is begun and read, what is to be told is posted. */
  async tick(): Promise<void> {
    await this.begin();
    await this.#world.settled();
    await this.tell();
  }

  async tell(): Promise<void> {
    await this.notice();
    await this.send();
  }

  /** What is to be told is put into the outbox. */
  async notice(): Promise<void> {
    await this.#watchSight();
    await tellListChange(this.context);
  }

  async send(): Promise<void> {
    const rows = await this.#world.raw(`select id from outbox where state = 'queued' order by position`);
    for (const { id } of rows) await deliver(this.context, this.collecting, String(id));
  }
}
