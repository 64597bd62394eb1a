import { answerGraph, arcId, arcRow, GRAPH, page, skipTokenOf, vmId, vmRow } from './graph-pages.ts';
import type { PretendArm } from './pretend-arm.ts';
import { connectTo, memoryLog, NOW, ONE, showSubscriptions, startPretendArm, TWO } from './pretend-arm.ts';

let arm: PretendArm;
beforeEach(async () => {
  arm = await startPretendArm();
  showSubscriptions(arm);
});
afterEach(() => arm.close());

const machines = () => connectTo(arm).collectors.machine();

describe('the inventory', () => {
  test('reads Azure VMs and Arc servers as facts in one spelling', async () => {
    answerGraph(arm, { machines: [vmRow(ONE, 'WEB1'), arcRow(TWO, 'db1')] });
    const { subjects, failure, collectedAt } = await machines();
    expect(failure).toBeNull();
    expect(collectedAt).toBe(NOW);
    expect(subjects[vmId(ONE, 'WEB1').toLowerCase()]).toEqual({
      state: 'read',
      source: 'Azure Resource Graph',
      observedAt: NOW,
      value: {
        id: vmId(ONE, 'WEB1').toLowerCase(),
        name: 'WEB1',
        kind: 'azure-vm',
        subscriptionId: ONE,
        resourceGroup: 'rg-one',
        location: 'westeurope',
        os: 'windows-server-2019',
        osLabel: 'WindowsServer 2019-Datacenter',
        status: 'PowerState/running',
        configMode: null,
        agentVersion: null,
        refuses: null,
        statusSince: null,
        fqdn: '',
        esu: null,
        availabilitySet: null,
        vmId: 'abcdef00-0000-4000-8000-000000000001',
        tags: { Ring: 'canary' },
      },
    });
    expect(subjects[arcId(TWO, 'db1').toLowerCase()]).toMatchObject({
      value: {
        kind: 'arc',
        os: 'windows-server-2012-r2',
        status: 'Connected',
        configMode: 'monitor',
        agentVersion: '1.52.1',
        refuses: { defender: false, runCommand: true },
        statusSince: Date.parse('2026-03-01T10:00:00Z'),
        fqdn: 'db1.corp.example',
        esu: 'assigned',
        tags: {},
      },
    });
  });

  test('says nothing of an operating system Azure has not reported', async () => {
    const blank = { vmOsType: '', imageOffer: '', imageSku: '', vmId: '', powerState: '' };
    answerGraph(arm, { machines: [vmRow(ONE, 'new', blank)] });
    const { subjects } = await machines();
    expect(subjects[vmId(ONE, 'new').toLowerCase()]).toMatchObject({ state: 'read', value: { os: null, vmId: null, status: '' } });
  });

  test('reads every page and asks only the migration’s subscriptions', async () => {
    arm.on('POST', GRAPH, (asked) =>
      skipTokenOf(asked) === 'second' ? page([vmRow(ONE, 'b')], { total: 2 }) : page([vmRow(ONE, 'a')], { total: 2, skipToken: 'second' }),
    );
    const { subjects, failure } = await machines();
    expect(failure).toBeNull();
    expect(Object.keys(subjects)).toHaveLength(2);
    const bodies = arm.asked.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ subscriptions }) => subscriptions)).toEqual([
      [ONE, TWO],
      [ONE, TWO],
    ]);
    expect(bodies[0].options).toMatchObject({ resultFormat: 'objectArray', $top: 1000 });
  });

  test.each([
    ['a page that never came', { status: 500 }],
    ['a page whose connection broke', { reset: true }],
    ['a page that is not JSON', { text: '<html>busy</html>' }],
    ['a page of another shape', { body: { totalRecords: 3, count: 1, resultTruncated: 'false', data: { columns: [], rows: [] } } }],
    ['a page with fewer rows than it counts', { body: { totalRecords: 3, count: 2, resultTruncated: 'false', data: [vmRow(ONE, 'c')] } }],
    ['the first page again', page([vmRow(ONE, 'a')], { total: 3, skipToken: 'second' })],
    ['an answer that was cut short', page([vmRow(ONE, 'b')], { total: 2, truncated: true })],
    ['fewer rows than there are', page([vmRow(ONE, 'b')], { total: 3 })],
    ['the same row twice', page([vmRow(ONE, 'a')], { total: 2 })],
  ])('takes %s for an incomplete answer, never for fewer machines', async (_name, second) => {
    arm.on('POST', GRAPH, (asked) =>
      skipTokenOf(asked) === 'second' ? second : page([vmRow(ONE, 'a')], { total: 2, skipToken: 'second' }),
    );
    const { subjects, failure } = await machines();
    expect(failure).toMatchObject({ state: 'unread', since: NOW });
    expect(failure?.reason).not.toBe('');
    expect(failure?.fix).not.toBe('');
    expect(subjects[vmId(ONE, 'a').toLowerCase()]?.state).toBe('read');
  });

  test('says that Resource Graph cut the answer short', async () => {
    arm.on('POST', GRAPH, page([vmRow(ONE, 'a')], { truncated: true }));
    expect((await machines()).failure?.reason).toContain('Resource Graph cut the answer short');
  });

  test('is not complete while a subscription cannot be seen, because Resource Graph leaves it out without a word', async () => {
    answerGraph(arm, { machines: [vmRow(ONE, 'a')] });
    arm.on('GET', new RegExp(`^/subscriptions/${TWO}\\?`), { status: 403, body: { error: { code: 'AuthorizationFailed' } } });
    const { failure, subjects } = await machines();
    expect(failure?.reason).toBe('the reader identity may not read the resources of subscription branch (403 AuthorizationFailed)');
    expect(failure?.fix).toContain('Grant the reader identity the role Reader on subscription branch');
    expect(Object.keys(subjects)).toHaveLength(1);
  });

  test('keeps a machine whose row cannot be read, as unread', async () => {
    answerGraph(arm, { machines: [vmRow(ONE, 'a'), vmRow(ONE, 'b', { location: null })] });
    const { subjects, failure } = await machines();
    expect(failure).toBeNull();
    expect(subjects[vmId(ONE, 'b').toLowerCase()]).toMatchObject({ state: 'unread', reason: expect.stringContaining('expected shape') });
  });

  test('reads an empty estate as empty', async () => {
    answerGraph(arm, {});
    expect(await machines()).toMatchObject({ subjects: {}, failure: null });
  });
});

