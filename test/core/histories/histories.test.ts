import type { JsonObject } from '../../../core/json.ts';
import type { RunVerdict, TargetStatus } from '../../../core/run.ts';
import type { SignOffState } from '../../../core/sign-off.ts';
import { historyOf } from './generate.ts';
import type { History, Played } from './history.ts';
import { hashesBroken, play } from './history.ts';
import { shrink } from './shrink.ts';

// What people see is tested elsewhere; drawing it would take most of the time here.
jest.mock('../../../cards/sign-off/data.ts', () => ({ signOffCard: () => ({ card: {}, text: '', summary: '' }) }));
jest.mock('../../../cards/notice/data.ts', () => ({ noticeCard: () => ({ card: {}, text: '', summary: '' }) }));
jest.mock('../../../bot/flows/views/sign-off.ts', () => ({ signOffView: () => ({}) }));

const HISTORIES = Number(process.env['HISTORIES'] ?? 10_000);
const SEED = Number(process.env['SEED'] ?? 1);
const VERDICTS: readonly RunVerdict[] = ['complete', 'partly', 'halted', 'stopped', 'voided'];
const STATUSES: readonly TargetStatus[] = ['verified', 'mismatch', 'unverified', 'failed', 'ambiguous', 'dropped', 'held', 'untouched'];
const STATES: readonly SignOffState[] = ['approved', 'rejected', 'expired', 'superseded', 'withdrawn'];
const DENIALS = ['guest', 'requester', 'not-approver', 'stale-view', 'used-view', 'no-vote', 'begun', 'reason-needed', 'expired'];
/** Histories that never meet these prove nothing about them. */
const EVERYTHING: readonly string[] = [
  STATES.map((state) => `plan ${state}`),
  VERDICTS.map((verdict) => `run ${verdict}`),
  STATUSES.map((status) => `target ${status}`),
  DENIALS.map((code) => `denied ${code}`),
  ['taken over', 'sent again', 'recovered ambiguity'],
  ['safety kept', 'safety restored', 'safety unsure'],
  ['made safe after a stop', 'frozen run', 'window ended', 'wave looked at again', 'held before the start', 'held in a run'],
  ['rest requested', 'undo requested', 'rest run', 'undo run'],
].flat();

/** One history in so many is played twice, and its ledger hashed anew. */
const TWICE = 20;

async function explain(seed: number, history: History, broken: string): Promise<string> {
  const name = broken.split(':')[0]!;
  const short = await shrink(history, name);
  const { told, broken: how } = await play(short);
  const steps = told.map((line, index) => `  ${index + 1}. ${line}   ${JSON.stringify(short.commands[index])}`);
  return [`invariant ${how ?? broken}`, `SEED=${seed} HISTORIES=1 plays it again · set-up ${JSON.stringify(short.setup)}`, ...steps].join(
    '\n',
  );
}

function headOf({ world }: Played): string {
  return JSON.stringify([world.memory.ledger.at(-1)?.hash, [...world.memory.runs], [...world.memory.outbox]]);
}

async function looksTwice(history: History, played: Played): Promise<string | null> {
  const again = headOf(await play(history));
  return again === headOf(played) ? hashesBroken(played.world) : '16 the same history ends in the same bytes: it does not';
}

/** An ambiguous call that was read back and turns out to be done. */
function isRecovery(first: JsonObject, next: JsonObject | undefined): boolean {
  return (
    first['result'] === 'ambiguous' && next?.['result'] === 'done' && first['target'] === next['target'] && first['call'] === next['call']
  );
}

describe(`${HISTORIES} histories from seed ${SEED}`, () => {
  const seen = new Map<string, number>();
  const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);

  function take({ world }: Played): void {
    for (const { signOff, plan } of world.memory.plans.values()) {
      count(`plan ${signOff.state}`);
      if (plan.follows) count(`${plan.follows.how} requested`);
    }
    for (const { run, fence } of world.memory.runs.values()) {
      count(`run ${run.verdict}`);
      for (const { status, safety } of Object.values(run.targets)) {
        count(`target ${status}`);
        count(`safety ${safety}`);
        if (safety === 'restored' && run.stop) count('made safe after a stop');
      }
      if (run.stop?.reason.includes('frozen')) count('frozen run');
      if (run.stop?.reason.includes('window')) count('window ended');
      const { plan, signOff } = world.memory.plans.get(run.planHash)!;
      const held = Object.values(run.targets).filter(({ status }) => status === 'held').length;
      if (signOff.holds.length > 0) count('held before the start');
      if (held > signOff.holds.length) count('held in a run');
      if (plan.follows) count(`${plan.follows.how} run`);
      if (run.wave > 0 && run.cleared) count('wave looked at again');
      if (fence > 1) count('taken over');
    }
    for (const { attempt } of world.memory.journal.values()) if (attempt > 1) count('sent again');
    const results = world.memory.ledger.filter(({ data }) => data['result'] === 'ambiguous' || data['result'] === 'done');
    if (results.some(({ data }, index) => isRecovery(data, results[index + 1]?.data))) count('recovered ambiguity');
    for (const { kind, data } of world.memory.ledger) if (kind === 'denied') count(`denied ${data['code'] as string}`);
  }

  it(
    'keep every invariant after every command, end when the faults stop, and repeat to the byte',
    async () => {
      for (let seed = SEED; seed < SEED + HISTORIES; seed += 1) {
        const history = historyOf(seed);
        const played = await play(history).catch((error: unknown) => {
          throw new Error(`SEED=${seed} HISTORIES=1 breaks the world it is played in`, { cause: error });
        });
        const broken = played.broken ?? (seed % TWICE === 0 ? await looksTwice(history, played) : null);
        if (broken) throw new Error(await explain(seed, history, broken));
        take(played);
      }
    },
    Math.max(120_000, HISTORIES * 30),
  );

  it('came by everything that can happen', () => {
    if (process.env['SHOW']) console.log(Object.fromEntries([...seen].toSorted(([a], [b]) => (a < b ? -1 : 1))));
    const rare = HISTORIES < 5_000 ? [] : EVERYTHING.filter((what) => (seen.get(what) ?? 0) < HISTORIES / 1_000);
    expect(rare).toEqual([]);
  });
});
