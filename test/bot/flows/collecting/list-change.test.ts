import type { ListedServer } from '../../../../core/facts/server-list.ts';
import { DAY, MINUTE } from '../../../../core/instant.ts';
import { places, prepareCluster } from '../../../services/store/engines.ts';
import { NOW } from '../../../support/facts.ts';
import { EvidenceWorld } from '../support/evidence-world.ts';
import type { WorldStore } from '../support/flow-world.ts';
import { openWorldStore } from '../support/flow-world.ts';

jest.setTimeout(120_000);

beforeAll(() => prepareCluster());

describe.each(places)('another content of the server list ($name)', ({ databaseUrl }) => {
  let opened: WorldStore;
  let world: EvidenceWorld;
  let seen = 0;
  beforeAll(async () => {
    opened = await openWorldStore(databaseUrl);
  });
  beforeEach(async () => {
    world = new EvidenceWorld(opened);
    world.found = { 'server-list': world.found['server-list']! };
    await world.empty();
    seen = (await entries()).length;
  });
  afterAll(() => opened.remove());

  const server = (name: string): ListedServer => ({ name, fqdn: '', owner: '', os: '' });
  function list(sha256: string, ...names: string[]) {
    world.list = { loaded: true, asOf: NOW - DAY, attestedBy: 'Priya Nair', sha256: sha256.repeat(64), servers: names.map(server) };
  }
  async function entries() {
    const all = await opened.store.transact((tx) => tx.ledger(null));
    return all.filter(({ kind }) => kind === 'file').map(({ data }) => data);
  }
  async function tick(bot = world.bot('a')) {
    world.now += 20 * MINUTE;
    await bot.tick();
  }

  it('is entered in the ledger when it is the first, and not posted', async () => {
    await tick();
    list('a', 'srv-01', 'srv-02');
    await tick();
    await tick();
    expect((await entries()).slice(seen)).toEqual([
      { event: 'server-list', asOf: NOW - DAY, attestedBy: 'Priya Nair', servers: 2, before: null, came: null, went: null },
    ]);
    expect(world.posts).toEqual([]);
  });

  it('is posted once, with who came and who went, and whose word it still bears', async () => {
    list('a', 'srv-01', 'srv-02');
    await tick();
    list('b', 'SRV-01', 'srv-03');
    await tick();
    await tick(world.bot('b'));
    expect(world.posts).toEqual([
      expect.stringMatching(/The server list changed: 2 servers, 2 before; new: srv-03; gone: srv-02 \(sha256 bbbbbbbbbbbb\)/),
    ]);
    expect(world.posts[0]).toContain('Priya Nair');
    expect((await entries()).slice(seen + 1)).toMatchObject([{ servers: 2, before: 2, came: ['srv-03'], went: ['srv-02'] }]);
  });

  it('is posted by one of two that notice at the same moment', async () => {
    list('a', 'srv-01');
    await tick();
    list('b', 'srv-02');
    const [a, b] = [world.bot('a'), world.bot('b')];
    world.now += 20 * MINUTE;
    await a.begin();
    await world.settled();
    await Promise.all([a.notice(), b.notice()]);
    await a.tell();
    expect(world.posts).toHaveLength(1);
  });

  it('is told without names where the list before could not be read any more', async () => {
    list('a', 'srv-01', 'srv-02');
    await tick();
    world.broken.add('server-list');
    await tick();
    world.broken.delete('server-list');
    list('b', 'srv-01');
    await tick();
    expect(world.posts).toEqual([expect.stringMatching(/1 server, 2 before \(sha256/)]);
  });

  it('is not a broken list, nor one that is read again as it was', async () => {
    list('a', 'srv-01');
    await tick();
    world.broken.add('server-list');
    await tick();
    world.broken.delete('server-list');
    await tick();
    expect(world.posts).toEqual([]);
    expect(await entries()).toHaveLength(seen + 1);
  });
});
