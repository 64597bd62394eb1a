import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { Call, ExpandedCall } from '../../../core/plan.ts';
import { createBudgetKeeper } from '../../../services/azure/budgets/keeper.ts';
import { requestsOf } from '../../../services/azure/budgets/run-requests.ts';
import type { Clearance } from '../../../services/azure/egress.ts';
import { createPlanCheck, EgressBlocked } from '../../../services/azure/egress.ts';
import { defaultPatience } from '../../../services/azure/patience.ts';
import { createWriterPipeline } from '../../../services/azure/writer-pipeline.ts';
import { settingCall, signed } from './plans.ts';
import type { Answer, PretendArm } from './pretend-arm.ts';
import { connectTo, memoryLog, ONE, readText, startPretendArm } from './pretend-arm.ts';

const ID = '11111111-aaaa-4aaa-8aaa-111111111111';
const POLICIES = '/beta/deviceManagement/configurationPolicies';
const posting = (path: string, body: Call['body']): Call => {
  return { id: 'create', api: 'graph', describes: 'create', method: 'POST', path, query: {}, body, settles: 'listed', timeoutSeconds: 60 };
};
const groupCall = posting('/v1.0/groups', { displayName: "Ann’s d'or", description: '{mark}' });
const policyCall = posting(POLICIES, { name: 'Exclusions', description: '{mark}' });
const target = { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: ID };
const assignCall = posting(`${POLICIES}/${ID}/assign`, { assignments: [{ target }] });
/** Any place of Graph, and no sign-in. */
const GRAPH = /^\/(?:v1\.0|beta)\//;
const organisation = { kind: 'organisation', name: 'Corp' } as const;
const one = signed('organisation', groupCall, organisation);

let arm: PretendArm;
let other: PretendArm;
beforeEach(async () => {
  [arm, other] = await Promise.all([startPretendArm(), startPretendArm()]);
});
afterEach(() => Promise.all([arm.close(), other.close()]));

const send = ({ plan, hash, target: on, call }: typeof one) =>
  connectTo(arm, { patience: { writeMs: 2_000 } }).writer.send(plan, hash, on, call);
const posts = () => arm.asked.filter(({ method }) => method === 'POST');

