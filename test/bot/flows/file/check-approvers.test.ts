import { approverTroubles } from '../../../../bot/flows/file/check-approvers.ts';
import { read, unread } from '../../../../core/evidence.ts';
import { DAY, HOUR } from '../../../../core/instant.ts';
import type { Migration } from '../../../../core/migration.ts';
import { places, prepareCluster } from '../../../services/store/engines.ts';
import { approver, NOW, person, migration as sample } from '../../../support/facts.ts';
import type { WorldStore } from '../support/flow-world.ts';
import { FlowWorld, member, openWorldStore } from '../support/flow-world.ts';
import { migrationText } from '../support/migration-text.ts';

jest.setTimeout(60_000);

const members = (...digits: readonly number[]) => digits.map((digit) => member(digit));
const said = (migration: Migration, roster = members(1, 2, 3)) => approverTroubles(migration, roster).map(({ words }) => words);
const ownedBy = (...digits: readonly number[]): Migration => ({
  ...sample,
  owners: { tag: 'owner', people: { erp: digits.map((digit) => person(digit)) } },
  signOff: { ...sample.signOff, reversible: { ...sample.signOff.reversible, ownersSign: true } },
});

describe('who can sign', () => {
  it('has nothing to say when everybody is here', () => {
    expect(said(sample)).toEqual([]);
    expect(said(ownedBy(1, 2))).toEqual([]);
  });

  it('names an approver and an alternate who are not in the channel', () => {
    const alternates = { afterHours: 4, people: [approver(4)] };
    expect(said({ ...sample, alternates }, members(1, 2))).toEqual([
      'Person 3 is an approver and is not in this channel',
      'Person 4 is an alternate and is not in this channel',
    ]);
  });

  it('names an approver who is a guest, and does not count them', () => {
    const roster = [...members(1, 2), member(3, { isGuest: true })];
    expect(said({ ...sample, approvers: [approver(1), approver(3)] }, roster)).toEqual([
      'Person 3 is a guest in this team, and guests cannot sign',
      'Read-only, reversible and irreversible changes need 2 signatures, and only 1 of those who may sign is here',
      'Irreversible changes need signatures of 2 roles, and those who are here have only 1',
    ]);
  });

  it('takes somebody with an approver’s object id from another tenant for nobody', () => {
    expect(said(sample, [...members(1, 2), { ...member(3), tenantId: person(8).objectId }])).toEqual([
      'Person 3 is an approver and is not in this channel',
    ]);
  });

  it('sees roles that differ by case or blanks only as one', () => {
    const alike = { ...sample, approvers: [approver(1), { ...approver(2), role: ' ROLE 1 ' }] };
    expect(said(alike)).toEqual(['Irreversible changes need signatures of 2 roles, and those who are here have only 1']);
  });

  it('counts owners who are not here, each person once, and only where they have to sign', () => {
    expect(said(ownedBy(1, 8, 9))).toEqual(['2 of 3 server owners are not in this channel, and cannot sign for the machines']);
    expect(said({ ...ownedBy(8, 9), signOff: sample.signOff })).toEqual([]);
  });
});

describe.each(places)('the check of the approvers ($name)', ({ databaseUrl }) => {
  let opened: WorldStore;
  let world: FlowWorld;

  beforeAll(prepareCluster);
  beforeEach(async () => {
    opened = await openWorldStore(databaseUrl);
    world = new FlowWorld(opened);
    world.write(migrationText());
  });
  afterEach(async () => {
    world.remove();
    await opened.remove();
  });

  const checks = () => world.posts.filter(({ words }) => words.includes('Who can sign'));
  const leave = (...digits: readonly number[]) => {
    world.roster = () => read(members(...digits), 'test', world.now);
  };

  it('is silent every day while all is well, and speaks at eight in the morning when somebody left, once', async () => {
    const bot = await world.bot();
    await bot.tick();
    for (let hour = 0; hour < 48; hour += 6) {
      world.now += 6 * HOUR;
      await bot.tick();
    }
    expect(checks()).toEqual([]);
    leave(1, 2, 9);
    const eight = NOW + 3 * DAY - 2 * HOUR; // NOW is ten o'clock in Copenhagen
    world.now = eight - 1;
    await bot.tick();
    expect(checks()).toEqual([]);
    world.now = eight;
    await bot.tick();
    await (await world.bot()).tick();
    expect(checks()).toHaveLength(1);
    expect(checks()[0]?.mentions).toEqual(['Person 1', 'Person 2']);
    expect(checks()[0]?.words).toMatch(/Person 3 is an approver and is not in this channel.*Add them to the team/s);
    world.now += DAY;
    await bot.tick();
    expect(checks()).toHaveLength(2);
  });

  it('looks whenever a request is made', async () => {
    const bot = await world.bot();
    await bot.tick();
    await bot.request();
    await bot.send();
    expect(checks()).toEqual([]);
    leave(1, 9);
    await bot.request();
    await bot.send();
    expect(checks()).toHaveLength(1);
    expect(checks()[0]?.words).toContain('only 1 of those who may sign is here');
  });

  it('says that it could not look when the roster cannot be read', async () => {
    const bot = await world.bot();
    await bot.tick();
    world.roster = () => unread('Teams did not answer', 'Ask again.', 'test', world.now);
    await bot.request();
    await bot.send();
    expect(checks()).toHaveLength(1);
    expect(checks()[0]).toMatchObject({ mentions: [], words: expect.stringMatching(/could not be checked.*Teams did not answer/s) });
  });
});
