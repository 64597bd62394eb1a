import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
/** Machines of the estate. */
let size: number;
beforeAll(async () => {
  outside = await startedOutside();
  size = (await outside.door('GET', '/_estate')).body.machines.length;
});
afterAll(() => outside.end());

const MACHINES = "resources | where type in~ ('microsoft.compute/virtualmachines','microsoft.hybridcompute/machines')";

async function rows(query: string, more: Json = {}): Promise<Json[]> {
  return (await outside.query(query, { options: { $top: 1000 }, ...more })).body.data;
}

test('a query without a scope covers every subscription, one with a scope only those', async () => {
  const [all] = await rows(`${MACHINES} | summarize n = count()`);
  const [branch] = await rows(`${MACHINES} | summarize n = count()`, { subscriptions: [SUBSCRIPTIONS.branch.toUpperCase()] });
  expect(all).toEqual({ n: size });
  expect(branch?.['n']).toBeGreaterThan(10);
  expect(branch?.['n']).toBeLessThan(30);
});

test('an identity without a role sees nothing, and the writer only machines and their extensions', async () => {
  const bot = await outside.query(`${MACHINES} | project id`, {}, { identity: 'bot' });
  expect(bot.body).toMatchObject({ totalRecords: 0, data: [] });
  const writer = await outside.query('resources | distinct type', {}, { identity: 'writer' });
  expect(writer.body.data.map((row: Json) => row['type']).sort()).toEqual([
    'microsoft.compute/virtualmachines',
    'microsoft.compute/virtualmachines/extensions',
    'microsoft.hybridcompute/machines',
    'microsoft.hybridcompute/machines/extensions',
  ]);
});

test('subscriptions, plans and policies have their tables', async () => {
  const names = await rows("resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project name | order by name asc");
  expect(names.map((row) => row['name'])).toEqual(['branch-arc', 'corp-nonprod', 'corp-prod']);
  const plans = await rows(
    "securityresources | where type =~ 'microsoft.security/pricings' and name =~ 'VirtualMachines' | project id, plan = tostring(properties.subPlan)",
  );
  expect(plans.map((row) => String(row['plan'])).toSorted((a, b) => a.localeCompare(b))).toEqual(['P1', 'P2', 'P2']);
  const below = await rows("policyresources | where type =~ 'microsoft.authorization/policyassignments' | project id, name");
  expect(below.map((row) => String(row['name'])).toSorted((a, b) => a.localeCompare(b))).toEqual([
    'allowed-locations',
    'nonprod-server-agents',
  ]);
});

test('assignments above the subscriptions are there only when asked for', async () => {
  const above = await rows("policyresources | where type =~ 'microsoft.authorization/policyassignments' | project id, name", {
    options: { authorizationScopeFilter: 'AtScopeAndAbove' },
  });
  expect(above.map((row) => row['name'])).toContain('mde-settings');
});

test('types are in lower case, ids as Azure happens to show them', async () => {
  const [row] = await rows("resources | where name =~ 'srv-web-03' | project id, type, resourceGroup");
  expect(row).toMatchObject({ type: 'microsoft.compute/virtualmachines', resourceGroup: 'rg-web-prod' });
  expect(row?.['id']).toContain('/resourcegroups/RG-WEB-PROD/');
});

test('pages by token: every row once, in an order of its own, and the token belongs to its query', async () => {
  const query = `${MACHINES} | project id`;
  const first = await outside.query(query, { options: { $top: 40 } });
  expect(first.body).toMatchObject({ totalRecords: size, count: 40 });
  const $skipToken = first.body.$skipToken;
  const second = await outside.query(query, { options: { $top: 40, $skipToken } });
  expect(second.body).toMatchObject({ count: size - 40 });
  expect(second.body.$skipToken).toBeUndefined();
  const ids = [...first.body.data, ...second.body.data].map((row: Json) => row['id']);
  expect(new Set(ids).size).toBe(size);
  expect(ids).not.toEqual(ids.toSorted((a, b) => String(a).localeCompare(String(b))));
  const other = await outside.query(`${MACHINES} | project id, name`, { options: { $skipToken } });
  expect([other.status, other.body.error.details[0].code]).toEqual([400, 'InvalidSkipToken']);
});

