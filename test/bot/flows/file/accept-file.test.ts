import { mayRequest } from '../../../../bot/flows/requests/request-action.ts';
import { beginRuns } from '../../../../bot/flows/runs/begin-runs.ts';
import { NoMigration } from '../../../../bot/migration-in-force.ts';
import { sha256 } from '../../../../core/hash.ts';
import { MINUTE } from '../../../../core/instant.ts';
import { ready, step } from '../../../../core/step.ts';
import { places, prepareCluster } from '../../../services/store/engines.ts';
import { planOf } from '../../../support/facts.ts';
import type { WorldStore } from '../support/flow-world.ts';
import { FlowWorld, member, openWorldStore } from '../support/flow-world.ts';
import { migrationText } from '../support/migration-text.ts';

jest.setTimeout(60_000);

const optional = step({
  id: 'some-step',
  phase: 'prepare',
  title: 'Something is so',
  why: 'Because.',
  link: 'https://learn.microsoft.com',
  subject: 'organisation',
  needs: [],
  owner: 'security team',
  optional: true,
  check: () => ready('it is'),
});

const OLD = migrationText();
const MORE_PEOPLE = migrationText({ approvers: [1, 2, 3, 4] });

describe.each(places)('the migration file ($name)', ({ databaseUrl }) => {
  let opened: WorldStore;
  let world: FlowWorld;

  beforeAll(prepareCluster);
  beforeEach(async () => {
    opened = await openWorldStore(databaseUrl);
    world = new FlowWorld(opened);
  });
  afterEach(async () => {
    world.remove();
    await opened.remove();
  });

  const short = (text: string) => sha256(text).slice(0, 8);
  const saying = (pattern: RegExp) => world.posts.filter(({ words }) => pattern.test(words));

  async function started(text = OLD) {
    world.write(text);
    const bot = await world.bot();
    await bot.tick();
    return bot;
  }

  it('refuses the first start without a file, or with a broken one', async () => {
    await expect(world.bot()).rejects.toThrow(NoMigration);
    world.write('id: x\nquorum: 0\n');
    await expect(world.bot()).rejects.toThrow(/migration\.yaml:2:9 quorum/);
  });

  it('takes up the first file at once, and says so', async () => {
    const bot = await started();
    expect(await bot.fileEvents()).toEqual([`first ${short(OLD)}`]);
    expect(saying(/works by the migration file of “Sample”/)).toHaveLength(1);
    await bot.tick();
    expect(await bot.fileEvents()).toHaveLength(1);
  });

  it('goes on with the version before when the file is gone, unreadable or broken, and says so once of each', async () => {
    const bot = await started();
    for (const text of ['id: [', Buffer.from([0xff, 0xfe, 0x41]).toString('latin1'), migrationText({ quorum: 9 })]) {
      world.write(text);
      await bot.tick();
      await bot.tick();
      expect(bot.context.migration.fileHash).toBe(sha256(OLD));
    }
    expect(saying(/cannot be used as it is now/)).toHaveLength(3);
    expect(world.logged.filter((line) => line.includes('quorum'))).not.toEqual([]);
    world.write(OLD);
    await bot.tick();
    expect(mayRequest(bot.context, member(9))).toBeNull();
    world.write(migrationText({ quorum: 9 }));
    const next = await world.bot();
    await next.tick();
    expect(next.context.migration.fileHash).toBe(sha256(OLD));
    expect(saying(/cannot be used as it is now/)).toHaveLength(4);
  });

  it('takes up a change nobody signs by at once, in words old to new, and what was signed before still runs', async () => {
    const bot = await started();
    const plan = await bot.request();
    const small = migrationText({ digestTime: '09:30', name: 'Renamed' });
    world.write(small);
    await bot.tick();
    expect(bot.context.migration).toMatchObject({ fileHash: sha256(small), name: 'Renamed', digest: { time: '09:30' } });
    expect(await bot.fileEvents()).toEqual([`first ${short(OLD)}`, `adopted ${short(small)}`]);
    expect(saying(/08:00 → 09:30/)).toHaveLength(1);
    expect(await bot.acceptances()).toEqual([]);
    await bot.approve(plan, 1);
    await bot.approve(plan, 2);
    world.now += 3 * MINUTE;
    await bot.tick();
    expect((await bot.plan(plan)).signOff).toMatchObject({ state: 'approved', begun: true });
  });

  it('puts a change that matters to the approvers of the old version, and refuses requests until they decide', async () => {
    const bot = await started();
    const pending = await bot.request();
    world.write(MORE_PEOPLE);
    await bot.tick();
    expect(bot.context.migration.fileHash).toBe(sha256(OLD));
    const [asked, ...others] = await bot.acceptances();
    expect(others).toEqual([]);
    expect(asked?.plan.decides).toMatchObject({ kind: 'accept-file', fileHash: sha256(MORE_PEOPLE) });
    expect(asked?.signOff.approvers.map(({ name }) => name)).toEqual(['Person 1', 'Person 2', 'Person 3']);
    expect(asked?.plan.effect).toContain('approver added: Person 4 (role 4)');
    const card = world.posts.find(({ words }) => words.includes(asked!.plan.id) && words.includes('approver added'));
    expect(card?.mentions).toEqual(['Person 1', 'Person 2', 'Person 3']);
    expect((await bot.plan(pending)).signOff).toMatchObject({
      state: 'superseded',
      ended: { reason: 'the migration file is changing: approver added: Person 4 (role 4)' },
    });
    expect(saying(/is void: the migration file is changing/)[0]?.mentions).toEqual(['Person 9']);
    expect(mayRequest(bot.context, member(9))).toMatchObject({ code: 'file-pending' });
    expect(await bot.approve(asked!.hash, 4)).toBe('not-approver');
  });

  it('voids what is signed and has not begun at once, and counts from the end of the grace after one approver’s word', async () => {
    const bot = await started();
    const signed = await bot.request();
    await bot.approve(signed, 1);
    await bot.approve(signed, 2);
    const window = { name: 'later', from: world.now + 60 * MINUTE, until: world.now + 120 * MINUTE };
    const waits = await bot.request({ window });
    for (const digit of [1, 2]) await bot.approve(waits, digit);
    world.now += 3 * MINUTE;
    await bot.tick(); // the first has begun, the second waits for its window
    world.write(MORE_PEOPLE);
    await bot.tick();
    const reason = expect.stringContaining('is changing');
    expect((await bot.plan(waits)).signOff).toMatchObject({ state: 'superseded', ended: { reason } });
    const [asked] = await bot.acceptances();
    expect(await bot.approve(asked!.hash, 2)).toBe('approved');
    await bot.tick();
    expect(bot.context.migration.approvers).toHaveLength(3);
    world.now += 3 * MINUTE;
    await bot.tick();
    expect(bot.context.migration.approvers).toHaveLength(4);
    expect(await bot.fileEvents()).toEqual([`first ${short(OLD)}`, `accepted ${short(MORE_PEOPLE)}`]);
    expect((await bot.plan(signed)).signOff).toMatchObject({ state: 'approved', begun: true });
    expect(mayRequest(bot.context, member(9))).toBeNull();
    const fresh = await bot.request({ targets: planOf(4).targets.slice(2), waves: [] }); // not those the run holds
    for (const digit of [3, 4]) await bot.approve(fresh, digit);
    world.now += 3 * MINUTE;
    await bot.tick();
    expect((await bot.plan(fresh)).signOff.begun).toBe(true);
  });

  it('does not count when the file on disk is another one by then', async () => {
    const bot = await started();
    world.write(MORE_PEOPLE);
    await bot.tick();
    const [asked] = await bot.acceptances();
    await bot.approve(asked!.hash, 1);
    world.now += 3 * MINUTE;
    world.write(`${MORE_PEOPLE}# one more byte\n`);
    await beginRuns(bot.context); // before anybody looked at the file again
    await bot.tick();
    expect(bot.context.migration.fileHash).toBe(sha256(OLD));
    expect(await bot.fileEvents()).toContain(`not-taken ${short(MORE_PEOPLE)}`);
    expect(saying(/did not take effect: the file on disk is not the one that was signed/)).toHaveLength(1);
    expect(await bot.acceptances()).toHaveLength(2);
  });

  it('asks once for each version, and no more for one that was replaced or taken back', async () => {
    const bot = await started();
    world.write(MORE_PEOPLE);
    await bot.tick();
    const fewer = migrationText({ approvers: [1, 2] });
    world.write(fewer);
    await bot.tick();
    const [first, second] = await bot.acceptances();
    expect(first?.signOff).toMatchObject({ state: 'superseded', ended: { reason: 'the migration file changed again' } });
    expect(second?.plan.decides).toMatchObject({ fileHash: sha256(fewer) });
    world.write(OLD);
    await bot.tick();
    expect((await bot.plan(second!.hash)).signOff).toMatchObject({ ended: { reason: 'the migration file is again what it was' } });
    expect(mayRequest(bot.context, member(9))).toBeNull();
    world.write(fewer);
    await bot.tick();
    expect(await bot.acceptances()).toHaveLength(3);
  });

  it('leaves the old version in force when an approver says no, and does not ask for the same one again', async () => {
    const bot = await started();
    world.write(MORE_PEOPLE);
    await bot.tick();
    const [asked] = await bot.acceptances();
    await bot.decide(asked!.hash, { type: 'reject', by: member(1), at: world.now, reason: 'who is that?' });
    await bot.tick();
    const next = await world.bot();
    await next.tick();
    expect(next.context.migration.fileHash).toBe(sha256(OLD));
    expect(mayRequest(next.context, member(9))).toBeNull();
    expect(await next.acceptances()).toHaveLength(1);
  });

  it('starts again on the version in force while an edit waits, and takes up its acceptance', async () => {
    const first = await started();
    world.write(MORE_PEOPLE);
    await first.tick();
    const [asked] = await first.acceptances();
    const next = await world.bot();
    expect(next.context.migration.fileHash).toBe(sha256(OLD));
    await next.tick();
    expect(mayRequest(next.context, member(9))).toMatchObject({ code: 'file-pending' });
    expect(await next.acceptances()).toHaveLength(1);
    await next.approve(asked!.hash, 3);
    world.now += 3 * MINUTE;
    await next.tick();
    expect(next.context.migration.fileHash).toBe(sha256(MORE_PEOPLE));
  });

  it('is decided once by two bots on one store, and neither begins anything by a version that no longer counts', async () => {
    const [a, b] = [await started(), await world.bot()];
    await b.tick();
    world.write(MORE_PEOPLE);
    await Promise.all([a.tick(), b.tick()]);
    await Promise.all([a.tick(), b.tick()]);
    const [asked, ...more] = await a.acceptances();
    expect(more).toEqual([]);
    await a.approve(asked!.hash, 1);
    world.now += 3 * MINUTE;
    await beginRuns(a.context);
    const old = await b.request(); // b has not heard of it yet
    for (const digit of [1, 2]) await b.approve(old, digit);
    world.now += 3 * MINUTE;
    await beginRuns(b.context);
    expect((await b.plan(old)).signOff.begun).toBe(false);
    await b.tick();
    expect((await b.plan(old)).signOff).toMatchObject({ begun: false, state: 'superseded' });
    expect(b.context.migration.approvers).toHaveLength(4);
    expect(await b.fileEvents()).toHaveLength(2);
  });

  it('may switch off a step that is optional, with an approver’s word', async () => {
    world.steps = [optional];
    const bot = await started();
    world.write(migrationText({ extra: 'switchedOff: { some-step: no user licence }' }));
    await bot.tick();
    const [asked] = await bot.acceptances();
    expect(asked?.plan.effect).toContain('step switched off added: some-step (no user licence)');
    await bot.approve(asked!.hash, 1);
    world.now += 3 * MINUTE;
    await bot.tick();
    expect(bot.context.migration.switchedOff).toEqual({ 'some-step': 'no user licence' });
  });

  it('is broken when it switches off a step that is not optional, at the start and later', async () => {
    const off = migrationText({ extra: 'switchedOff: { some-step: no user licence }' });
    world.write(off);
    await expect(world.bot()).rejects.toThrow(
      /migration\.yaml:\d+:\d+ switchedOff\.some-step: expected a step that may be switched off: there is none/,
    );
    world.steps = [{ ...optional, id: 'another-step' }];
    const bot = await started();
    world.write(off);
    await bot.tick();
    expect(saying(/expected a step that may be switched off: one of another-step/)).toHaveLength(1);
    expect(bot.context.migration.switchedOff).toEqual({});
  });

  it('can be mended in a freeze, which would otherwise never end', async () => {
    const frozen = migrationText({ freeze: { from: '2026-11-01 00:00', until: '2027-11-01 00:00' } });
    const bot = await started(frozen);
    world.write(OLD);
    await bot.tick();
    const [asked] = await bot.acceptances();
    await bot.approve(asked!.hash, 1);
    world.now += 3 * MINUTE;
    await bot.tick();
    expect(bot.context.migration.freezes).toEqual([]);
  });

  it('says that another channel is taken up at the next start, and does so then', async () => {
    const bot = await started();
    const elsewhere = migrationText({ channelId: '19:other@thread.tacv2' });
    world.write(elsewhere);
    await bot.tick();
    const [asked] = await bot.acceptances();
    expect(asked?.plan.effect).toContain('takes effect at the next start');
    await bot.approve(asked!.hash, 1);
    world.now += 3 * MINUTE;
    await bot.tick();
    expect(bot.context.migration).toMatchObject({ fileHash: sha256(elsewhere), channel: { channelId: '19:channel@thread.tacv2' } });
    expect((await world.bot()).context.migration.channel.channelId).toBe('19:other@thread.tacv2');
  });
});
