import { answerQuestion } from '../../bot/flows/answers/answer-question.ts';
import { createCollecting } from '../../bot/flows/collect-evidence.ts';
import type { Context } from '../../bot/flows/context.ts';
import { snapshotFrom } from '../../bot/flows/snapshot.ts';
import { evaluate } from '../../core/evaluate.ts';
import type { CollectedKind, Collection, Evidence } from '../../core/evidence.ts';
import { read } from '../../core/evidence.ts';
import { MINUTE } from '../../core/instant.ts';
import { PARTS } from '../../core/part.ts';
import type { Person } from '../../core/person.ts';
import type { Log } from '../../core/ports.ts';
import { surroundingsOf } from '../../core/surroundings.ts';
import { actions } from '../../playbook/actions/index.ts';
import { steps } from '../../playbook/index.ts';
import { phrases, questions } from '../../playbook/questions/index.ts';
import { connectAzure } from '../../services/azure/index.ts';
import { defaultPatience } from '../../services/azure/patience.ts';
import { systemIds } from '../../services/ids.ts';
import { readMigration } from '../../services/migration-file.ts';
import { openStore } from '../../services/store/open-store.ts';
import { zone } from '../../services/zone.ts';
import type { Ready } from '../../simulator/outside.ts';
import { antivirus, guestFacts } from '../support/facts.ts';
import { inForceOf } from '../support/in-force.ts';
import { percentile } from './numbers.ts';

/**
 * One process of the bot on a data folder. `fill`: it reads everything for the first time. `live`: it is started again on that, reads everything
 * anew and answers; only its memory counts, because the first start also makes the embedded database.
 */
export interface Task {
  readonly phase: 'fill' | 'live';
  readonly ready: Ready;
  readonly now: number;
  readonly databaseUrl: string | null;
  readonly dataDir: string;
}

/** What a process measures of itself, in the order it comes about. */
export interface Measured {
  readonly what: Step;
  readonly value: number;
}

export type Step =
  | 'parse'
  | 'save first'
  | 'judge first'
  | 'save again'
  | 'judge again'
  | 'after a start'
  | 'judge anew, CPU'
  | 'judge all, CPU'
  | 'answer, median'
  | 'answer, p99'
  | 'answer about one ring, p99'
  | 'answer about one step, p99'
  | 'answer about one machine, p99'
  | 'resident'
  | 'resident at most';

/** Looks that are written in one transaction. */
const PROBES_AT_ONCE = 500;
const ASKED = 150;
const WARM = 10;

const { phase, ready, now, databaseUrl, dataDir } = JSON.parse(process.argv[2] ?? '{}') as Task;
const tell = (what: Step, value: number) => process.stdout.write(`${JSON.stringify({ what, value } satisfies Measured)}\n`);
const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (text, data) => console.error(text, data) };

const parsed = await readMigration(ready.migrationFile);
if (parsed.kind !== 'ok') throw new Error(JSON.stringify(parsed.errors));
const { migration } = parsed;
const clock = { now: () => at };
let at = now;
const { store } = await openStore({ databaseUrl, dataDir, log, clock });
const elsewhere = { teamsServiceUrl: '', teamsOpenidMetadata: '', teamsLogin: '', clockUrl: '' };
const azure = connectAzure({
  settings: {
    reader: ready.identities.reader,
    writer: ready.identities.writer,
    rehearsal: { azureEndpoint: ready.azure, azureAuthority: ready.azure, caFile: ready.caFile, ...elsewhere },
  },
  subscriptions: migration.subscriptions,
  // Azure's limits fill up again with the time that really passes.
  clock: { now: () => now + Math.round(performance.now()) },
  log,
  // What is measured is the bot, not how long the pretend outside takes to look through a large estate.
  patience: { ...defaultPatience, readMs: 3 * MINUTE },
});
const context = {
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
  ids: systemIds(),
  log,
  store,
  collectors: {},
  messenger: { post: () => Promise.reject(new Error('nothing is posted')) },
} as unknown as Context;

const collecting = createCollecting(context, 'bench');
await (phase === 'fill' ? fill() : live());
await store.close();
process.exit(0);

async function fill(): Promise<void> {
  const { parseMs, saveMs } = await readAll();
  tell('parse', parseMs);
  tell('save first', saveMs);
  await lookInside();
  tell('judge first', await realMs(() => collecting.readiness.judge()));
}

async function live(): Promise<void> {
  tell('after a start', await realMs(() => collecting.readiness.overview()));
  at += 5 * MINUTE;
  tell('save again', await keepAgain());
  tell('judge again', await realMs(() => collecting.readiness.judge()));
  await answers();
  tell('resident', process.memoryUsage().rss / 1e6);
  tell('resident at most', process.resourceUsage().maxRSS / 1e3);
  tell('judge all, CPU', await judgingMs());
  const anew = createCollecting({ ...context, rules: 'others' }, 'bench');
  const before = process.cpuUsage();
  await anew.readiness.judge();
  tell('judge anew, CPU', cpuMs(before));
}

