import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Answer, type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
});
afterEach(() => outside.end());

const GROUP = '/providers/Microsoft.Management/managementGroups/mg-corp';
const PROD = `/subscriptions/${SUBSCRIPTIONS.prod}`;
const BRANCH = `/subscriptions/${SUBSCRIPTIONS.branch}`;
const SETTING = '/providers/Microsoft.Security/settings/WDATP?api-version=2022-05-01';
const VM = `${PROD}/resourceGroups/rg-web-prod/providers/Microsoft.Compute/virtualMachines/srv-web-01`;
const AUTHORIZATION = '/providers/Microsoft.Authorization';
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';

const byText = (a: string, b: string) => a.localeCompare(b);
const change = (body: Json) => outside.door('POST', '/_identities', body);
const put = (scope: string) =>
  outside.arm('PUT', `${scope}${SETTING}`, { identity: 'writer', body: { kind: 'DataExportSettings', properties: { enabled: true } } });
const list = async (path: string, filter?: string): Promise<Json[]> =>
  (await outside.arm('GET', `${path}?api-version=2022-04-01${filter ? `&$filter=${encodeURIComponent(filter)}` : ''}`)).body.value;
const outcome = ({ status, body }: Answer) => [status, body?.error?.code];

test('the writer may change what it is for, on a subscription, and read no more than that', async () => {
  const machine = `${VM}?api-version=2024-11-01`;
  expect((await put(PROD)).status).toBe(200);
  expect((await outside.arm('GET', machine, { identity: 'writer' })).status).toBe(200);
  for (const path of [
    `${PROD}/providers/Microsoft.Security/pricings?api-version=2024-01-01`,
    `${PROD}/resourceGroups?api-version=2022-12-01`,
    `${PROD}${AUTHORIZATION}/roleAssignments?api-version=2022-04-01`,
  ]) {
    expect(outcome(await outside.arm('GET', path, { identity: 'writer' }))).toEqual([403, 'AuthorizationFailed']);
  }
});

test('a role taken away on one subscription is missed there alone, and the refusal names operation and scope', async () => {
  await change({ identity: 'writer', removeRole: 'Greenlight Defender Settings', scope: PROD });
  const refused = await put(PROD);
  expect(outcome(refused)).toEqual([403, 'AuthorizationFailed']);
  expect(refused.body.error.message).toContain("'Microsoft.Security/settings/write'");
  expect(refused.body.error.message).toContain(`${PROD}/providers/Microsoft.Security/settings/WDATP`);
  expect((await put(BRANCH)).status).toBe(200);
  await change({ identity: 'writer', addRole: 'Security Admin', scope: PROD });
  expect((await put(PROD)).status).toBe(200);
  await change({ identity: 'writer', reset: true });
  const [, writer] = (await outside.door('GET', '/_identities')).body;
  expect(writer.roles.some(({ role }: Json) => role === 'Security Admin')).toBe(false);
});

test('a role of a group counts for who is in it, and is told apart by the filter that asks for it', async () => {
  const [, { objectId, groupId }] = (await outside.door('GET', '/_identities')).body;
  await change({ identity: 'writer', removeRole: 'Greenlight Defender Settings', scope: PROD });
  await change({ identity: 'writer', addRole: 'Security Admin', scope: PROD, group: true });
  expect((await put(PROD)).status).toBe(200);
  expect((await put(BRANCH)).status).toBe(200);
  const shown = async (filter: string) =>
    (await list(`${PROD}${AUTHORIZATION}/roleAssignments`, filter)).flatMap(({ properties }) =>
      properties.principalId === groupId ? [properties.principalType] : [],
    );
  expect(await shown(`assignedTo('${objectId}')`)).toEqual(['Group']);
  expect(await shown(`principalId eq '${objectId}'`)).toEqual([]);
  expect(await shown(`principalId eq '${groupId}'`)).toEqual(['Group']);
  await change({ identity: 'writer', removeRole: 'Security Admin', scope: PROD, group: true });
  expect(outcome(await put(PROD))).toEqual([403, 'AuthorizationFailed']);
});

