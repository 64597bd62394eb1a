import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conversation } from './support/conversation.ts';
import { type AnyJson, button, Rehearsal, words } from './support/rehearsal.ts';

jest.setTimeout(240_000);

const rehearsal = new Rehearsal();
const { ask, requestPlan, openView, decide, news } = conversation(rehearsal);
afterAll(() => rehearsal.stop());

const store = () => join(rehearsal.dataDir, 'store');
const older = () => join(rehearsal.dataDir, 'store.older');
const witness = () => join(rehearsal.dataDir, 'ledger-witness-embedded.jsonl');
const file = () => join(rehearsal.dataDir, 'record.jsonl');
const linesOf = () => readFileSync(file(), 'utf8').trim().split('\n');
const ledger = (...args: string[]) => rehearsal.run('bot/ledger.ts', args);
const person = (name: string) => rehearsal.person(name).id;

describe('walk: an auditor looks at the record', () => {
  let first: AnyJson;

  it('reads, checks and takes it along while the bot is running, with each view and post as it was served', async () => {
    await rehearsal.start();
    const plan = await requestPlan(person('lukas'), 'set passive mode on ring canary');
    const view = await openView(person('ingrid'), plan);
    await openView(person('ingrid'), plan); // only the first is recorded
    await decide(person('jonas'), plan, 'sign-off.reject', { comment: 'not today' });
    await news(person('lukas'), /was rejected/);

    expect(await ledger('verify')).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^ok {4}The chain holds: .*\nok {4}The witness agrees/),
    });
    expect(await ledger('export', file())).toMatchObject({ code: 0 });
    expect(await ledger('verify', '--file', file())).toMatchObject({ code: 0 });

    const lines = linesOf().map((line) => JSON.parse(line) as AnyJson);
    const entries = lines.filter(({ seq }) => seq !== undefined);
    const cards = new Map(lines.filter(({ card }) => card !== undefined).map(({ card, text }) => [card, JSON.parse(text) as AnyJson]));
    const of = (kind: string, name: string) =>
      entries.filter((entry) => entry.kind === kind && entry.actor?.id.endsWith(`/${person(name)}`));

    const views = of('view', 'ingrid');
    expect(views).toHaveLength(1);
    expect(views[0]).toMatchObject({
      data: { plan: plan.id, revision: 1, may: 'decide' },
      actor: { name: rehearsal.person('ingrid').name },
    });
    expect(views[0].actor.upn).toMatch(/@/);
    expect(cards.get(views[0].data.card)).toEqual(view);

    expect(of('request', 'lukas')).toMatchObject([{ data: { plan: plan.id, action: 'set-passive-mode', scope: { ring: 'canary' } } }]);
    expect(of('vote', 'jonas')).toMatchObject([{ data: { decision: 'reject', to: 'rejected', comment: 'not today' } }]);
    const served = entries.filter(({ kind }) => kind === 'post');
    const [ofTheFile, ...more] = served.filter(({ subject }) => subject.startsWith('file:'));
    expect(words(cards.get(ofTheFile?.data.card))).toContain('works by the migration file');
    expect(more).toEqual([]);
    const posts = served.filter((post) => post !== ofTheFile);
    expect(posts.length).toBeGreaterThanOrEqual(2);
    for (const post of posts) expect(words(cards.get(post.data.card))).toContain(plan.id);
    first = entries.at(-1);
  });

  it('finds an export that was tampered with, and one whose end was written anew, by a head from a digest', async () => {
    const whole = readFileSync(file(), 'utf8');
    writeFileSync(file(), whole.replace('not today', 'too early'));
    expect(await ledger('verify', '--file', file())).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^WRONG The chain is broken: entry \d+ was altered/),
    });
    writeFileSync(file(), whole);
    const head = `${first.seq}:${first.hash}`;
    expect(await ledger('verify', '--file', file(), '--head', head)).toMatchObject({ code: 0 });
    expect(await ledger('verify', '--file', file(), '--head', `${first.seq}:${'0'.repeat(64)}`)).toMatchObject({
      code: 1,
      output: expect.stringContaining(`WRONG Entry ${first.seq} is not the one the given head`),
    });
  });
});

describe('walk: an older copy of the store is put back', () => {
  it('asks nobody, signs nothing, runs nothing, and says what to do', async () => {
    await rehearsal.stopBot();
    cpSync(store(), older(), { recursive: true });
    await rehearsal.start();
    const plan = await requestPlan(person('lukas'), 'set passive mode on ring canary');
    await rehearsal.stopBot();
    rmSync(store(), { recursive: true });
    cpSync(older(), store(), { recursive: true });

    await rehearsal.start();
    const said = words((await ask(person('lukas'), 'set passive mode on ring canary')).cards);
    expect(said).toMatch(
      /not the one this bot wrote last.*Entry \d+ was acknowledged.*put the newest copy of the store in place and start again/,
    );
    const view = await rehearsal.press(person('ingrid'), plan.activityId, plan.open);
    expect(words(view.value)).toMatch(/not known here|not the one this bot wrote last/);
    expect(words((await ask(person('lukas'), 'how ready are we')).cards)).not.toMatch(/wrote last/);
    expect(rehearsal.errors).toMatch(/The ledger is not the one this bot wrote last/);
    expect((await ledger('verify')).output).toMatch(/WRONG Entry \d+ was acknowledged, the witness says, but is not in the ledger/);
    const writes = (await rehearsal.log()).filter(({ method, path }) => method === 'PUT' && path.includes('-set?'));
    expect(writes).toEqual([]);
  });

  it('works again once whoever runs it says that this store is the right one', async () => {
    await rehearsal.stopBot();
    rmSync(witness());
    await rehearsal.start();
    const plan = await requestPlan(person('lukas'), 'set passive mode on ring canary');
    expect(button(await openView(person('ingrid'), plan), 'sign-off.approve')).toBeDefined();
    expect(await ledger('verify')).toMatchObject({ code: 0 });
  });
});