/** What the rules take by themselves, part by part: what they look at is loaded meanwhile, and not counted. */
async function judgingMs(): Promise<number> {
  let ms = 0;
  for (let part = 0; part < PARTS; part += 1) {
    const known = await store.transact(async (tx) => {
      return snapshotFrom(context, await tx.evidence({ parts: { from: part, to: part } }), await tx.decisions());
    });
    const around = surroundingsOf(known, at);
    const before = process.cpuUsage();
    evaluate(steps, { ...known, subscriptions: part === 0 ? known.subscriptions : [] }, at, migration.owners, around);
    ms += cpuMs(before);
  }
  return ms;
}

function cpuMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Reads every kind through the real clients and keeps it; how long keeping took, and JSON.parse of the same. */
async function readAll(): Promise<{ readonly saveMs: number; readonly parseMs: number }> {
  let [saveMs, parseMs] = [0, 0];
  for (const collect of Object.values(azure.collectors) as (() => Promise<Collection<CollectedKind>>)[]) {
    const found = { ...(await collect()), collectedAt: at };
    if (found.failure) throw new Error(`${found.kind}: ${found.failure.reason}`);
    if (phase === 'fill') {
      const text = JSON.stringify(found);
      parseMs += await realMs(() => JSON.parse(text));
    }
    saveMs += await realMs(() => store.transact((tx) => tx.saveCollection(found)));
  }
  return { saveMs, parseMs };
}

/** Every kind as it was kept, read once more and found the same: the pretend outside takes longer to say so than the bot to keep it. */
async function keepAgain(): Promise<number> {
  let ms = 0;
  for (const kind of Object.keys(azure.collectors) as CollectedKind[]) {
    const { evidence } = await store.transact((tx) => tx.evidence({ kinds: [kind], machines: 'left out' }));
    const kept = Object.entries((evidence[kind] ?? {}) as Record<string, Evidence<unknown>>);
    const seen = kept.map(([id, one]) => [id, one.state === 'read' ? { ...one, observedAt: at } : one]);
    const found = { kind, source: kept[0]?.[1].source ?? '', collectedAt: at, subjects: Object.fromEntries(seen), failure: null };
    ms += await realMs(() => store.transact((tx) => tx.saveCollection(found as Collection<CollectedKind>)));
  }
  return ms;
}

/** Every machine is looked into once, by itself, as runs do it. */
async function lookInside(): Promise<void> {
  const { machines } = await store.transact((tx) => tx.evidence({ kinds: [] }));
  for (let from = 0; from < machines.length; from += PROBES_AT_ONCE) {
    await store.transact(async (tx) => {
      for (const [index, { id, vmId }] of machines.slice(from, from + PROBES_AT_ONCE).entries()) {
        const over = {
          vmId: vmId ?? '',
          passiveKey: index % 3 === 0 ? null : (1 as const),
          defender: antivirus(),
          rebootPending: index % 7 === 0,
        };
        await tx.saveEvidence('guest', id, read(guestFacts(over), 'probe', at - (index % 60) * MINUTE));
      }
    });
  }
}

async function answers(): Promise<void> {
  const { machines } = await collecting.readiness.overview();
  const someone = machines[Math.floor(machines.length / 2)]?.name ?? '';
  const ring = migration.rings[0]?.name ?? '';
  const status = await asked('where are we with phase 1?');
  tell('answer, median', percentile(status, 0.5));
  tell('answer, p99', percentile(status, 0.99));
  tell('answer about one ring, p99', percentile(await asked(`where are we with phase 1 in ring ${ring}?`), 0.99));
  tell('answer about one step, p99', percentile(await asked('is passive mode set?'), 0.99));
  tell('answer about one machine, p99', percentile(await asked(`how is machine ${someone}`), 0.99));
}

async function asked(text: string): Promise<readonly number[]> {
  const person: Person = { ...(migration.approvers[0] as unknown as Person), memberId: '29:bench', isGuest: true };
  const times: number[] = [];
  for (let turn = 0; turn < ASKED + WARM; turn += 1) {
    const ms = await realMs(async () => {
      const answer = await answerQuestion(context, collecting, text, person);
      if (typeof answer === 'string' || !/ready/i.test(answer.text)) throw new Error(`no answer to “${text}”`);
    });
    if (turn >= WARM) times.push(ms);
  }
  return times;
}

async function realMs(work: () => unknown): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