describe('what operators are told', () => {
  test.each([
    [{ status: 401 }, /did not accept the reader identity/, /READER_TENANT_ID/],
    [
      { status: 403, body: { error: { code: 'AuthorizationFailed' } } },
      /may not read the inventory.*\(403 AuthorizationFailed\)/,
      /role Reader/,
    ],
    [{ status: 429, headers: { 'retry-after': '300' } }, /throttled/, /Ask again in 5 minutes/],
    [{ status: 400, body: { error: { code: 'BadRequest' } } }, /rejected.*400 BadRequest/, /log/],
    [{ status: 503 }, /Azure failed on the inventory.*503/, /status page/],
    [{ reset: true }, /connection to Azure broke.*ECONNRESET/, /network path/],
    [{ text: 'not json' }, /expected shape/, /newer Greenlight/],
  ])('%j becomes a reason and what to do', async (answer, reason, fix) => {
    arm.on('POST', GRAPH, answer);
    const { failure, subjects } = await machines();
    expect(failure?.reason).toMatch(reason);
    expect(failure?.fix).toMatch(fix);
    expect(subjects).toEqual({});
  });

  test('a server that never answers ends in time', async () => {
    arm.on('POST', GRAPH, { hang: true });
    const { failure } = await connectTo(arm, { patience: { readMs: 200 } }).collectors.machine();
    expect(failure?.reason).toContain('did not answer in time');
    expect(arm.asked.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('a wrong secret names the settings to check, and nothing is asked of Azure', async () => {
    const body = { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.', error_codes: [7000215] };
    arm.on('POST', /oauth2\/v2\.0\/token/, { status: 401, body });
    const { failure } = await machines();
    expect(failure?.reason).toBe('the reader identity could not sign in (AADSTS7000215)');
    expect(failure?.fix).toContain('READER_CLIENT_SECRET');
    expect(arm.asked.filter(({ path }) => path.startsWith('/providers'))).toEqual([]);
  });

  test('Azure’s own sentences are not repeated', async () => {
    arm.on('POST', GRAPH, { status: 403, body: { error: { code: 'x y <b>', message: 'click https://evil.example' } } });
    const { failure } = await machines();
    expect(JSON.stringify(failure)).not.toMatch(/evil|<b>/);
  });
});

describe('patience', () => {
  test('a passing trouble is asked again, at most three times', async () => {
    arm.on('POST', GRAPH, (_asked, times) => (times < 3 ? { status: 503 } : page([vmRow(ONE, 'a')])));
    expect((await machines()).failure).toBeNull();
    arm.on('POST', GRAPH, { status: 503 });
    arm.asked.length = 0;
    await machines();
    expect(arm.asked.filter(({ method }) => method === 'POST')).toHaveLength(4);
  });

  test('a short Retry-After is waited for, a long one is not', async () => {
    const waits: number[] = [];
    const patience = { pause: (ms: number) => Promise.resolve(void waits.push(ms)) };
    arm.on('POST', GRAPH, (_asked, times) => (times === 1 ? { status: 429, headers: { 'retry-after': '7' } } : page([])));
    expect((await connectTo(arm, { patience }).collectors.machine()).failure).toBeNull();
    expect(waits).toEqual([7_000]);
    arm.on('POST', GRAPH, { status: 429, headers: { 'retry-after': '3600' } });
    expect((await connectTo(arm, { patience }).collectors.machine()).failure?.fix).toBe('Ask again in 60 minutes.');
    expect(waits).toEqual([7_000]);
  });

  test('a used-up quota is waited out before the next query', async () => {
    const waits: number[] = [];
    const azure = connectTo(arm, { patience: { pause: (ms) => Promise.resolve(void waits.push(ms)) } });
    const headers = { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:05' };
    arm.on('POST', GRAPH, () => ({ ...page([]), headers }));
    await azure.collectors.machine();
    expect(waits).toEqual([]);
    await azure.collectors.machine();
    expect(waits).toHaveLength(1);
  });

  test('while Azure wants a long pause no query is sent', async () => {
    const azure = connectTo(arm);
    arm.on('POST', GRAPH, { status: 429, headers: { 'retry-after': '600' } });
    await azure.collectors.machine();
    arm.asked.length = 0;
    expect((await azure.collectors.machine()).failure?.reason).toContain('asked for a pause');
    expect(arm.asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});

describe('Defender for Cloud settings', () => {
  const settings = () => connectTo(arm).collectors['security-settings']();
  const path = (subscription: string) => new RegExp(`^/subscriptions/${subscription}/providers/Microsoft\\.Security/settings\\?`);
  const setting = (name: string, enabled: boolean) => ({ name, kind: 'DataExportSettings', properties: { enabled } });

  test.each(['WDATP_UNIFIED_SOLUTION', 'WDATP_VNEXT'])(
    'takes %s for the unified solution and turns the Linux exclusion round',
    async (unified) => {
      const value = [
        setting('WDATP', true),
        setting(unified, true),
        setting('WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW', false),
        setting('MCAS', true),
      ];
      arm.on('GET', path(ONE), { body: { value } });
      arm.on('GET', path(TWO), { body: { value: [] } });
      const { subjects } = await settings();
      expect(subjects[ONE]).toMatchObject({ value: { endpointProtection: true, unifiedSolution: true, includesLinux: true } });
      expect(subjects[TWO]).toMatchObject({ value: { endpointProtection: null, unifiedSolution: null, includesLinux: null } });
    },
  );

  test('a refusal makes that subscription unread and names the role, and leaves the others alone', async () => {
    arm.on('GET', path(ONE), { status: 403, body: { error: { code: 'AuthorizationFailed' } } });
    arm.on('GET', path(TWO), { body: { value: [setting('WDATP', false)] } });
    const { subjects, failure } = await settings();
    expect(failure).toBeNull();
    expect(subjects[ONE]).toMatchObject({
      state: 'unread',
      reason: 'the reader identity may not read the Defender for Cloud settings of subscription corp-prod (403 AuthorizationFailed)',
      fix: expect.stringContaining('role Security Reader on subscription corp-prod'),
    });
    expect(subjects[TWO]).toMatchObject({ value: { endpointProtection: false } });
  });

  test.each([[{ text: '' }], [{ text: '{}' }], [{ text: 'oops' }], [{ body: { value: [{ name: 7 }] } }]])(
    '%j is unread, not “nothing set”',
    async (answer) => {
      arm.on('GET', path(ONE), answer);
      arm.on('GET', path(TWO), answer);
      const { subjects, failure } = await settings();
      expect(subjects[ONE]?.state).toBe('unread');
      expect(failure).not.toBeNull();
    },
  );
});

test('no token, secret, body or query ends up in the log', async () => {
  const log = memoryLog();
  answerGraph(arm, { machines: [vmRow(ONE, 'a')] });
  await connectTo(arm, { log }).collectors.machine();
  expect(log.lines.length).toBeGreaterThan(0);
  expect(log.lines.join('\n')).not.toMatch(/reader-token|reader-secret|api-version|resources\\n\|/);
});

test('readers ask with the reader identity only', async () => {
  answerGraph(arm, {});
  await machines();
  expect(new Set(arm.asked.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer reader-token']));
});