test('without the id there is no token, and the answer says that it is cut', async () => {
  const { body } = await outside.query(`${MACHINES} | project name`, { options: { $top: 10 } });
  expect(body).toMatchObject({ count: 10, totalRecords: size, resultTruncated: 'true' });
  expect(body.$skipToken).toBeUndefined();
});

test('rows without an order come in another order the next time', async () => {
  const [first, second] = [await rows(`${MACHINES} | project id`), await rows(`${MACHINES} | project id`)];
  expect(second).not.toEqual(first);
  const [third, fourth] = [
    await rows(`${MACHINES} | project id | order by id asc`),
    await rows(`${MACHINES} | project id | order by id asc`),
  ];
  expect(fourth).toEqual(third);
});

test('answers as a table when asked', async () => {
  const { body } = await outside.query(`${MACHINES} | summarize n = count()`, { options: { resultFormat: 'table' } });
  expect(body.data).toEqual({ columns: [{ name: 'n', type: 'integer' }], rows: [[size]] });
});

test.each([
  ['a query that does not parse', { query: 'resources | where' }, 'InvalidQuery'],
  ['an unknown table', { query: 'nothing | take 1' }, 'InvalidQuery'],
  ['a page above 1000', { query: 'resources', options: { $top: 1001 } }, 'InvalidRequest'],
  ['no query', {}, 'InvalidRequest'],
  ['two kinds of scope', { query: 'resources', subscriptions: ['a'], managementGroups: ['b'] }, 'InvalidScope'],
])('refuses %s', async (_, body, code) => {
  const answer = await outside.arm('POST', '/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01', { body });
  expect([answer.status, answer.body.error.code, answer.body.error.details[0].code]).toEqual([400, 'BadRequest', code]);
});

test('refuses a scope the identity cannot see at all', async () => {
  const answer = await outside.query('resources', { subscriptions: ['00000000-0000-0000-0000-000000000000'] });
  expect([answer.status, answer.body.error.code]).toEqual([403, 'AccessDenied']);
});

test('a machine changed behind the back shows in the next answer', async () => {
  const query = "resources | where name =~ 'br-aal-01' | project status = tostring(properties.status)";
  expect(await rows(query)).toEqual([{ status: 'Connected' }]);
  await outside.door('POST', '/_estate', { machines: [{ name: 'br-aal-01', arc: { status: 'Disconnected' } }] });
  expect(await rows(query)).toEqual([{ status: 'Disconnected' }]);
});

test('a lagging index shows what it saw before, and the machine itself the truth', async () => {
  const query = "resources | where name =~ 'br-aal-01' | project agent = tostring(properties.agentVersion)";
  await outside.door('POST', '/_clock', { rate: 0 });
  const [before] = await rows(query);
  await outside.door('POST', '/_faults', { fault: { lagSeconds: 600 } });
  await outside.door('POST', '/_estate', { machines: [{ name: 'br-aal-01', arc: { agentVersion: '9.9' } }] });
  await outside.door('POST', '/_clock', { advanceSeconds: 300 });
  expect(await rows(query)).toEqual([before]);
  await outside.door('POST', '/_clock', { advanceSeconds: 600 });
  expect(await rows(query)).toEqual([{ agent: '9.9' }]);
  await outside.door('DELETE', '/_faults');
});

test('the sixteenth query in five seconds is refused, for that identity only, with the time to wait', async () => {
  const strict = await startedOutside({ queries: 15 });
  try {
    const first = await strict.query('resourcecontainers | count');
    expect(first.headers['x-ms-user-quota-remaining']).toBe('14');
    for (let query = 2; query <= 15; query += 1) await strict.query('resourcecontainers | count');
    const late = await strict.query('resourcecontainers | count');
    expect([late.status, late.body.error.code, late.headers['x-ms-user-quota-remaining']]).toEqual([429, 'RateLimiting', '0']);
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
    expect((await strict.query('resources | count', {}, { identity: 'writer' })).status).toBe(200);
  } finally {
    await strict.end();
  }
});
