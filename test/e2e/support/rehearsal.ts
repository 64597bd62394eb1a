import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/** What `npm start -- --json` prints. */
export interface ReadyLine {
  readonly mode: string;
  readonly bot: string;
  readonly page: string;
  readonly azure: string;
  readonly teams: string;
  readonly identities: { readonly writer: { readonly clientId: string } };
  readonly botAppId: string;
  readonly migrationFile: string;
  readonly channel: { readonly tenantId: string; readonly teamId: string; readonly channelId: string };
  readonly people: readonly { readonly name: string; readonly id: string; readonly role: string }[];
  readonly pids: { readonly bot: number; readonly simulator: number };
  readonly dataDir: string;
  readonly caFile: string;
  readonly teamsSigningKeyFile: string;
}

// biome-ignore lint/suspicious/noExplicitAny: cards and messages are JSON of the outside
export type AnyJson = any;

export interface Message {
  readonly id: string;
  readonly threadId: string;
  readonly from: { readonly id: string; readonly name: string; readonly isBot: boolean };
  readonly at: number;
  readonly text: string;
  readonly cards: readonly AnyJson[];
  readonly view: 'base' | 'mine';
  readonly mentions?: readonly AnyJson[];
}

/** What a day in the cloud is like: one request in twenty is throttled, and Resource Graph is a second behind. */
const WEATHER: readonly AnyJson[] = [
  { match: { server: 'azure' }, fault: { status: 429, retryAfter: 1 }, rate: 0.05 },
  { match: { server: 'teams', path: '^/v3/' }, fault: { status: 429, retryAfter: 1 }, rate: 0.05 },
  { fault: { lagSeconds: 1 } },
];

/** A rehearsal in real processes, driven over HTTP like a person's browser would. */
export class Rehearsal {
  readonly dataDir: string;
  ready!: ReadyLine;
  #process: ChildProcess | null = null;
  #errors = '';
  readonly #calm: boolean;
  #weathered: boolean;

  /** `calm`: without the weather, for what is about something else. */
  constructor({ calm = false }: { calm?: boolean } = {}) {
    this.#weathered = calm;
    this.#calm = calm;
    this.dataDir = mkdtempSync(join(tmpdir(), 'greenlight-e2e-'));
  }

  /** Starts the bot (and the simulator with these `args`, unless one is running on this folder). */
  async start(env: Record<string, string> = {}, args: readonly string[] = []): Promise<ReadyLine> {
    const main = join(import.meta.dirname, '../../../bot/main.ts');
    const child = spawn(process.execPath, [main, '--json', ...args], {
      cwd: this.dataDir,
      env: { ...cleanEnvironment(), LOG_LEVEL: 'warn', ...env, DATA_DIR: this.dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    child.stderr.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
    this.ready = await new Promise<ReadyLine>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as ReadyLine));
      child.once('exit', (code) => reject(new Error(`the bot ended (${code}) before it was ready:\n${this.#errors}`)));
    });
    if (!this.#weathered) await this.#weather();
    this.#weathered = true;
    return this.ready;
  }

  /** What the bot wrote to standard error so far. */
  get errors(): string {
    return this.#errors;
  }

