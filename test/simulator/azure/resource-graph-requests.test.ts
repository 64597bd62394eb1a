import { type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

const PATH = '/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01';
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let strict: StartedOutside;
let lenient: StartedOutside;
beforeAll(async () => {
  strict = await startedOutside();
  lenient = await startedOutside({ graph: { unknownOptions: 'ignored', skipWithTake: 'ignored', answerBytes: 2_000, defaultPage: 7 } });
});
afterAll(async () => {
  await strict.end();
  await lenient.end();
});

async function reasons(body: unknown, outside = strict): Promise<unknown[]> {
  const answer = await outside.arm('POST', PATH, { body });
  return [answer.status, answer.body.error?.code, answer.body.error?.details[0].code];
}

test.each<[string, unknown]>([
  ['an option nobody knows', { query: 'resources', options: { top: 5 } }],
  ['options that are a list', { query: 'resources', options: [] }],
  ['a page of nothing', { query: 'resources', options: { $top: 0 } }],
  ['a page that is a text', { query: 'resources', options: { $top: '5' } }],
  ['a skip below nothing', { query: 'resources', options: { $skip: -1 } }],
  ['a format nobody knows', { query: 'resources', options: { resultFormat: 'csv' } }],
  ['a scope filter nobody knows', { query: 'resources', options: { authorizationScopeFilter: 'Everywhere' } }],
  ['partial scopes that are neither allowed nor not', { query: 'resources', options: { allowPartialScopes: 'yes' } }],
  ['facets', { query: 'resources', facets: [{ expression: 'location' }] }],
  ['a query of blanks', { query: ' \n ' }],
  ['a query that is a list', { query: ['resources'] }],
  ['a body that is a list', [{ query: 'resources' }]],
  ['no body', null],
  ['a skip of a query that takes its rows', { query: 'resources | take 5', options: { $skip: 2 } }],
  ['a skip of a query that limits its rows', { query: 'resources\n|limit 5 | project id', options: { $skip: 2 } }],
])('refuses %s', async (_, body) => {
  expect(await reasons(body)).toEqual([400, 'BadRequest', 'InvalidRequest']);
});

test('refuses subscriptions that are no GUIDs', async () => {
  expect(await reasons({ query: 'resources', subscriptions: ['prod'] })).toEqual([400, 'BadRequest', 'SubscriptionsContainInvalidGuids']);
});

test.each<[string, Json]>([
  ['no skip worth the name', { query: 'resources | take 5', options: { $skip: 0 } }],
  ['a skip where only a text speaks of taking', { query: "resources | where name != '| take 5' // | take 5", options: { $skip: 2 } }],
  ['a skip where only mv-expand has a limit', { query: 'resources | mv-expand zone = zones limit 5', options: { $skip: 2 } }],
  ['partial scopes', { query: 'resources', options: { allowPartialScopes: true } }],
  ['nothing but null', { query: 'resources', subscriptions: null, managementGroups: null, options: null, facets: null }],
  ['the formats in either case', { query: 'resources', options: { resultFormat: 'ObjectArray' } }],
])('takes %s', async (_, body) => {
  expect((await strict.arm('POST', PATH, { body })).status).toBe(200);
});

test('a refusal says when it was and whom to ask, and what the quota is', async () => {
  const { body, headers } = await strict.query('nothing');
  const [, at = '', correlation = ''] = /timestamp = (\S+), correlationId = (\S+)\.$/.exec(body.error.message) ?? [];
  expect(Math.abs(Date.parse(at) - strict.clock.now())).toBeLessThan(60_000);
  expect(correlation).toMatch(GUID);
  expect(Number(headers['x-ms-user-quota-remaining'])).toBeLessThan(1_000);
  expect(headers['x-ms-user-quota-resets-after']).toMatch(/^00:00:0[0-5]$/);
});

test('a lenient outside takes no notice of options nobody knows, nor of a skip with take, as Azure does not', async () => {
  const { body } = await lenient.query('resources | project name', { options: { top: 5 } });
  expect(body.count).toBe(7);
  const taken = await lenient.query('resources | order by id asc | take 5 | project name', { options: { $skip: 2 } });
  expect(taken.body.count).toBe(5);
});

test('an answer has at most the bytes the rules grant', async () => {
  expect((await lenient.query('resources | project name')).status).toBe(200);
  const answer = await lenient.query('resources', { options: { $top: 50 } });
  expect([answer.status, answer.body.error.details[0].code]).toEqual([400, 'ResponsePayloadTooLarge']);
  expect(answer.body.error.details[0].message).toMatch(/^Response payload size is \d{4,}, and has exceeded the limit of 2000\./);
});

test('a page has a hundred rows unless told otherwise', async () => {
  const { body } = await strict.query('resources | project id | union (resources | project id)');
  expect([body.count, body.totalRecords > 100]).toEqual([100, true]);
});

test('a query of ten megabytes is refused and the next one answered', async () => {
  const query = `resources | where name == '${'x'.repeat(10 * 1024 * 1024)}'`;
  const answer = await strict.query(query);
  expect([answer.status, answer.body.error.code]).toEqual([413, 'RequestEntityTooLarge']);
  expect((await strict.query('resources | count')).status).toBe(200);
});

test('a query nested beyond measure is refused and the next one answered', async () => {
  const answer = await strict.query(`resources | where ${'('.repeat(20_000)}true${')'.repeat(20_000)}`);
  expect([answer.status, answer.body.error.details[0].code]).toEqual([400, 'InvalidQuery']);
  expect((await strict.query('resources | count')).status).toBe(200);
});
