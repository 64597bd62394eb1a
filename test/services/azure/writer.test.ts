import type { PipelinePolicy, PipelineRequest, SendRequest } from '@azure/core-rest-pipeline';
import { sha256 } from '../../../core/hash.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ExpandedCall } from '../../../core/plan.ts';
import { expandCall, planHash } from '../../../core/plan.ts';
import { deployExtension } from '../../../playbook/actions/defender-extension.ts';
import type { Clearance } from '../../../services/azure/egress.ts';
import { createPlanCheck, EgressBlocked } from '../../../services/azure/egress.ts';
import { defaultPatience } from '../../../services/azure/patience.ts';
import { withSecrets } from '../../../services/azure/secrets.ts';
import { createWriterPipeline } from '../../../services/azure/writer-pipeline.ts';
import { machineFacts } from '../../support/facts.ts';
import { ARC, planFor, runCommandCall, settingCall, signed, target, VM } from './plans.ts';
import type { Answer, PretendArm } from './pretend-arm.ts';
import { connectTo, memoryLog, ONE, readText, showDefender, startPretendArm } from './pretend-arm.ts';

let arm: PretendArm;
beforeEach(async () => {
  arm = await startPretendArm();
});
afterEach(() => arm.close());

function send({ plan, hash, target: on, call }: ReturnType<typeof signed>) {
  return connectTo(arm, { patience: { writeMs: 2_000 } }).writer.send(plan, hash, on, call);
}
const writes = () => arm.asked.filter(({ method }) => method !== 'GET');