  /** The power cord. */
  async killBot(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** Lets the bot stand still, or go on. */
  freeze(frozen: boolean): void {
    if (!this.#process?.kill(frozen ? 'SIGSTOP' : 'SIGCONT')) throw new Error('there is no bot to signal');
  }

  /** As Ctrl-C would. */
  async stopBot(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await gone;
    clearTimeout(timer);
  }

  /** A file in this rehearsal's folder. */
  write(name: string, text: string): string {
    const path = join(this.dataDir, name);
    writeFileSync(path, text);
    return path;
  }

  /** Runs one of the project's commands on this rehearsal's folder. */
  async run(script: string, args: readonly string[], env: Record<string, string> = {}): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../..', script), ...args], {
      cwd: this.dataDir,
      env: { ...cleanEnvironment(), ...env, DATA_DIR: this.dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, output };
  }

  async stop(): Promise<void> {
    await this.stopBot();
    const file = join(this.dataDir, 'rehearsal.json');
    try {
      process.kill((JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid, 'SIGKILL');
    } catch {
      // it ended with the bot
    }
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** A person of the sample migration by a word of their role, e.g. `security`. */
  person(word: string): { name: string; id: string } {
    const found = this.ready.people.find(({ role, name }) => `${role} ${name}`.toLowerCase().includes(word));
    if (!found) throw new Error(`nobody is called or has the role ${word}: ${JSON.stringify(this.ready.people)}`);
    return found;
  }

  async say(as: string, text: string): Promise<AnyJson> {
    return this.#json('POST', '_page/say', { as, text });
  }

  async press(as: string, activityId: string, action: AnyJson, inputs: AnyJson = {}): Promise<AnyJson> {
    return this.#json('POST', '_page/press', { as, activityId, action, inputs });
  }

  /** A press of what the person is not shown, as a client of their own could send it. */
  async forge(as: string, activityId: string, action: AnyJson, inputs: AnyJson = {}): Promise<AnyJson> {
    return this.#json('POST', '_page/press', { as, activityId, action, inputs, raw: true });
  }

  async messages(as: string): Promise<readonly Message[]> {
    return (await this.#json('GET', `_page/state?as=${as}`)).messages;
  }

  clock(change: AnyJson): Promise<AnyJson> {
    return this.#json('POST', '_clock', change);
  }

  /** What its clock shows. */
  async now(): Promise<number> {
    return (await this.#json('GET', '_clock')).now;
  }

  /** What owners of the team do with its people. */
  roster(change: AnyJson): Promise<AnyJson> {
    return this.#json('POST', '_page/roster', change);
  }

  /** Everybody in the team, with Teams' own ids. */
  async members(): Promise<readonly AnyJson[]> {
    return (await this.#json('GET', `_page/state?as=${this.ready.people[0]?.id}`)).people;
  }

  estate(change?: AnyJson): Promise<AnyJson> {
    return change ? this.#json('POST', '_estate', change) : this.#json('GET', '_estate');
  }

  fault(fault: AnyJson): Promise<AnyJson> {
    return this.#json('POST', '_faults', fault);
  }

  /** The faults in force, each with the number of its hits. */
  faults(): Promise<readonly AnyJson[]> {
    return this.#json('GET', '_faults');
  }

  /** Removes every fault but the weather. */
  async clearFaults(): Promise<void> {
    await this.#json('DELETE', '_faults');
    if (!this.#calm) await this.#weather();
  }

  async #weather(): Promise<void> {
    for (const fault of WEATHER) await this.fault(fault);
  }

  /** The requests the pretend outside answered, those after number `since` only. */
  async log(since = 0): Promise<readonly AnyJson[]> {
    const answer = await this.#json('GET', `_log?since=${since}`);
    return Array.isArray(answer) ? answer : answer.entries;
  }

  /** Waits until something holds; says what it waited for when it never does. */
  async until<T>(what: string, look: () => Promise<T | null | undefined | false>, seconds = 40): Promise<T> {
    const end = performance.now() + seconds * 1_000;
    while (performance.now() < end) {
      const found = await look();
      if (found) return found;
      await pause(200);
    }
    throw new Error(`waited ${seconds} s for ${what}\n${this.#errors.slice(-4_000)}`);
  }

  async #json(method: string, path: string, body?: AnyJson): Promise<AnyJson> {
    const answer = await fetch(new URL(path, this.ready.page), {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}

/** Everything a card says, as one text. */
export function words(card: AnyJson): string {
  if (Array.isArray(card)) return card.map(words).join(' ');
  if (card === null || typeof card !== 'object') return '';
  const own = ['text', 'title', 'value', 'label'].map((key) => (typeof card[key] === 'string' ? card[key] : '')).join(' ');
  return `${own} ${Object.values(card)
    .map((value) => (typeof value === 'object' ? words(value) : ''))
    .join(' ')}`
    .replaceAll('\u200b', '')
    .replaceAll(/\s+/g, ' ');
}

/** The buttons of a card that carry a verb. */
export function buttons(card: AnyJson): AnyJson[] {
  if (Array.isArray(card)) return card.flatMap(buttons);
  if (card === null || typeof card !== 'object') return [];
  const own = card.type === 'Action.Execute' ? [card] : [];
  return [...own, ...Object.entries(card).flatMap(([key, value]) => (key === 'refresh' || key === 'fallback' ? [] : buttons(value)))];
}

/** The button with this verb, or an error that lists those there are. */
export function button(card: AnyJson, verb: string, matches: (data: AnyJson) => boolean = () => true): AnyJson {
  const all = buttons(card);
  const found = all.find((action) => action.verb === verb && matches(action.data));
  if (!found) throw new Error(`no button ${verb}; there are: ${all.map((action) => action.verb).join(', ') || 'none'}`);
  return found;
}

/** The tests' own settings must not leak into the processes they start. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const keep = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'SystemRoot'];
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => keep.includes(name)));
}
