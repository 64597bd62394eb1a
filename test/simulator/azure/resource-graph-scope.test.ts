import { TENANT_ID } from '../../../simulator/estates/people.ts';
import { MANAGEMENT_GROUP, SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

const { prod, nonprod, branch } = SUBSCRIPTIONS;
const NOBODYS = '00000000-0000-0000-0000-000000000000';
const ASSIGNMENTS = "policyresources | where type =~ 'microsoft.authorization/policyassignments' | project name | order by name asc";
const PLACES = 'resources | summarize by subscriptionId | order by subscriptionId asc';

let outside: StartedOutside;
beforeAll(async () => {
  outside = await startedOutside();
});
afterAll(() => outside.end());

async function names(query: string, body: Json = {}, identity: 'reader' | 'writer' | 'bot' = 'reader'): Promise<unknown[]> {
  const { body: answer } = await outside.query(
    query,
    { ...body, options: { $top: 1_000, ...(body['options'] as Json | undefined) } },
    { identity },
  );
  return answer.data.map((row: Json) => Object.values(row)[0]);
}
const filtered = (authorizationScopeFilter: string) => ({ options: { authorizationScopeFilter } });

test.each<[string, Json, string[]]>([
  ['no scope is every subscription', {}, [prod, nonprod, branch]],
  ['a subscription is itself', { subscriptions: [branch] }, [branch]],
  ['a subscription in capitals is the same', { subscriptions: [branch.toUpperCase()] }, [branch]],
  ['a subscription nobody knows is left out without a word', { subscriptions: [NOBODYS, prod] }, [prod]],
  ['a management group is what lies below it', { managementGroups: [MANAGEMENT_GROUP.toUpperCase()] }, [prod, nonprod, branch]],
  ['the root group is called like the tenant', { managementGroups: [TENANT_ID] }, [prod, nonprod, branch]],
  ['a group nobody knows is left out without a word', { managementGroups: ['mg-other', MANAGEMENT_GROUP] }, [prod, nonprod, branch]],
])('%s', async (_, scope, expected) => {
  expect((await names(PLACES, scope)).map((id) => String(id).toLowerCase())).toEqual(expected.toSorted());
});

test.each<[string, Json]>([
  ['a subscription nobody knows', { subscriptions: [NOBODYS] }],
  ['a management group nobody knows', { managementGroups: ['mg-other'] }],
])('refuses %s when nothing else is asked about', async (_, scope) => {
  const answer = await outside.query(PLACES, scope);
  expect([answer.status, answer.body.error.code]).toEqual([403, 'AccessDenied']);
});

const ABOVE = ['mde-settings', 'security-baseline'];
test.each<[string, string, Json, string[]]>([
  ['a subscription and what is below it', 'AtScopeAndBelow', { subscriptions: [prod] }, ['allowed-locations']],
  ['a subscription and what is above it', 'AtScopeAndAbove', { subscriptions: [prod] }, ['allowed-locations', ...ABOVE]],
  ['a subscription alone', 'AtScopeExact', { subscriptions: [nonprod] }, ['nonprod-server-agents']],
  ['a subscription and both', 'AtScopeAboveAndBelow', { subscriptions: [nonprod] }, [...ABOVE, 'nonprod-server-agents']],
  [
    'a group and what is below it',
    'AtScopeAndBelow',
    { managementGroups: [MANAGEMENT_GROUP] },
    ['allowed-locations', ...ABOVE, 'nonprod-server-agents'],
  ],
  ['a group and what is above it', 'AtScopeAndAbove', { managementGroups: [MANAGEMENT_GROUP] }, ABOVE],
  ['a group alone', 'AtScopeExact', { managementGroups: [MANAGEMENT_GROUP] }, ABOVE],
  ['the root group alone', 'AtScopeExact', { managementGroups: [TENANT_ID] }, []],
  [
    'the root group and what is below it',
    'AtScopeAndBelow',
    { managementGroups: [TENANT_ID] },
    ['allowed-locations', ...ABOVE, 'nonprod-server-agents'],
  ],
])('assignments of %s', async (_, filter, scope, expected) => {
  expect(await names(ASSIGNMENTS, { ...scope, ...filtered(filter) })).toEqual(expected.toSorted());
});

test('the filter is about authorization only, and what is built in is always there', async () => {
  expect(await names(PLACES, { managementGroups: [MANAGEMENT_GROUP], ...filtered('AtScopeExact') })).toHaveLength(3);
  const builtIn = "policyresources | where tostring(properties.policyType) == 'BuiltIn' | project id";
  expect((await names(builtIn, { subscriptions: [prod], ...filtered('AtScopeExact') })).length).toBeGreaterThan(1);
});

test.each<[string, Json, string[]]>([
  ['no scope', {}, [MANAGEMENT_GROUP]],
  ['a subscription', { subscriptions: [prod] }, []],
  ['the group', { managementGroups: [MANAGEMENT_GROUP] }, [MANAGEMENT_GROUP]],
  ['the root group', { managementGroups: [TENANT_ID] }, [MANAGEMENT_GROUP]],
])('management groups are containers of %s', async (_, scope, expected) => {
  expect(await names("resourcecontainers | where type =~ 'microsoft.management/managementgroups' | project name", scope)).toEqual(expected);
});

test('a role on a resource group shows that group only, and one taken away shows nothing', async () => {
  const scope = `/subscriptions/${prod}/resourceGroups/rg-web-prod`;
  const seen = () => names('resources | distinct resourceGroup', {}, 'bot');
  expect(await seen()).toEqual([]);
  await outside.door('POST', '/_identities', { identity: 'bot', addRole: 'Reader', scope });
  expect(await seen()).toEqual(['rg-web-prod']);
  const answers = await Promise.all(
    [[prod, branch], [branch]].map((subscriptions) => outside.query(PLACES, { subscriptions }, { identity: 'bot' })),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 403]);
  await outside.door('POST', '/_identities', { identity: 'bot', removeRole: 'Reader' });
  expect(await seen()).toEqual([]);
});

test('a query reaches as many subscriptions as the rules say, and says when there are more', async () => {
  const small = await startedOutside({ graph: { subscriptions: 2 } });
  try {
    for (const scope of [{}, { managementGroups: [MANAGEMENT_GROUP] }]) {
      const { body, headers } = await small.query(PLACES, { ...scope, options: { allowPartialScopes: true } });
      expect([body.count, headers['x-ms-tenant-subscription-limit-hit']]).toEqual([2, 'true']);
    }
    const named = await small.query(PLACES, { subscriptions: [branch] });
    expect([named.body.count, named.headers['x-ms-tenant-subscription-limit-hit']]).toEqual([1, undefined]);
  } finally {
    await small.end();
  }
  expect((await outside.query(PLACES)).headers['x-ms-tenant-subscription-limit-hit']).toBeUndefined();
});
