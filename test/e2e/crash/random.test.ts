import { createRandom } from '../../../simulator/random.ts';
import type { PostedPlan } from '../support/conversation.ts';
import { unlawfulRequests } from '../support/lawful.ts';
import { type AnyJson, words } from '../support/rehearsal.ts';
import { CrashHouse } from './crash-house.ts';
import { engines } from './engines.ts';
import { fleetOf } from './servers.ts';
import { changeOf } from './witness.ts';

const KILLS = Number(process.env['KILLS'] ?? 12);
/** A few kills need a short run only, or most of it would go by undisturbed. */
const SERVERS = KILLS >= 50 ? 300 : 100;
const SEED = Number(process.env['SEED'] ?? 1);
/** Share of the kills that come before the bot is ready. */
const WHILE_STARTING = 0.2;
/** How long a bot that is ready may work at most before it dies, in ms: less when the run is ahead of the kills, so that it lasts for all of them. */
const WORK_MS = { ahead: 1_500, behind: 4_000 };
/** More than are ever needed. */
const MOST_PLANS = 5;

jest.setTimeout(120_000 + KILLS * 30_000);

describe.each(engines)(`a run of ${SERVERS} servers on the store %s, killed at random moments`, (engine) => {
  const concurrency = Math.max(12, Math.min(50, Math.round(600 / KILLS)));
  const house = new CrashHouse(fleetOf(SERVERS, SEED, { size: 100, concurrency }), { calm: false });
  afterAll(() => house.close());

  it('goes on each time, changes every server once and loses nothing', async () => {
    const random = createRandom(SEED);
    const moments: string[] = [];
    await house.open(engine);
    let plan = await signedPlan(house);
    const began = performance.now();
    await house.kill();
    await house.restart();
    const startMs = performance.now() - began;
    await house.kill();

    while (house.kills < KILLS) {
      const end = await endOf(house, plan);
      if (end === 'complete' || (end && (await allChanged(house)))) break;
      if (end) {
        // A call that was cut off before it left, four times in a row, is given up and halts its run.
        await house.restart();
        plan = await signedPlan(house);
        await house.kill();
        continue;
      }
      const share = (await changed(house)) / SERVERS;
      const since = random.next() < WHILE_STARTING ? 'begin' : 'ready';
      const workMs = share > house.kills / KILLS ? WORK_MS.ahead : WORK_MS.behind;
      const ms = Math.round(random.next() * (since === 'begin' ? startMs : workMs));
      moments.push(`${since} + ${ms} ms`);
      await house.liveFor(ms, since);
    }
    const told = `${engine}, seed ${SEED}, a start takes ${Math.round(startMs)} ms, killed at ${moments.join(', ')}`;
    await house.restart();
    for (
      let plans = 0;
      plans < MOST_PLANS && (await house.rehearsal.until('the end', () => endOf(house, plan), 600)) !== 'complete';
      plans += 1
    ) {
      if (await allChanged(house)) break;
      plan = await signedPlan(house);
    }

    expect({ told, kills: house.kills, unchanged: await unchanged(house) }).toEqual({ told, kills: KILLS, unchanged: [] });
    expect({ told, wrongs: await house.wrongs() }).toEqual({ told, wrongs: [] });
    expect(await unlawfulRequests(house.rehearsal)).toEqual([]);
    if (KILLS >= 100) console.log(`${told}; ${JSON.stringify(await counts(house))}`);
  });
});

/** Asks for the change on every server that has no proof of it, has it signed and waits until it begins. */
async function signedPlan(house: CrashHouse): Promise<PostedPlan> {
  const before = (await house.rehearsal.log()).length;
  const plan = await house.request();
  for (const name of ['ingrid', 'jonas']) await house.sign(name, plan);
  const begins = async () => (await house.rehearsal.log(before)).some((request) => changeOf(request) !== null);
  await house.rehearsal.until('the first change', begins, 240);
  return plan;
}

/** How the run of a plan ended, as the channel was told; null while it goes on. */
async function endOf(house: CrashHouse, { id }: PostedPlan): Promise<string | null> {
  const news = new RegExp(`^(?!.*Run of).*${id} \\(.*(complete|ended|halted|stopped|voided)`);
  const messages = await house.rehearsal.messages(house.id('lukas'));
  const told = messages.flatMap(({ from, cards }) => (from.isBot ? (news.exec(words(cards))?.[1] ?? []) : []));
  return told[0] ?? null;
}

/** Does the estate show the change on every server? A run that lost the proof of one to a kill says less than that, and never more. */
async function allChanged(house: CrashHouse): Promise<boolean> {
  return (await unchanged(house)).length === 0;
}

/** The servers on which the estate does not show the change, each with what became of it by the ledger. */
async function unchanged(house: CrashHouse): Promise<readonly string[]> {
  const { machines } = await house.rehearsal.estate();
  const open: AnyJson[] = machines.filter(({ guest }: AnyJson) => guest.passiveKey !== 1);
  if (open.length === 0) return [];
  const ledger = await house.runningEntries();
  return open.map(({ id, name }) => {
    const own = ledger.filter(({ data }) => data.target?.toLowerCase() === id.toLowerCase());
    return `${name}: ${own.map(({ kind, data }) => `${kind} ${data.call ?? data.proof ?? ''} ${data.result ?? ''}`.trim()).join(', ')}`;
  });
}

/** Servers the change was sent to so far. */
async function changed(house: CrashHouse): Promise<number> {
  const sent = (await house.rehearsal.log()).map((request) => changeOf(request)).filter((change) => change?.call === 'set');
  return new Set(sent.map((change) => change?.machine)).size;
}

async function counts(house: CrashHouse): Promise<Record<string, number>> {
  const { log, ledger } = await house.witness();
  const changes = log.filter((request) => changeOf(request) !== null);
  return {
    plans: ledger.filter(({ kind }) => kind === 'request').length,
    requests: log.length,
    entries: ledger.length,
    changes: changes.length,
    unanswered: changes.filter(({ status }) => status === 0).length,
    throttled: changes.filter(({ status }) => status === 429).length,
    repeats: ledger.filter(({ kind, data }) => kind === 'intent' && data.because === 'absent').length,
  };
}
