import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { changesAzure } from '../../../support/permitted-operations.ts';
import { conversation, type PostedPlan } from '../../support/conversation.ts';
import { type AnyJson, button, Rehearsal, words } from '../../support/rehearsal.ts';
import { type Activities, createActivities, type Loose, type Somebody } from './activities.ts';
import { type Counted, readCounters, rise } from './counters.ts';
import { createTokens, type Tokens } from './tokens.ts';
import { type Answer, createWire, type Wire } from './wire.ts';

/** What a request may differ in from one that Teams would send. `authorization: null`: none. */
export interface Forgery {
  readonly claims?: Loose;
  readonly header?: Loose;
  readonly keyFile?: string;
  readonly authorization?: string | null;
  readonly headers?: Record<string, string | undefined>;
}

/** The bot's reply to a press: a card or a sentence, and its words. */
export interface Reply {
  readonly value: AnyJson;
  readonly says: string;
}

/** Words that would tell how the bot is made. */
export const OURS = /restify|node_modules|Error:|\.[jt]s:\d|does not exist|\bat \/|undefined|\$\{|SELECT |ECONN/;
/** Teams waits this long for an answer; how fast answers are is the benchmark's matter, as machines are shared and noisy. */
export const PATIENCE_MS = 10_000;
/** All that anybody who is turned away may be told. */
const REFERENCE = /^\{"reference":"[2-9A-Z]{8}"\}$/;

/** The real bot between a pretend outside and somebody who signs activities of their own. */
export class House {
  readonly rehearsal = new Rehearsal({ calm: true });
  readonly people = conversation(this.rehearsal);
  tokens!: Tokens;
  wire!: Wire;
  activities!: Activities;
  /** What the ledger has to say in the end, in this order: who was denied what, and why. */
  readonly denials: AnyJson[] = [];
  #members: readonly Somebody[] = [];
  #metricsPort = 0;
  #ended = false;

  async start(): Promise<void> {
    this.#metricsPort = await freePort();
    const ready = await this.rehearsal.start({ METRICS_PORT: String(this.#metricsPort), LOG_LEVEL: 'info' });
    this.wire?.close();
    this.tokens = createTokens(ready.teamsSigningKeyFile, ready.botAppId, `${ready.teams}/`);
    this.wire = createWire(ready.bot);
    this.#members = (await this.rehearsal.members()) as readonly Somebody[];
    const thread = await this.rehearsal.say(this.somebody('priya').id, 'a thread to talk in');
    this.activities = createActivities(ready, thread.activityId);
  }

  async stop(): Promise<void> {
    this.wire?.close();
    await this.rehearsal.stop();
  }

  somebody(word: string): Somebody {
    const found = this.#members.find(({ name }) => name.toLowerCase().includes(word));
    if (!found) throw new Error(`nobody is called ${word}`);
    return found;
  }

  /** Posts an activity (or whatever it is) signed as Teams would, but for the forgery. */
  async act(activity: AnyJson, { claims, header, keyFile, authorization, headers = {} }: Forgery = {}): Promise<Answer> {
    const signed = authorization === undefined ? `Bearer ${await this.tokens.sign(claims, header, keyFile)}` : authorization;
    const body = typeof activity === 'string' || Buffer.isBuffer(activity) ? activity : JSON.stringify(activity);
    return this.wire.post(body, { authorization: signed ?? undefined, ...headers });
  }

  /** Presses a button as a client of one's own would; the reply. */
  async press(who: Somebody, plan: PostedPlan, verb: string, data: AnyJson, over: Loose = {}): Promise<Reply> {
    const { status, text, ms } = await this.act(this.activities.press(who, plan.activityId, verb, data, over));
    expect(status).toBe(200);
    expect(ms).toBeLessThan(PATIENCE_MS);
    const { value } = JSON.parse(text) as AnyJson;
    expect(text).not.toMatch(OURS);
    return { value, says: typeof value === 'string' ? value : words(value) };
  }

  /** A press that is denied: said so in time, and kept in the ledger. */
  async denies(code: string, decision: string, who: Somebody, press: () => Promise<Reply>): Promise<Reply> {
    this.denials.push({ who: who.id, code, decision });
    const reply = await press();
    expect(await this.writes()).toEqual([]);
    return reply;
  }

  /** What does not even reach a decision: counted under this reason. */
  async ignores(counter: string, act: () => Promise<unknown>, times = 1): Promise<void> {
    const before = await this.counters();
    await act();
    expect(rise(before, await this.counters(), counter)).toBe(times);
    expect(await this.writes()).toEqual([]);
  }

  /** What a deciding button carries in this person's own view: `{id, revision, nonce}`. */
  async viewOf(who: Somebody, plan: PostedPlan, verb = 'sign-off.approve'): Promise<AnyJson> {
    const { value } = await this.press(who, plan, 'sign-off.view', plan.open.data);
    return button(value, verb).data;
  }

  counters(): Promise<Counted> {
    return readCounters(this.#metricsPort);
  }

  /** A request that must end at the door: this status, a reference and nothing else, counted, and no turn. */
  async refuses(status: number, forge: () => Promise<Answer>): Promise<void> {
    const before = await this.counters();
    const answer = await forge();
    const after = await this.counters();
    expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(REFERENCE)]);
    expect(answer.ms).toBeLessThan(PATIENCE_MS);
    expect(rise(before, after, 'greenlight_refusals_total')).toBe(1);
    expect(rise(before, after, 'greenlight_turns_total')).toBe(0);
    expect(await this.writes()).toEqual([]);
    expect((await this.wire.get('/healthz')).status).toBe(200);
  }

  /** Everything that changed something in Azure. */
  async writes(): Promise<readonly string[]> {
    return (await this.rehearsal.log()).filter(changesAzure).map(({ method, path }) => `${method} ${path}`);
  }

  /** Nothing was changed in Azure, the process is the one that was started, and it answers. */
  async isUnharmed(): Promise<void> {
    if (this.#ended) return;
    expect(await this.writes()).toEqual([]);
    expect(process.kill(this.rehearsal.ready.pids.bot, 0)).toBe(true);
    expect((await this.wire.get('/healthz')).status).toBe(200);
  }

  /** Memory the bot holds, in MB. */
  residentMegabytes(): number {
    const status = readFileSync(`/proc/${this.rehearsal.ready.pids.bot}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
  }

  /** The ledger, after the bot has ended: the embedded store has one owner. */
  async ledger(): Promise<readonly AnyJson[]> {
    await this.isUnharmed();
    this.#ended = true;
    await this.rehearsal.stopBot();
    const file = join(this.rehearsal.dataDir, 'ledger.jsonl');
    const { code, output } = await this.rehearsal.run('bot/ledger.ts', ['export', file]);
    if (code !== 0) throw new Error(output);
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AnyJson)
      .filter(({ seq }) => seq !== undefined);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
