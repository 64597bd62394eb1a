import type { Collection } from '../../../core/evidence.ts';
import type { Json } from '../../simulator/started-outside.ts';
import { answerGraph, vmId, vmRow } from '../azure/graph-pages.ts';
import { connectTo, ONE, type PretendArm, showSubscriptions, startPretendArm } from '../azure/pretend-arm.ts';
import { type Connected, connected } from './connected.ts';

const HUNTING = '/security/runHuntingQuery';

describe('against the sample estate', () => {
  let outside: Connected;
  let collection: Collection<'device'>;
  beforeAll(async () => {
    outside = await connected();
    collection = await outside.azure.collectors.device();
  });
  afterAll(() => outside.end());

  const of = async (name: string) => collection.subjects[await outside.idOf(name)];
  const truth = async () => (await outside.door('GET', '/_estate')).body.machines as Json[];

  test('tells of every machine, and gives none the device of another', async () => {
    expect(collection).toMatchObject({ kind: 'device', source: 'Defender advanced hunting', failure: null });
    const machines = await truth();
    expect(Object.keys(collection.subjects).toSorted()).toEqual(machines.map(({ id }) => String(id).toLowerCase()).toSorted());
    const modes: Json = { Normal: 'active', Passive: 'passive' };
    let found = 0;
    for (const { id, guest, os } of machines) {
      const evidence = collection.subjects[String(id).toLowerCase()];
      const { deviceId } = guest.sensor;
      if (evidence?.state !== 'read') continue;
      if (!evidence.value.found || !evidence.value.onboarded) {
        expect([id, deviceId]).toEqual([id, null]);
        continue;
      }
      found += 1;
      expect(evidence.value).toMatchObject({ deviceId, sensorHealth: guest.sensor.health });
      expect(evidence.observedAt).toBe(collection.collectedAt);
      if (os.type === 'windows') expect(evidence.value.antivirusMode).toBe(modes[guest.defender.mode]);
    }
    expect(found).toBeGreaterThan(8);
  });

  test('tells how a machine was found: by its Azure id where the device knows it, else by its name', async () => {
    expect(await of('tst-web-01')).toMatchObject({
      value: { found: true, joinedBy: 'resource-id', onboarded: true, sensorHealth: 'Active' },
    });
    expect(await of('tst-intune-01')).toMatchObject({ value: { found: true, joinedBy: 'name', onboarded: true } });
  });

  test('a device that was only seen on the network is found and not onboarded', async () => {
    expect(await of('dev-build-02')).toMatchObject({ value: { found: true, onboarded: false, sensorHealth: '', antivirusMode: null } });
  });

  test('a machine nobody knows is not found', async () => {
    expect(await of('srv-app-01')).toMatchObject({ state: 'read', value: { found: false } });
  });

  test('a name used twice is an ambiguity for both machines', async () => {
    for (const name of ['rg-esbjerg/srv-backup-01', 'rg-dev/srv-backup-01']) {
      expect(await of(name)).toEqual({
        state: 'unread',
        reason: '2 machines of the migration are called srv-backup-01, and Defender’s device of that name does not say which of them it is',
        fix: expect.stringContaining('Defender portal'),
        source: 'Defender advanced hunting',
        since: collection.collectedAt,
      });
    }
  });

  test('the earlier life of a machine, merged into the present one, is not in its way', async () => {
    const [machine] = (await truth()).filter(({ name }) => name === 'tst-app-01');
    expect(await of('tst-app-01')).toMatchObject({ value: { found: true, deviceId: machine?.['guest'].sensor.deviceId } });
  });

  test('a silent sensor is found with its last word, and the mode is as old as vulnerability management’s look', async () => {
    const evidence = await of('tst-silent-01');
    expect(evidence).toMatchObject({ value: { found: true, sensorHealth: 'ImpairedCommunication' } });
    if (evidence?.state !== 'read' || !evidence.value.found) throw new Error('not found');
    expect(evidence.value.lastSeen).toBeLessThan(outside.clock.now() - 24 * 3_600_000);
    expect(evidence.value.modeSeen).toBeLessThan(outside.clock.now() - 24 * 3_600_000);
  });
});