describe('sending', () => {
  test('sends method, path, query and body as the plan has them, with the writer identity', async () => {
    arm.on('PUT', /runCommands/, { status: 201, body: {} });
    const one = signed(ARC, runCommandCall(ARC));
    expect(await send(one)).toEqual({ kind: 'accepted' });
    expect(writes()).toHaveLength(1);
    const [asked] = writes();
    const url = new URL(asked?.path ?? '', arm.url);
    expect(decodeURIComponent(url.pathname)).toBe(`${ARC}/runCommands/greenlight-${one.hash.slice(0, 12)}-probe`);
    expect(url.search).toBe('?api-version=2024-11-01');
    expect(asked?.body).toBe(JSON.stringify(one.call.body));
    expect(asked?.authorization).toBe('Bearer writer-token');
  });

  test('follows no Azure-AsyncOperation and no Location', async () => {
    const elsewhere = await startPretendArm();
    try {
      const headers = { 'azure-asyncoperation': `${elsewhere.url}/steal`, location: `${elsewhere.url}/steal` };
      arm.on('PUT', /runCommands/, { status: 202, headers });
      expect(await send(signed(VM, runCommandCall(VM)))).toEqual({ kind: 'accepted' });
      expect(elsewhere.asked).toEqual([]);
    } finally {
      await elsewhere.close();
    }
  });

  test.each<[string, string, Answer]>([
    ['500', 'ambiguous', { status: 500 }],
    ['503 with Retry-After', 'ambiguous', { status: 503, headers: { 'retry-after': '1' } }],
    ['408', 'ambiguous', { status: 408 }],
    ['a reset', 'ambiguous', { reset: true }],
    ['silence', 'ambiguous', { hang: true }],
    ['429', 'throttled', { status: 429, headers: { 'retry-after': '7' } }],
    ['307', 'refused', { status: 307, headers: { location: '/elsewhere' } }],
    ['401', 'refused', { status: 401 }],
    ['403', 'refused', { status: 403 }],
    ['400', 'refused', { status: 400 }],
    ['404', 'refused', { status: 404 }],
    ['409', 'refused', { status: 409, body: { error: { code: 'Conflict', message: 'no' } } }],
  ])('on %s it is sent once and is %s', async (_name, kind, answer) => {
    arm.on('PUT', /./, answer);
    expect((await send(signed(VM, runCommandCall(VM)))).kind).toBe(kind);
    expect(writes()).toHaveLength(1);
  });

  test('DELETE and POST are sent once on 500, too', async () => {
    for (const method of ['DELETE', 'POST'] as const) {
      arm.on(method, /runCommands/, { status: 500 });
      arm.asked.length = 0;
      expect((await send(signed(VM, runCommandCall(VM, { method, body: null })))).kind).toBe('ambiguous');
      expect(writes()).toHaveLength(1);
    }
  });

  test('says how long to wait, within bounds', async () => {
    const wait = async (answer: Answer) => {
      arm.on('PUT', /./, answer);
      return send(signed(VM, runCommandCall(VM)));
    };
    expect(await wait({ status: 429, headers: { 'retry-after': '7' } })).toEqual({ kind: 'throttled', retryAfterSeconds: 7 });
    expect(await wait({ status: 429 })).toEqual({ kind: 'throttled', retryAfterSeconds: 30 });
    expect(await wait({ status: 429, headers: { 'retry-after': '86400' } })).toEqual({ kind: 'throttled', retryAfterSeconds: 600 });
    const busy = { error: { code: 'Conflict', message: 'Run command extension execution is in progress.' } };
    expect(await wait({ status: 409, body: busy })).toEqual({ kind: 'throttled', retryAfterSeconds: 15 });
  });

  test('a refusal names the role to grant', async () => {
    arm.on('PUT', /./, { status: 403, body: { error: { code: 'AuthorizationFailed' } } });
    const sent = await send(signed(ONE, settingCall(false), { kind: 'subscription', name: 'corp-prod' }));
    expect(sent).toMatchObject({ kind: 'refused', because: expect.stringContaining('writer identity may not change') });
    expect(sent).toMatchObject({ fix: expect.stringContaining('role Security Admin on corp-prod') });
  });

  test('without a sign-in nothing happened: a wrong secret is refused, an Entra out of order is asked again later', async () => {
    const body = { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' };
    arm.on('POST', /oauth2/, { status: 401, body });
    expect(await send(signed(VM, runCommandCall(VM)))).toMatchObject({
      kind: 'refused',
      fix: expect.stringContaining('WRITER_CLIENT_SECRET'),
    });
    arm.on('POST', /oauth2/, { status: 503, text: '' });
    expect((await send(signed(VM, runCommandCall(VM)))).kind).toBe('throttled');
    arm.on('POST', /oauth2/, { reset: true });
    expect((await send(signed(VM, runCommandCall(VM)))).kind).toBe('throttled');
    expect(writes()).toEqual([]);
  });

  test('a call may be sent again after Azure only wanted a newer token', async () => {
    const claims = Buffer.from('{"access_token":{}}').toString('base64');
    const challenge = { 'www-authenticate': `Bearer realm="", error="insufficient_claims", claims="${claims}"` };
    arm.on('PUT', /./, (_asked, times) => (times === 1 ? { status: 401, headers: challenge } : { status: 201, body: {} }));
    expect(await send(signed(VM, runCommandCall(VM)))).toEqual({ kind: 'accepted' });
    expect(writes()).toHaveLength(2);
  });
});

describe('what is not in the signed plan is blocked before the socket', () => {
  const one = signed(VM, runCommandCall(VM));
  const other = signed(ARC, runCommandCall(ARC));
  const changed = (more: Partial<ExpandedCall>) => ({ ...one, call: { ...one.call, ...more } });
  const body = one.call.body as { location: string; properties: JsonObject };

  test.each<[string, ReturnType<typeof signed>]>([
    ['a field added to the body', changed({ body: { ...body, tags: { a: 'b' } } })],
    ['a field added deep in the body', changed({ body: { ...body, properties: { ...body.properties, runAsUser: 'root' } } })],
    ['another value in the body', changed({ body: { ...body, location: 'northeurope' } })],
    ['no body', changed({ body: null })],
    ['another machine', changed({ path: one.call.path.replace('web1', 'web2') })],
    ['another letter case', changed({ path: one.call.path.toUpperCase() })],
    ['a path that climbs', changed({ path: `${one.call.path}/../x` })],
    ['a query in the path', changed({ path: `${one.call.path}?x=1` })],
    ['another api-version', changed({ query: { 'api-version': '2099-01-01' } })],
    ['one more query parameter', changed({ query: { ...one.call.query, force: 'true' } })],
    ['another method', changed({ method: 'DELETE' })],
    ['another call id', changed({ id: 'clear' })],
    ['a call of another plan', { ...one, call: other.call }],
    ['a target of another plan', { ...one, target: other.target }],
    ['a hash that was not signed', { ...one, hash: other.hash }],
    ['a plan changed after signing', { ...one, plan: { ...one.plan, targets: [target(VM, [runCommandCall(VM), settingCall(true)])] } }],
    ['an undo call, which needs a plan of its own', undoOf()],
  ])('%s', async (_name, wrong) => {
    arm.on('PUT', /./, { status: 201, body: {} });
    arm.on('DELETE', /./, { status: 200 });
    expect(await send(wrong)).toMatchObject({ kind: 'refused', because: expect.stringContaining('blocked before it was sent') });
    expect(arm.asked).toEqual([]);
  });

  test('a signed make-safe call passes', async () => {
    arm.on('PUT', /./, { status: 201, body: {} });
    const safe = runCommandCall(VM, { id: 'safe', path: `${VM}/runCommands/greenlight-{plan}-safe` });
    const only = target(VM, [runCommandCall(VM)], { makeSafe: [{ do: 'change', call: safe, safe: true }] });
    const plan = planFor([only]);
    const hash = planHash(plan);
    const call = expandCall(plan, hash, VM, safe);
    expect(await connectTo(arm).writer.send(plan, hash, only, call)).toEqual({ kind: 'accepted' });
  });

  test.each<[string, PipelinePolicy['sendRequest']]>([
    ['the body', (request, next) => next(Object.assign(request, { body: textOf(request).replace('"location"', '"tags":{},"location"') }))],
    [
      'a key given twice',
      (request, next) => next(Object.assign(request, { body: textOf(request).replace('{"location"', '{"location":"x","location"') })),
    ],
    ['the body’s kind', (request, next) => next(Object.assign(request, { body: Buffer.from(textOf(request)) }))],
    ['the host', (request, next) => next(Object.assign(request, { url: request.url.replace('localhost', '127.0.0.1') }))],
    ['the path', (request, next) => next(Object.assign(request, { url: request.url.replace('/runCommands/', '/x/../extensions/') }))],
    ['an encoded slash', (request, next) => next(Object.assign(request, { url: request.url.replace('/runCommands/', '/runCommands%2F') }))],
    ['the method', (request, next) => next(Object.assign(request, { method: 'POST' as const }))],
    ['the query', (request, next) => next(Object.assign(request, { url: `${request.url}&api-version=1` }))],
    ['sending it twice', sendTwice],
  ])('a policy that tampers with %s', async (name, sendRequest) => {
    arm.on('PUT', /./, { status: 201, body: {} });
    const log = memoryLog();
    const credential = { getToken: () => Promise.resolve({ token: 'writer-token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
    const options = {
      credential,
      endpoint: arm.url,
      graph: { endpoint: arm.url, signIn: () => credential },
      direct: true,
      tls: { ca: readText(arm.caFile) },
      patience: defaultPatience,
      log,
    };
    const pipeline = createWriterPipeline(options, [{ name: 'tamper', sendRequest }]);
    const clearance: Clearance = { allowed: createPlanCheck()(one.plan, one.hash, one.target), sent: false };
    await expect(pipeline(one.call, clearance)).rejects.toThrow(EgressBlocked);
    expect(arm.asked).toHaveLength(name === 'sending it twice' ? 1 : 0);
  });

  test('the check freezes the plan it has hashed', () => {
    const fresh = signed(VM, runCommandCall(VM));
    createPlanCheck()(fresh.plan, fresh.hash, fresh.target);
    expect(() => Object.assign(fresh.plan.targets[0] ?? {}, { id: 'other' })).toThrow(TypeError);
  });

  function textOf({ body: text }: PipelineRequest): string {
    return typeof text === 'string' ? text : '';
  }
  async function sendTwice(request: PipelineRequest, next: SendRequest) {
    await next(request);
    return next(request);
  }
  function undoOf() {
    const undo = runCommandCall(VM, { id: 'undo' });
    const only = target(VM, [runCommandCall(VM)], { undo: [{ do: 'change', call: undo, safe: true }] });
    const plan = planFor([only]);
    const hash = planHash(plan);
    return { plan, hash, target: only, call: expandCall(plan, hash, VM, undo) };
  }
});

describe('reading back', () => {
  const back = (call: ExpandedCall) => connectTo(arm).writer.readBack(call);
  const vm = signed(VM, runCommandCall(VM)).call;
  const view = (instanceView: object | undefined, provisioningState = 'Succeeded') => ({
    body: { properties: { provisioningState, instanceView } },
  });

  test('asks with the reader identity, and a VM with $expand', async () => {
    arm.on('GET', /runCommands/, view({ executionState: 'Succeeded', exitCode: 0, output: '{"v":1}' }));
    expect(await back(vm)).toEqual({ kind: 'succeeded', output: '{"v":1}' });
    await back(signed(ARC, runCommandCall(ARC)).call);
    const [first, second] = arm.asked.map(({ path }) => new URL(path, arm.url).searchParams);
    expect([first?.get('$expand'), first?.get('api-version'), second?.has('$expand')]).toEqual(['instanceView', '2024-11-01', false]);
    expect(arm.asked.every(({ authorization }) => authorization === 'Bearer reader-token')).toBe(true);
  });

  test.each<[Answer, object]>([
    [view({ executionState: 'Pending' }), { kind: 'running' }],
    [view({ executionState: 'Running', exitCode: 0 }), { kind: 'running' }],
    [view({ executionState: 'Unknown' }), { kind: 'running' }],
    [view(undefined, 'Creating'), { kind: 'running' }],
    [
      view({ executionState: 'Succeeded', exitCode: 3, error: 'no\nkey\u0007' }),
      { kind: 'failed', because: 'the script ended Succeeded with exit code 3: no key', exitCode: 3 },
    ],
    [
      view({ executionState: 'Failed', exitCode: 1, executionMessage: 'lost' }),
      { kind: 'failed', because: expect.stringContaining('exit code 1: lost'), exitCode: 1 },
    ],
    [view({ executionState: 'TimedOut' }), { kind: 'failed', because: expect.stringContaining('TimedOut') }],
    [view({ executionState: 'Canceled' }), { kind: 'failed', because: expect.stringContaining('Canceled') }],
    [view(undefined, 'Failed'), { kind: 'failed', because: expect.stringContaining('could not run it') }],
    [{ status: 404, body: { error: { code: 'ResourceNotFound' } } }, { kind: 'absent' }],
    [{ status: 500 }, { kind: 'unread', because: expect.stringContaining('500') }],
    [{ status: 403 }, { kind: 'unread', because: expect.stringContaining('may not read') }],
    [{ reset: true }, { kind: 'unread', because: expect.stringContaining('broke') }],
    [{ text: '{}' }, { kind: 'unread', because: expect.stringContaining('shape') }],
  ])('%j is %j', async (answer, expected) => {
    arm.on('GET', /runCommands/, answer);
    expect(await back(vm)).toEqual(expected);
  });

  test('a setting has been written when it holds what the call wanted, and is absent when it does not', async () => {
    const call = signed(ONE, settingCall(false)).call;
    arm.on('GET', /settings\/WDATP\?api-version=2022-05-01/, { body: { name: 'WDATP', properties: { enabled: false } } });
    expect(await back(call)).toEqual({ kind: 'succeeded', output: '{"enabled":false}' });
    arm.on('GET', /settings\/WDATP/, { body: { name: 'WDATP', properties: { enabled: true } } });
    expect(await back(call)).toEqual({ kind: 'absent' });
    arm.on('GET', /settings\/WDATP/, { body: { name: 'WDATP', properties: {} } });
    expect(await back(call)).toEqual({ kind: 'absent' });
  });
});

describe('fingerprints', () => {
  const fingerprint = (id: string, kind: 'machine' | 'subscription' = 'machine') =>
    connectTo(arm).targets.fingerprint(target(id, [], { kind }));

  test('asks the resource provider about a VM, an Arc server and a subscription', async () => {
    const properties = { vmId: 'ABC', storageProfile: { osDisk: { osType: 'Windows' } } };
    arm.on('GET', /virtualmachines\/web1\?/i, { body: { location: 'West Europe', properties } });
    expect(await fingerprint(VM)).toMatchObject({ state: 'read', value: { vmId: 'abc', osType: 'windows', location: 'westeurope' } });
    arm.on('GET', /machines\/db/i, { body: { location: 'northeurope', properties: { vmId: 'D', osName: 'linux' } } });
    expect(await fingerprint(ARC)).toMatchObject({ value: { vmId: 'd', osType: 'linux', location: 'northeurope' } });
    const value = [{ name: 'WDATP', kind: 'DataExportSettings', properties: { enabled: true } }];
    arm.on('GET', /settings/, { body: { value } });
    expect(await fingerprint(ONE, 'subscription')).toMatchObject({ value: { endpointProtection: 'true' } });
    arm.on('GET', /settings/, { body: { value: [] } });
    expect(await fingerprint(ONE, 'subscription')).toMatchObject({ value: { endpointProtection: '' } });
  });

  test('a target that is gone is read as null; one that cannot be read is unread', async () => {
    expect(await fingerprint(VM)).toMatchObject({ state: 'read', value: null });
    expect(await fingerprint(ARC)).toMatchObject({ state: 'read', value: null });
    arm.on('GET', /virtualmachines/i, { status: 403, body: { error: { code: 'AuthorizationFailed' } } });
    expect(await fingerprint(VM)).toMatchObject({ state: 'unread', fix: expect.stringContaining('role Reader on machine web1') });
    arm.on('GET', /virtualmachines/i, { status: 404, body: { error: { code: 'InvalidResourceType' } } });
    expect(await fingerprint(VM)).toMatchObject({ state: 'unread' });
    arm.on('GET', /virtualmachines/i, { text: '<html>' });
    expect(await fingerprint(VM)).toMatchObject({ state: 'unread' });
  });
});

test('the check tries both sign-ins, every subscription, and every permission of Graph and Defender', async () => {
  arm.on('GET', /^\/subscriptions\/[\w-]+\?/, ({ path }) => ({ body: { subscriptionId: path.split(/[/?]/)[2] } }));
  arm.on('GET', /settings/, { body: { value: [] } });
  showDefender(arm);
  const findings = await connectTo(arm).check();
  expect(findings.filter(({ works }) => !works)).toEqual([]);
  expect(findings.map(({ subject }) => subject)).toEqual([
    'the reader identity',
    'the writer identity',
    'subscription corp-prod',
    'subscription branch',
    'Defender for Cloud settings of subscription corp-prod',
    'Defender for Cloud settings of subscription branch',
    'Defender’s advanced hunting',
    'the Defender machines list',
    'the antivirus policies of Intune',
    'the groups that antivirus policies are assigned to',
  ]);
  arm.on('GET', /settings/, { status: 403 });
  expect((await connectTo(arm).check()).filter(({ works }) => !works).map(({ fix }) => fix)).toEqual([
    expect.stringContaining('Security Reader on subscription corp-prod'),
    expect.stringContaining('Security Reader on subscription branch'),
  ]);
});

describe('an extension with an onboarding package', () => {
  const PACKAGE = 'cGFja2FnZQ==';
  const facts = machineFacts({ id: VM, subscriptionId: ONE });
  const one = signed(VM, deployExtension(facts, { ref: `mde-onboarding/${ONE}/Windows`, sha256: sha256(PACKAGE) }));
  const shows = (found: string) => arm.on('GET', /mdeOnboardings/, { body: { properties: { onboardingPackageWindows: found } } });
  beforeEach(() => arm.on('PUT', /extensions/, { status: 201, body: {} }));

  test('goes out with the package in place of its name, marked by the plan, and with nothing else', async () => {
    shows(PACKAGE);
    expect(await send(one)).toEqual({ kind: 'accepted' });
    const body = JSON.parse(String(writes()[0]?.body)) as { properties: JsonObject };
    expect(body.properties['protectedSettings']).toEqual({ defenderForEndpointOnboardingScript: PACKAGE });
    expect(body.properties['forceUpdateTag']).toBe(one.hash.slice(0, 12));
  });

  test('does not go out with another package', async () => {
    shows('b3RoZXI=');
    expect(await send(one)).toMatchObject({
      kind: 'refused',
      because: expect.stringContaining('is not what it was when the plan was signed'),
    });
    expect(writes()).toEqual([]);
  });

  test.each([
    ['beside what was signed', '"forceUpdateTag"', '"enableAutomaticUpgrade":true,"forceUpdateTag"'],
    ['into the settings', '"vNextEnabled"', '"forceReOnboarding":"true","vNextEnabled"'],
    ['into what is protected', '"defenderForEndpointOnboardingScript"', '"proxy":"http://x","defenderForEndpointOnboardingScript"'],
    ['in place of the package', PACKAGE, 'b3RoZXI='],
  ])('is blocked when a client puts a field %s', async (_where, found, put) => {
    const credential = { getToken: () => Promise.resolve({ token: 'writer-token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
    const options = {
      credential,
      endpoint: arm.url,
      graph: { endpoint: arm.url, signIn: () => credential },
      direct: true,
      tls: { ca: readText(arm.caFile) },
      patience: defaultPatience,
      log: memoryLog(),
    };
    const sendRequest: PipelinePolicy['sendRequest'] = (request, next) =>
      next(Object.assign(request, { body: typeof request.body === 'string' ? request.body.replace(found, put) : null }));
    const pipeline = createWriterPipeline(options, [{ name: 'adds', sendRequest }]);
    const clearance: Clearance = { allowed: createPlanCheck()(one.plan, one.hash, one.target), sent: false };
    await expect(pipeline(await withSecrets(one.call, async () => PACKAGE), clearance)).rejects.toThrow(EgressBlocked);
    expect(arm.asked).toEqual([]);
  });
});