test('what a role leaves out is left out', async () => {
  await change({ identity: 'bot', addRole: 'Contributor', scope: PROD });
  const get = (path: string) => outside.arm('GET', path, { identity: 'bot' });
  expect((await get(`${VM}?api-version=2024-11-01`)).status).toBe(200);
  const { isAllowed } = await import('../../../simulator/azure/authorization.ts');
  const { bot } = outside.azure.identities;
  expect(isAllowed(bot, 'Microsoft.Security/settings/write', PROD)).toBe(true);
  expect(isAllowed(bot, 'Microsoft.Authorization/roleAssignments/write', PROD)).toBe(false);
  expect(isAllowed(bot, 'Microsoft.Security/settings/write', BRANCH)).toBe(false);
  expect(isAllowed(bot, 'Microsoft.Security/settings/write', `${PROD}-not`)).toBe(false);
});

test('Resource Graph and the list of subscriptions show only where a role reaches', async () => {
  for (const removeRole of ['Reader', 'Security Reader']) await change({ identity: 'reader', removeRole });
  await change({ identity: 'reader', addRole: READER, scope: BRANCH });
  const { body } = await outside.query('resources | distinct subscriptionId');
  expect(body.data).toEqual([{ subscriptionId: SUBSCRIPTIONS.branch }]);
  const listed = await outside.arm('GET', '/subscriptions?api-version=2022-12-01');
  expect(listed.body.value.map(({ subscriptionId }: Json) => subscriptionId)).toEqual([SUBSCRIPTIONS.branch]);
});

test('roles survive a restart', async () => {
  await change({ identity: 'writer', removeRole: 'Greenlight Defender Settings' });
  await outside.close();
  const { dataDir } = outside;
  outside = await startedOutside({ dataDir });
  expect(outcome(await put(PROD))).toEqual([403, 'AuthorizationFailed']);
});

describe('reading role assignments', () => {
  test('those of a principal, at, above and below', async () => {
    const { objectId } = outside.azure.identities.writer;
    const all = await list(`${GROUP}${AUTHORIZATION}/roleAssignments`, `principalId eq '${objectId}'`);
    expect(all).toHaveLength(19);
    const here = await list(`${PROD}${AUTHORIZATION}/roleAssignments`, `atScope() and assignedTo('${objectId}')`);
    expect(here.map(({ properties }) => properties.scope).sort(byText)).toEqual([GROUP, ...Array.from({ length: 6 }, () => PROD)]);
    expect(here[0]).toMatchObject({
      type: 'Microsoft.Authorization/roleAssignments',
      properties: { principalId: objectId, principalType: 'ServicePrincipal' },
    });
  });
  test('the reader has its two roles from the management group, also seen from a machine', async () => {
    const { objectId } = outside.azure.identities.reader;
    const own = await list(`${VM}${AUTHORIZATION}/roleAssignments`, `assignedTo('${objectId}')`);
    expect(own.map(({ properties }) => properties.roleDefinitionId.split('/').at(-1)).sort(byText)).toEqual([
      '39bc4728-0917-49c7-9d2c-d95423bc2eb4',
      READER,
    ]);
    const [first] = own;
    const one = await outside.arm('GET', `${first?.['id']}?api-version=2022-04-01`);
    expect(one.body).toEqual(first);
  });
  test.each([
    [`roleDefinitions/${READER}`, 200],
    ['roleDefinitions/00000000-0000-0000-0000-000000000000', 404],
    ['roleAssignments/00000000-0000-0000-0000-000000000000', 404],
    ["roleAssignments?$filter=roleDefinitionId eq 'x'", 400],
  ])('%s is %i', async (path, status) => {
    const [plain, query] = path.split('?');
    const answer = await outside.arm(
      'GET',
      encodeURI(`${PROD}${AUTHORIZATION}/${plain}?api-version=2022-04-01${query ? `&${query}` : ''}`),
    );
    expect(answer.status).toBe(status);
  });
  test('definitions are found by name, and permissions are those of the caller', async () => {
    const [role] = await list(`${PROD}${AUTHORIZATION}/roleDefinitions`, "roleName eq 'Security Admin'");
    expect(role).toMatchObject({ name: 'fb1c8493-542b-48eb-b624-b4c8fea62acd', properties: { type: 'BuiltInRole' } });
    const own = await list(`${PROD}${AUTHORIZATION}/permissions`);
    expect(own.map(({ actions }) => actions[0])).toEqual(['*/read', 'Microsoft.Authorization/*/read']);
    expect(await list(`${PROD}${AUTHORIZATION}/roleDefinitions`, "type eq 'CustomRole'")).toHaveLength(6);
  });
});