describe('when something is in the way', () => {
  let outside: Connected;
  beforeAll(async () => {
    outside = await connected();
  });
  afterEach(() => outside.mend());
  afterAll(() => outside.end());

  test.each([
    [{ status: 500 }, /Microsoft Graph failed on Defender’s advanced hunting \(500 /],
    [{ status: 401 }, /did not accept the reader identity.*\(401 /],
    [{ status: 400 }, /rejected the request/],
    [{ status: 404 }, /does not know Defender’s advanced hunting \(404 /],
    [{ reset: true }, /connection to Microsoft Graph broke/],
    [{ truncated: true }, /did not have the expected shape/],
  ])('%j leaves every machine unread, and nothing "not found"', async (fault, reason) => {
    await outside.fault(HUNTING, fault);
    const { subjects, failure } = await outside.azure.collectors.device();
    expect(subjects).toEqual({});
    expect(failure).toMatchObject({ state: 'unread', reason: expect.stringMatching(reason), fix: expect.stringMatching(/\.$/) });
  });

  test('a server that never answers leaves every machine unread, and is not asked again', async () => {
    await outside.fault(HUNTING, { never: true });
    const before = outside.asked().length;
    const { subjects, failure } = await outside.hurried.collectors.device();
    expect(subjects).toEqual({});
    expect(failure?.reason).toMatch(/did not answer in time/);
    expect(outside.asked().length - before).toBeLessThanOrEqual(1);
  });

  test('rows that were lost on the way are not taken for a tenant without devices', async () => {
    await outside.fault(HUNTING, { lostPage: 'rows' });
    expect(await outside.azure.collectors.device()).toMatchObject({ subjects: {}, failure: { state: 'unread' } });
    await outside.mend();
    await outside.fault(HUNTING, { lostPage: 'rows' }, { times: 1 });
    const { subjects, failure } = await outside.azure.collectors.device();
    expect(subjects).toEqual({});
    expect(failure?.reason).toBe(
      'advanced hunting sent no row of the devices it counts, so Defender’s advanced hunting may lack something',
    );
  });

  test('what passes is asked again, though it is a POST: it changes nothing', async () => {
    await outside.fault(HUNTING, { status: 503 }, { times: 2 });
    const before = outside.asked().length;
    expect((await outside.azure.collectors.device()).failure).toBeNull();
    expect(outside.asked().slice(before)).toEqual(Array.from({ length: 3 }, () => 'POST /v1.0/security/runHuntingQuery'));
  });

  test('an inventory that is not complete is the reason for those it lacks, and the others are told of', async () => {
    await outside.fault('^/subscriptions/7a2d3b51-1e4f-4c8b-8d62-309f8e21b002\\?', { status: 403 });
    const { subjects, failure } = await outside.azure.collectors.device();
    expect(failure?.reason).toMatch(/may not read the resources of subscription/);
    expect(subjects[await outside.idOf('srv-app-01')]).toMatchObject({ state: 'read', value: { found: false } });
  });

  test('the inventory is asked for once, whoever needs it', async () => {
    const graphQueries = () => outside.log.since(0).filter(({ path }) => path.includes('Microsoft.ResourceGraph')).length;
    const before = graphQueries();
    const { machine, device, management } = outside.azure.collectors;
    await Promise.all([machine(), device(), management()]);
    await device();
    expect(graphQueries() - before).toBe(1);
  });
});

test('without the permission it names it, the API it belongs to and who consents', async () => {
  const outside = await connected();
  await outside.without('ThreatHunting.Read.All');
  const { subjects, failure } = await outside.azure.collectors.device();
  expect(subjects).toEqual({});
  expect(failure?.reason).toBe('the reader identity may not read Defender’s advanced hunting (403 Forbidden)');
  expect(failure?.fix).toMatch(/application permission ThreatHunting\.Read\.All of Microsoft Graph .*Privileged Role Administrator/);
  await outside.end();
});

test('a tenant without a device has none for any machine, and is asked twice', async () => {
  const outside = await connected();
  const { machines } = (await outside.door('GET', '/_estate')).body as { machines: Json[] };
  const known = machines.filter(({ guest }) => guest.sensor.deviceId !== null).map(({ id }) => id);
  await outside.change({ remove: known, directory: { sightings: [] } });
  const { subjects, failure } = await outside.azure.collectors.device();
  expect(failure).toBeNull();
  expect(Object.keys(subjects)).toHaveLength(machines.length - known.length);
  for (const evidence of Object.values(subjects)) expect(evidence).toMatchObject({ state: 'read', value: { found: false } });
  expect(outside.asked()).toHaveLength(2);
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

  const answer = (results: readonly object[]) =>
    arm.on('POST', /runHuntingQuery/, { body: { schema: [{ name: 'DeviceId', type: 'String' }], results } });
  const collect = () => connectTo(arm).collectors.device();
  const web1 = vmId(ONE, 'web1').toLowerCase();

  test.each([
    [
      'API calls quota exceeded! Maximum allowed 45 per 1 minute.',
      {},
      /its number of calls is used up \(429 TooManyRequests\)/,
      /in a minute/,
    ],
    ['This query exceeded the CPU quota of the tenant.', {}, /its processing time is used up/, /in 15 minutes/],
    ['This query exceeded the CPU quota of the tenant.', { 'retry-after': '300' }, /its processing time is used up/, /in 5 minutes/],
    ['Slow down.', {}, /it said no more for now/, /in a minute/],
  ])('429 "%s" %j says which allowance was met and how long it takes', async (message, headers, reason, fix) => {
    arm.on('POST', /runHuntingQuery/, { status: 429, headers, body: { error: { code: 'TooManyRequests', message } } });
    const { failure, subjects } = await connectTo(arm, { patience: { repeats: 0 } }).collectors.device();
    expect(failure?.reason).toMatch(reason);
    expect(failure?.reason).not.toContain(message);
    expect(failure?.fix).toMatch(fix);
    expect(subjects).toEqual({});
  });

  test('a device tells nothing more than its id: nothing is made up', async () => {
    answer([{ DeviceId: 'A'.repeat(40), AzureResourceId: `${vmId(ONE, 'WEB1')}/` }]);
    expect((await collect()).subjects[web1]).toMatchObject({
      value: {
        found: true,
        deviceId: 'a'.repeat(40),
        joinedBy: 'resource-id',
        onboarded: false,
        sensorHealth: '',
        lastSeen: null,
        antivirusMode: null,
        modeSeen: null,
      },
    });
  });

  test.each([
    ['0', 'active'],
    ['1', 'passive'],
    ['2', 'disabled'],
    ['3', null],
    ['4', 'edr-blocked'],
    ['5', 'passive-audit'],
    ['6', null],
    ['constructor', null],
  ])('AvMode %s is %s', async (AvMode, antivirusMode) => {
    answer([{ DeviceId: 'a'.repeat(40), AzureResourceId: web1, AvMode, ModeSeen: '2026-03-01T08:00:00.1234567Z' }]);
    expect((await collect()).subjects[web1]).toMatchObject({ value: { antivirusMode, modeSeen: Date.parse('2026-03-01T08:00:00.123Z') } });
  });

  test.each([[true], [1]])('a device that was excluded (%s) gives way to the other', async (IsExcluded) => {
    answer([
      { DeviceId: 'a'.repeat(40), AzureResourceId: web1, IsExcluded },
      { DeviceId: 'b'.repeat(40), AzureResourceId: web1, IsExcluded: 0 },
    ]);
    expect((await collect()).subjects[web1]).toMatchObject({ value: { deviceId: 'b'.repeat(40) } });
  });

  test('as many rows as an answer can hold are not all there are', async () => {
    answer(Array.from({ length: 100_000 }, (_, index) => ({ DeviceId: index.toString(16) })));
    expect((await collect()).failure?.reason).toContain('advanced hunting answers 100000 rows at most, and there are more devices');
  });

  test.each([
    ['a row without an id', [{ DeviceName: 'web1' }]],
    ['a row that is none', ['web1']],
  ])('%s makes the answer unreadable', async (_name, results) => {
    answer(results as object[]);
    expect(await collect()).toMatchObject({ subjects: {}, failure: { reason: expect.stringContaining('expected shape') } });
  });

  test('a machine whose inventory row could not be read stays unread', async () => {
    answerGraph(arm, { machines: [vmRow(ONE, 'web1', { location: null })] });
    answer([{ DeviceId: 'a'.repeat(40), AzureResourceId: web1 }]);
    expect((await collect()).subjects[web1]).toMatchObject({ state: 'unread', source: 'Defender advanced hunting' });
  });

  test('a tenant that does not know the API is not sent to look for a wrong secret', async () => {
    const body = { error: 'invalid_resource', error_description: 'AADSTS500011: The resource principal was not found.' };
    arm.on('POST', /oauth2\/v2\.0\/token/, ({ body: form }) =>
      form.includes('graph.microsoft.com')
        ? { status: 400, body }
        : { body: { token_type: 'Bearer', expires_in: 3600, access_token: 'x' } },
    );
    const { failure } = await collect();
    expect(failure?.reason).toBe('the tenant of the reader identity does not know the API Microsoft Graph (AADSTS500011)');
    expect(failure?.fix).not.toContain('SECRET');
  });
});
