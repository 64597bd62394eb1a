import type { Collection } from '../../../core/evidence.ts';
import type { Json } from '../../simulator/started-outside.ts';
import { answerGraph, vmId, vmRow } from '../azure/graph-pages.ts';
import { connectTo, ONE, type PretendArm, showSubscriptions, startPretendArm } from '../azure/pretend-arm.ts';
import { type Connected, connected } from './connected.ts';

const LIST = '^/api/machines';

describe('against the sample estate', () => {
  let outside: Connected;
  let collection: Collection<'management'>;
  beforeAll(async () => {
    outside = await connected();
    collection = await outside.azure.collectors.management();
  });
  afterAll(() => outside.end());

  const of = async (name: string) => collection.subjects[await outside.idOf(name)];

  test('tells of every machine who manages it', async () => {
    expect(collection).toMatchObject({ kind: 'management', source: 'Defender machines list', failure: null });
    const machines = (await outside.door('GET', '/_estate')).body.machines as Json[];
    expect(Object.keys(collection.subjects).toSorted()).toEqual(machines.map(({ id }) => String(id).toLowerCase()).toSorted());
    let found = 0;
    for (const { id, guest } of machines) {
      const evidence = collection.subjects[String(id).toLowerCase()];
      const { deviceId, managedBy, managedByStatus } = guest.sensor;
      if (evidence?.state !== 'read') continue;
      if (!evidence.value.found || evidence.value.onboarding !== 'Onboarded') {
        expect([id, deviceId]).toEqual([id, null]);
        continue;
      }
      found += 1;
      expect(evidence.value).toMatchObject({ deviceId, managedBy, status: managedByStatus });
    }
    expect(found).toBeGreaterThan(8);
  });

  test('good, other, silent, seen, and unknown', async () => {
    const value = async (name: string) => {
      const evidence = await of(name);
      return evidence?.state === 'read' ? evidence.value : evidence;
    };
    expect(await value('tst-web-01')).toMatchObject({ managedBy: 'MicrosoftDefenderForEndpoint', status: 'Success', health: 'Active' });
    expect(await value('tst-intune-01')).toMatchObject({ managedBy: 'Intune', joinedBy: 'name' });
    expect(await value('tst-silent-01')).toMatchObject({ managedBy: 'Unknown', health: 'ImpairedCommunication' });
    expect(await value('dev-build-02')).toMatchObject({ onboarding: 'CanBeOnboarded', managedBy: 'Unknown' });
    expect(await value('srv-app-01')).toEqual({ found: false });
  });

  test('a name used twice is an ambiguity for both machines', async () => {
    for (const name of ['rg-esbjerg/srv-backup-01', 'rg-dev/srv-backup-01'])
      expect(await of(name)).toMatchObject({ state: 'unread', reason: expect.stringMatching(/^2 machines of the migration/) });
  });

  test('the earlier life that was merged, and is marked as a duplicate, is not in the machine’s way', async () => {
    expect(await of('tst-app-01')).toMatchObject({ value: { found: true, joinedBy: 'resource-id', health: 'Active' } });
  });
});

