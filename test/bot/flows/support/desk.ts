import type { Context } from '../../../../bot/flows/context.ts';
import type { Decision } from '../../../../bot/flows/sign-off/decide-sign-off.ts';
import { decideSignOff } from '../../../../bot/flows/sign-off/decide-sign-off.ts';
import { openSignOffView } from '../../../../bot/flows/sign-off/sign-off-view.ts';
import { read } from '../../../../core/evidence.ts';
import type { JsonObject } from '../../../../core/json.ts';
import type { LedgerEntry } from '../../../../core/ledger.ts';
import type { Migration } from '../../../../core/migration.ts';
import type { Person } from '../../../../core/person.ts';
import type { Plan } from '../../../../core/plan.ts';
import { planHash } from '../../../../core/plan.ts';
import type { Messenger, PlanRecord, RenderedCard } from '../../../../core/ports.ts';
import { openSignOff } from '../../../../core/sign-off.ts';
import { walkCard, wordsOn } from '../../../cards/support/card-walk.ts';
import type { Opened } from '../../../services/store/engines.ts';
import { log, openFresh } from '../../../services/store/engines.ts';
import { migration, NOW, person } from '../../../support/facts.ts';

/** Somebody of the channel by their digit in the sample facts; 1 to 3 are approvers, 9 asks. */
export function member(digit: number, isGuest = false): Person {
  return { ...person(digit), memberId: `29:${digit}`, isGuest };
}

const channel: readonly Person[] = [1, 2, 3, 4, 5, 9].map((digit) => member(digit));

/** The flows of the sign-off on a real store (a server where TEST_DATABASE_URL names one), with a clock that stands until it is moved. */
export class Desk {
  now = NOW;
  readonly #opened: Opened;
  readonly context: Context;
  #nonces = 0;

  private constructor(opened: Opened, over: Partial<Migration>) {
    this.#opened = opened;
    this.context = {
      migration: { ...migration, ...over },
      rehearsal: true,
      clock: { now: () => this.now },
      ids: { nonce: () => this.#nonce(), reference: () => 'REFERENC' },
      log,
      store: opened.store,
      messenger: { roster: async () => read(channel, 'test', this.now) } as Partial<Messenger> as Messenger,
    } as Partial<Context> as Context;
  }

  static async open(over: Partial<Migration> = {}): Promise<Desk> {
    return new Desk(await openFresh(process.env['TEST_DATABASE_URL'] ?? null), over);
  }

  close(): Promise<void> {
    return this.#opened.remove();
  }

  /** Freezes a plan under the next free name and opens its sign-off. */
  async ask(plan: Plan): Promise<string> {
    return this.context.store.transact(async (tx) => {
      const named = { ...plan, id: await tx.nextPlanId() };
      const hash = planHash(named);
      await tx.insertPlan(hash, named, openSignOff(named, hash));
      return hash;
    });
  }

  /** What a person presses: on a view opened now, unless `data` brings its own nonce. */
  async press(hash: string, who: Person, decision: Decision, data: JsonObject = {}): Promise<RenderedCard> {
    const own = 'nonce' in data ? {} : await this.pressable(hash, who);
    return decideSignOff(this.context, decision, { id: hash, ...own, ...data }, who);
  }

  /** The revision and nonce of a view that is opened now. */
  async pressable(hash: string, who: Person): Promise<JsonObject> {
    const { card } = await openSignOffView(this.context, hash, who);
    const [data] = buttonsOf(card).flatMap((button) => (button.data['nonce'] === undefined ? [] : [button.data]));
    return data ? { revision: data['revision']!, nonce: data['nonce']! } : { revision: 1, nonce: 'f'.repeat(32) };
  }

  async record(hash: string): Promise<PlanRecord> {
    return (await this.context.store.transact((tx) => tx.plan(hash)))!;
  }

  async ledger(hash: string, kind: LedgerEntry['kind']): Promise<readonly LedgerEntry[]> {
    const entries = await this.context.store.transact((tx) => tx.ledger(hash));
    return entries.filter((entry) => entry.kind === kind);
  }

  /** The keys of all messages that wait to be sent, in the order of their letters. */
  async outbox(): Promise<readonly string[]> {
    const rows = await this.#opened.raw('select key from outbox order by key');
    return rows.map(({ key }) => key as string);
  }

  #nonce(): string {
    this.#nonces += 1;
    return this.#nonces.toString(16).padStart(32, '0');
  }
}

export function buttonsOf(card: JsonObject): readonly { readonly verb: unknown; readonly data: JsonObject }[] {
  const { found } = walkCard(card);
  return found.flatMap(({ type, node }) => (type === 'Action.Execute' ? [{ verb: node['verb'], data: node['data'] as JsonObject }] : []));
}

export function verbsOf({ card }: RenderedCard): readonly unknown[] {
  return buttonsOf(card).map(({ verb }) => verb);
}

export function wordsOf({ card }: RenderedCard): string {
  return wordsOn(card);
}