describe('sending to Microsoft Graph', () => {
  it('carries a token for Graph alone, the plan’s own body and no query, and learns the id of what it made', async () => {
    const scopes: (string | null)[] = [];
    arm.on('POST', /oauth2/, ({ body }) => {
      scopes.push(new URLSearchParams(body).get('scope'));
      return { body: { token_type: 'Bearer', expires_in: 3600, ext_expires_in: 3600, access_token: 'writer-token' } };
    });
    arm.on('POST', /\/groups/, { status: 201, body: { id: ID.toUpperCase() } });
    expect(await send(one)).toEqual({ kind: 'accepted', operation: `/v1.0/groups/${ID}` });
    expect(scopes.map((scope) => scope?.split(' ')[0])).toEqual(['https://graph.microsoft.com/.default']);
    expect(posts().map(({ path, body, authorization }) => [path, body, authorization])).toEqual([
      ['/v1.0/groups', JSON.stringify(one.call.body), 'Bearer writer-token'],
    ]);
  });

  it.each<[string, Answer, object]>([
    ['no id', { status: 201, body: {} }, { kind: 'accepted' }],
    ['an id that is a path', { status: 201, body: { id: '../../me' } }, { kind: 'accepted' }],
    ['half an answer', { status: 201, text: '{"id":"' }, { kind: 'accepted' }],
    ['500', { status: 500 }, { kind: 'ambiguous' }],
    ['429', { status: 429, headers: { 'retry-after': '9' } }, { kind: 'throttled', retryAfterSeconds: 9 }],
    [
      '403',
      { status: 403, body: { error: { code: 'Authorization_RequestDenied' } } },
      { kind: 'refused', fix: expect.stringContaining('Group.ReadWrite.All of Microsoft Graph') },
    ],
  ])('is sent once when Graph answers with %s', async (_words, answer, expected) => {
    arm.on('POST', /\/groups/, answer);
    const sent = await send(one);
    expect(sent).toMatchObject(expected);
    expect(sent).not.toHaveProperty('operation');
    expect(posts()).toHaveLength(1);
  });

  it.each<[string, Partial<ExpandedCall>]>([
    ['a field added to the body', { body: { ...one.call.body, visibility: 'Public' } }],
    ['another value in the body', { body: { ...one.call.body, description: 'Made by hand' } }],
    ['another place', { path: '/v1.0/users' }],
    ['a query', { query: { $select: 'id' } }],
    ['another method', { method: 'PATCH' }],
  ])('blocks %s before the socket', async (_words, more) => {
    expect(await send({ ...one, call: { ...one.call, ...more } })).toMatchObject({
      kind: 'refused',
      because: expect.stringContaining('blocked'),
    });
    expect(arm.asked).toEqual([]);
  });

  it('never sends a call of one API to the other', async () => {
    const { api: _, ...toArm } = one.call;
    const setting = signed(ONE, settingCall(false), { kind: 'subscription' });
    expect(await send({ ...one, call: toArm })).toMatchObject({ kind: 'refused' });
    expect(await send({ ...setting, call: { ...setting.call, api: 'graph' } })).toMatchObject({ kind: 'refused' });
    expect(arm.asked).toEqual([]);
  });

  describe('where Azure and Graph are two hosts', () => {
    const tampered = (sendRequest: PipelinePolicy['sendRequest'] = (request, next) => next(request)) => {
      const credential = { getToken: () => Promise.resolve({ token: 'writer-token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
      const tls = { ca: readText(arm.caFile) };
      const common = { credential, direct: true, tls, patience: defaultPatience, log: memoryLog() };
      const graph = { endpoint: other.url, signIn: () => credential };
      return createWriterPipeline({ ...common, endpoint: arm.url, graph }, [{ name: 'tamper', sendRequest }]);
    };
    const clearanceOf = ({ plan, hash, target: on }: typeof one): Clearance => ({
      allowed: createPlanCheck()(plan, hash, on),
      sent: false,
    });

    it('each call goes to its own, and to no other', async () => {
      other.on('POST', /./, { status: 201, body: {} });
      arm.on('PUT', /./, { body: {} });
      const setting = signed(ONE, settingCall(false), { kind: 'subscription' });
      await tampered()(one.call, clearanceOf(one));
      await tampered()(setting.call, clearanceOf(setting));
      expect([arm.asked.map(({ method }) => method), other.asked.map(({ method }) => method)]).toEqual([['PUT'], ['POST']]);
    });

    it.each([
      ['Azure', () => arm.url],
      ['a stranger', () => 'https://graph.microsoft.com.evil.example'],
    ])('what is turned to %s on the way leaves for nowhere', async (_words, to) => {
      const pipeline = tampered((request, next) => next(Object.assign(request, { url: request.url.replace(other.url, to()) })));
      await expect(pipeline(one.call, clearanceOf(one))).rejects.toThrow(EgressBlocked);
      expect([...arm.asked, ...other.asked]).toEqual([]);
    });
  });
});

describe('reading back with the reader identity', () => {
  const back = (call: Call, made: string | null = null) =>
    connectTo(arm).writer.readBack(signed('organisation', call, organisation).call, made);
  const markOf = (call: Call) => signed('organisation', call, organisation).call.body!['description'];

  it('looks for what has an id by that, and waits while Graph does not show it', async () => {
    expect(await back(groupCall, `/v1.0/groups/${ID}`)).toEqual({ kind: 'running' });
    arm.on('GET', new RegExp(`/groups/${ID}`), { body: { id: ID } });
    expect(await back(groupCall, `/v1.0/groups/${ID}`)).toEqual({ kind: 'succeeded', output: '' });
    expect(arm.asked.every(({ authorization }) => authorization === 'Bearer reader-token')).toBe(true);
  });

  it.each([
    ['groups', groupCall, 'displayName'],
    ['policies', policyCall, 'name'],
  ])('looks among all %s for its name and its plan’s mark, whatever page they are on', async (_words, call, field) => {
    const named = { [field]: call.body![field], description: 'by hand' };
    const next = `${arm.url}${call.path}?$skiptoken=2`;
    arm.on('GET', GRAPH, { body: { value: [named, { description: markOf(call) }], '@odata.nextLink': next } });
    arm.on('GET', /skiptoken/, { body: { value: [] } });
    expect(await back(call)).toEqual({ kind: 'absent' });
    arm.on('GET', /skiptoken/, { body: { value: [{ ...named, description: markOf(call) }] } });
    expect(await back(call)).toEqual({ kind: 'succeeded', output: '' });
  });

  it('asks for groups of that name alone, with a quotation mark in it as text', async () => {
    arm.on('GET', GRAPH, { body: { value: [] } });
    await back(groupCall);
    const [asked] = arm.asked;
    expect(new URL(asked!.path, arm.url).searchParams.get('$filter')).toBe("displayName eq 'Ann’s d''or'");
  });

  it.each<[string, object[], object]>([
    ['that group', [{ target }], { kind: 'succeeded' }],
    [
      'that group in another spelling, among others',
      [
        { target: { ...target, groupId: 'x' } },
        { target: { '@odata.type': 'microsoft.graph.groupAssignmentTarget', groupId: ID.toUpperCase() } },
      ],
      { kind: 'succeeded' },
    ],
    ['nobody', [], { kind: 'absent' }],
    [
      'all but that group',
      [{ target: { ...target, '@odata.type': '#microsoft.graph.exclusionGroupAssignmentTarget' } }],
      { kind: 'absent' },
    ],
  ])('finds a policy assigned to %s', async (_words, value, expected) => {
    arm.on('GET', new RegExp(`${ID}/assignments`), { body: { value } });
    expect(await back(assignCall)).toMatchObject(expected);
  });

  it.each<[string, Call, Answer]>([
    ['a list that fails', groupCall, { status: 500 }],
    ['a list that is none', groupCall, { body: {} }],
    ['a list that leads elsewhere', groupCall, { body: { value: [{}], '@odata.nextLink': 'https://elsewhere.example/x' } }],
    ['a policy that is gone', assignCall, { status: 404 }],
    ['a place it may not read', policyCall, { status: 403 }],
  ])('knows nothing from %s', async (_words, call, answer) => {
    arm.on('GET', GRAPH, answer);
    expect((await back(call)).kind).toBe('unread');
  });
});

test('is counted by a pace of its own, not by Azure’s limits for the tenant', () => {
  const keeper = createBudgetKeeper({ now: () => 0 });
  const calls = requestsOf.send(one.target, one.call);
  const leaves = Array.from({ length: 20 }, () => keeper.take(calls[0]!).waitSeconds);
  expect([leaves[0], leaves.at(-1)! > 0]).toEqual([0, true]);
  const setting = signed(ONE, settingCall(false), { kind: 'subscription' });
  expect(keeper.take(requestsOf.send(setting.target, setting.call)[0]!).waitSeconds).toBe(0);
  expect(keeper.take(requestsOf.look(one.target, one.call)[0]!).waitSeconds).toBe(0);
});