describe('when something is in the way', () => {
  let outside: Connected;
  beforeAll(async () => {
    outside = await connected();
    await outside.change({ directory: { machinesPage: 5 } });
  });
  afterEach(() => outside.mend());
  afterAll(() => outside.end());

  const collect = () => outside.azure.collectors.management();

  test('reads the pages to their end by the documented way', async () => {
    const { subjects, failure } = await collect();
    expect(failure).toBeNull();
    expect(Object.values(subjects).filter((evidence) => evidence.state === 'read' && evidence.value.found).length).toBeGreaterThan(12);
    const skips = outside.asked().map((line) => /\$top=10000&\$skip=(\d+)$/.exec(line)?.[1]);
    expect(skips).toEqual(['0', '5', '10', '15', '17']);
  });

  test.each([
    [{ status: 500 }, /the Defender for Endpoint API failed on the Defender machines list \(500 /],
    [{ status: 401 }, /did not accept the reader identity.*\(401 /],
    [{ status: 429, retryAfter: 120 }, /allowance for the Defender machines list was met.*\(429 /],
    [{ status: 404, code: 'NotFound' }, /does not know the Defender machines list \(404 NotFound\)/],
    [{ reset: true }, /connection to the Defender for Endpoint API broke/],
    [{ reset: 'body' }, /did not have the expected shape/],
    [{ truncated: true }, /did not have the expected shape/],
    [{ lostPage: 'rows' }, /sent a page without machines where there are more/],
  ])('%j on the first page or a later one leaves every machine unread, and nothing "not found"', async (fault, reason) => {
    for (const path of [LIST, `${LIST}.*skip=10`]) {
      await outside.fault(path, fault);
      const { subjects, failure } = await collect();
      expect(subjects).toEqual({});
      expect(failure).toMatchObject({ reason: expect.stringMatching(reason), fix: expect.stringMatching(/\.$/) });
      await outside.mend();
    }
  });

  test('a server that never answers leaves every machine unread, and is not asked again', async () => {
    await outside.fault(LIST, { never: true });
    const before = outside.asked().length;
    const { subjects, failure } = await outside.hurried.collectors.management();
    expect(subjects).toEqual({});
    expect(failure?.reason).toMatch(/did not answer in time/);
    expect(outside.asked().length - before).toBeLessThanOrEqual(1);
  });

  test('a link that was lost ends nothing: the end is an answer without machines', async () => {
    await outside.fault(LIST, { lostPage: 'link' });
    const { subjects, failure } = await collect();
    expect(failure).toBeNull();
    expect(subjects[await outside.idOf('tst-web-01')]).toMatchObject({ value: { found: true } });
  });

  test('a link to another host is not followed', async () => {
    await outside.fault(LIST, { offOrigin: true });
    const { subjects, failure } = await collect();
    expect(failure).toBeNull();
    expect(subjects[await outside.idOf('tst-web-01')]).toMatchObject({ value: { found: true } });
  });
});

test('without the permission it names it, the API it belongs to and who consents', async () => {
  const outside = await connected();
  await outside.without('Machine.Read.All');
  const { subjects, failure } = await outside.azure.collectors.management();
  expect(subjects).toEqual({});
  expect(failure?.reason).toBe('the reader identity may not read the Defender machines list (403 Forbidden)');
  expect(failure?.fix).toMatch(/application permission Machine\.Read\.All of WindowsDefenderATP .*Privileged Role Administrator/);
  await outside.end();
});

test('404 with its code is a tenant without machines: none is found', async () => {
  const outside = await connected();
  const { machines } = (await outside.door('GET', '/_estate')).body as { machines: Json[] };
  const known = machines.filter(({ guest }) => guest.sensor.deviceId !== null).map(({ id }) => id);
  await outside.change({ remove: known, directory: { sightings: [] } });
  const { subjects, failure } = await outside.azure.collectors.management();
  expect(failure).toBeNull();
  expect(Object.keys(subjects)).toHaveLength(machines.length - known.length);
  for (const evidence of Object.values(subjects)) expect(evidence).toMatchObject({ state: 'read', value: { found: false } });
  await outside.end();
});

describe('answers the pretended tenant does not give', () => {
  let arm: PretendArm;
  beforeEach(async () => {
    arm = await startPretendArm();
    showSubscriptions(arm);
    answerGraph(arm, { machines: [vmRow(ONE, 'web1')] });
  });
  afterEach(() => arm.close());

  const collect = () => connectTo(arm).collectors.management();
  const web1 = vmId(ONE, 'web1').toLowerCase();
  const machine = (digit: string, more: object = {}) => ({
    id: digit.repeat(40),
    managedBy: 'Intune',
    managedByStatus: 'Success',
    vmMetadata: { resourceId: web1, vmId: null },
    ...more,
  });
  const pages = (...list: readonly (readonly object[])[]) =>
    arm.on('GET', /^\/api\/machines/, ({ path }, times) => {
      expect(path).toContain('top=10000');
      return { body: { value: list[times - 1] ?? [] } };
    });

  test('says nothing more than the list: ids without metadata, times that are none', async () => {
    pages([machine('a', { computerDnsName: 'WEB1', vmMetadata: null, lastSeen: 'soon' })]);
    expect((await collect()).subjects[web1]).toMatchObject({
      value: { joinedBy: 'name', managedBy: 'Intune', onboarding: '', health: '', lastSeen: null },
    });
  });

  test('a list that does not say who manages leaves the machine unread', async () => {
    pages([machine('a', { managedBy: null })]);
    expect((await collect()).subjects[web1]).toMatchObject({
      state: 'unread',
      reason: 'Defender’s machines list does not say who manages this machine',
    });
  });

  test('a machine marked as a potential duplicate gives way, and two that are not are an ambiguity', async () => {
    pages([machine('a', { isPotentialDuplication: true }), machine('b')]);
    expect((await collect()).subjects[web1]).toMatchObject({ value: { deviceId: 'b'.repeat(40) } });
    pages([machine('a'), machine('b')]);
    expect((await collect()).subjects[web1]).toMatchObject({ state: 'unread', reason: expect.stringContaining('2 devices of Defender') });
  });

  test('a list that moves while it is read is not complete', async () => {
    pages([machine('a'), machine('b')], [machine('b'), machine('c')]);
    expect(await collect()).toMatchObject({ subjects: {}, failure: { reason: expect.stringContaining('changed while it was read') } });
  });

  test('a list that never ends is not complete', async () => {
    arm.on('GET', /^\/api\/machines/, (_asked, times) => ({ body: { value: [{ id: `x${times}` }] } }));
    const { failure, subjects } = await collect();
    expect(subjects).toEqual({});
    expect(failure?.state).toBe('unread');
  });

  test('404 from something else than the API is not a tenant without machines', async () => {
    arm.on('GET', /^\/api\/machines/, { status: 404, text: '<html>not here</html>' });
    expect(await collect()).toMatchObject({ subjects: {}, failure: { reason: expect.stringContaining('does not know') } });
  });
});
