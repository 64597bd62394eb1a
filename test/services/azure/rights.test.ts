import type { NeededRight } from '../../../core/needed-rights.ts';
import type { LackingRights } from '../../../core/ports.ts';
import type { ToldRight } from '../../../services/azure/lacking-rights.ts';
import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import type { ConnectedOutside } from './connected-outside.ts';
import { connectOutside } from './connected-outside.ts';
import type { PretendArm } from './pretend-arm.ts';
import { connectTo, memoryLog, ONE, startPretendArm, TWO } from './pretend-arm.ts';

const verbs = ['delete', 'write'];
const RUN = verbs.map((verb) => `Microsoft.Compute/virtualMachines/runCommands/${verb}`);
const SETTING = 'Microsoft.Security/settings/write';
const vmIn = (subscription: string, name: string) =>
  `/subscriptions/${subscription}/resourcegroups/rg-web-prod/providers/Microsoft.Compute/virtualMachines/${name}`;
const running = (machine: string): ToldRight[] =>
  RUN.map((operation) => ({ operation, path: `${machine}/runCommands/greenlight-1-probe`, target: machine }));
const setting = (subscription: string): ToldRight => ({
  operation: SETTING,
  path: `/subscriptions/${subscription}/providers/Microsoft.Security/settings/WDATP`,
  target: subscription,
});

describe('against the pretend Azure', () => {
  const PROD = `/subscriptions/${SUBSCRIPTIONS.prod}`;
  const VM = vmIn(SUBSCRIPTIONS.prod, 'srv-web-01');
  const OTHER = vmIn(SUBSCRIPTIONS.prod, 'srv-web-02');
  let outside: ConnectedOutside;
  beforeEach(async () => {
    outside = await connectOutside({
      patience: { readMs: 20_000, writeMs: 20_000, repeats: 0, longestWaitMs: 0, pause: async () => undefined },
    });
  });
  afterEach(() => outside.end());

  const identities = async (change: object) => {
    const answer = await outside.door('POST', '/_identities', change);
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const withoutRunCommands = () => identities({ identity: 'writer', removeRole: 'Greenlight VM Run Command' });
  async function lacking(...needed: NeededRight[]): Promise<readonly LackingRights[]> {
    const answer = await outside.client.rights.lacking(needed);
    if (answer.state === 'unread') throw new Error(answer.reason);
    return answer.value;
  }

  it('lacks nothing where its roles allow all of it, and asks nothing when nothing is needed', async () => {
    expect(await lacking()).toEqual([]);
    expect(await outside.requests()).toEqual([]);
    expect(await lacking(...running(VM), setting(SUBSCRIPTIONS.prod), setting(SUBSCRIPTIONS.branch))).toEqual([]);
  });

  it('says what is missing with the command that grants it, and nothing is missing once it was run', async () => {
    const { objectId } = await withoutRunCommands();
    const [found, ...others] = await lacking(...running(VM), ...running(OTHER), setting(SUBSCRIPTIONS.prod));
    expect(others).toEqual([]);
    expect(found).toEqual({
      where: 'subscription corp-prod',
      operations: RUN,
      targets: 2,
      commands: [
        `az role assignment create --assignee-object-id ${objectId} --assignee-principal-type ServicePrincipal --role "Virtual Machine Contributor" --scope ${PROD}`,
      ],
      custom: [],
    });
    const [, role = '', scope = ''] = /--role "([^"]+)" --scope (\S+)$/.exec(found!.commands[0]!) ?? [];
    await identities({ identity: 'writer', addRole: role, scope });
    expect(await lacking(...running(VM), ...running(OTHER))).toEqual([]);
  });

  it.each([
    ['at a management group above', {}],
    ['on the resource group', { scope: `${PROD}/resourceGroups/RG-WEB-PROD` }],
    ['on the machine', { scope: VM }],
    ['to a group the writer is in', { scope: PROD, group: true }],
  ])('counts a role granted %s', async (_words, more) => {
    await withoutRunCommands();
    expect(await lacking(...running(VM))).toHaveLength(1);
    await identities({ identity: 'writer', addRole: 'Virtual Machine Contributor', ...more });
    expect(await lacking(...running(VM))).toEqual([]);
  });

  it('knows one machine with the role from another without it', async () => {
    await withoutRunCommands();
    await identities({ identity: 'writer', addRole: 'Virtual Machine Contributor', scope: VM });
    const found = await lacking(...running(VM), ...running(OTHER));
    expect(found).toMatchObject([{ where: 'resource group rg-web-prod in corp-prod', targets: 1 }]);
    expect(found[0]!.commands[0]).toMatch(new RegExp(`--scope ${PROD}/resourceGroups/rg-web-prod$`));
  });

  it('does not count a role of somebody else, on another subscription, or for something else', async () => {
    await withoutRunCommands();
    await identities({ identity: 'bot', addRole: 'Virtual Machine Contributor', scope: PROD });
    await identities({ identity: 'writer', addRole: 'Virtual Machine Contributor', scope: `/subscriptions/${SUBSCRIPTIONS.branch}` });
    await identities({ identity: 'writer', addRole: 'Reader', scope: PROD });
    expect(await lacking(...running(VM))).toHaveLength(1);
  });

  it('reads it anew each time', async () => {
    expect(await lacking(...running(VM))).toEqual([]);
    await withoutRunCommands();
    expect(await lacking(...running(VM))).toHaveLength(1);
  });

  it('is unread, with what mends it, while the reader may not read roles', async () => {
    for (const removeRole of ['Reader', 'Security Reader']) await identities({ identity: 'reader', removeRole });
    expect(await outside.client.rights.lacking(running(VM))).toMatchObject({
      state: 'unread',
      reason: 'the reader identity may not read the writer identity’s role assignments of subscription corp-prod (403 AuthorizationFailed)',
      fix: 'Grant the reader identity the role Reader on subscription corp-prod (Access control (IAM) > Add role assignment).',
    });
  });

  it('is unread while the writer cannot sign in', async () => {
    await identities({ identity: 'writer', enabled: false });
    const answer = await outside.client.rights.lacking(running(VM));
    expect(answer).toMatchObject({ state: 'unread', fix: expect.stringContaining('WRITER_CLIENT_ID') });
    expect(answer).toMatchObject({ reason: expect.stringMatching(/^the writer identity could not sign in/) });
  });

  it('is unread where a path does not tell what is done', async () => {
    const right = { operation: null, path: `${PROD}/resourceGroups/rg-web-prod`, target: 'x' };
    expect(await outside.client.rights.lacking([...running(VM), right])).toMatchObject({ state: 'unread' });
  });

  it('is unread for a path outside every subscription', async () => {
    const path = '/providers/Microsoft.Management/managementGroups/mg-corp/providers/Microsoft.Authorization/policyAssignments/x';
    const right = { operation: 'Microsoft.Authorization/policyAssignments/write', path, target: 'x' };
    expect(await outside.client.rights.lacking([right])).toMatchObject({ state: 'unread' });
  });
});

describe('permissions of Microsoft Graph', () => {
  const group: NeededRight = { api: 'graph', operation: 'Group.ReadWrite.All', path: '/v1.0/groups', target: 'organisation' };
  const policy: NeededRight = {
    api: 'graph',
    operation: 'DeviceManagementConfiguration.ReadWrite.All',
    path: '/beta/deviceManagement/configurationPolicies',
    target: 'organisation',
  };
  let outside: ConnectedOutside;
  beforeAll(async () => {
    outside = await connectOutside();
  });
  afterAll(() => outside.end());
  const lacking = (...needed: NeededRight[]) => outside.client.rights.lacking(needed);
  const identities = (change: object) => outside.door('POST', '/_identities', { identity: 'writer', ...change });

  it('are those of the writer’s own token, read anew each time', async () => {
    expect(await lacking(group, policy)).toMatchObject({ state: 'read', value: [] });
    await identities({ removePermission: 'Group.ReadWrite.All' });
    expect(await lacking(group, policy)).toMatchObject({
      value: [{ where: 'Microsoft Graph', operations: ['Group.ReadWrite.All'], targets: 1, commands: { length: 2 } }],
    });
    await identities({ removePermission: 'DeviceManagementConfiguration.ReadWrite.All' });
    expect(await lacking(group, policy)).toMatchObject({ value: [{ commands: { length: 3 } }] });
    await identities({ reset: true });
    expect(await lacking(group, policy)).toMatchObject({ value: [] });
  });

  it('do not stand in for a role of Azure, nor a role for them', async () => {
    await identities({ removePermission: 'Group.ReadWrite.All' });
    await identities({ removeRole: 'Greenlight Defender Settings' });
    const answer = await lacking(group, setting(SUBSCRIPTIONS.prod));
    expect(answer).toMatchObject({ value: [{ where: 'subscription corp-prod' }, { where: 'Microsoft Graph' }] });
    await identities({ reset: true });
  });

  it('are unread where nobody knows which one is needed, or the writer cannot sign in', async () => {
    expect(await lacking({ ...group, operation: null })).toMatchObject({ state: 'unread' });
    await identities({ enabled: false });
    expect(await lacking(group)).toMatchObject({
      state: 'unread',
      reason: expect.stringMatching(/^the writer identity could not sign in/),
    });
  });
});

describe('against what Azure could answer', () => {
  const OBJECT = 'b105d2e3-7c94-4f68-ad21-3e4f5a6b7c82';
  const ROLE = '9980e02c-c2be-4d73-94e8-173b1dc7cf3c';
  const VM = vmIn(ONE, 'srv-web-01');
  const log = memoryLog();
  let arm: PretendArm;
  beforeEach(async () => {
    arm = await startPretendArm();
    signsInAs({ oid: OBJECT.toUpperCase(), tid: 'x' });
    arm.on('GET', /roleDefinitions/, {
      body: { properties: { permissions: [{ actions: ['*'], notActions: ['*/delete'] }, { actions: [RUN[0]] }] } },
    });
  });
  afterEach(() => arm.close());

  function signsInAs(claims: unknown): void {
    const token = ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'signature'].join('.');
    arm.on('POST', /oauth2/, { body: { token_type: 'Bearer', expires_in: 3600, ext_expires_in: 3600, access_token: token } });
  }
  const assigned = (more: object = {}) => ({
    properties: {
      roleDefinitionId: `/subscriptions/${ONE}/providers/Microsoft.Authorization/roleDefinitions/${ROLE}`,
      // To a group: the filter already asked for those the writer is in.
      principalId: 'e4381516-afc7-429b-9054-617283941fb5',
      principalType: 'Group',
      scope: `/subscriptions/${ONE}`,
      ...more,
    },
  });
  const shows = (...value: object[]) => arm.on('GET', /roleAssignments/, { body: { value } });
  const ask = (needed: readonly NeededRight[] = running(VM)) => connectTo(arm, { log }).rights.lacking(needed);

  it('asks for the writer’s own roles with those of its groups, and for each definition once', async () => {
    shows(
      assigned(),
      assigned({ scope: VM }),
      assigned({ roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${ROLE}` }),
    );
    expect(await ask([...running(VM), setting(TWO)])).toMatchObject({ state: 'read' });
    const asked = arm.asked.map(({ path }) => decodeURIComponent(path));
    const about = (kind: string) => asked.filter((path) => path.includes(kind)).toSorted();
    expect(about('roleAssignments')).toEqual(
      [ONE, TWO].map(
        (id) =>
          `/subscriptions/${id}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=assignedTo('${OBJECT}')`,
      ),
    );
    const definition = new RegExp(`/providers/Microsoft.Authorization/roleDefinitions/${ROLE}\\?api-version=2022-04-01$`);
    expect(about('roleDefinitions')).toEqual([expect.stringMatching(definition)]);
    expect(arm.asked.map(({ method, authorization }) => `${method} ${authorization === ''}`)).toEqual([
      'GET false',
      'GET false',
      'GET false',
    ]);
  });

  it('keeps the object id out of the log', async () => {
    shows(assigned());
    await ask();
    expect(log.lines.join('\n').toLowerCase()).not.toContain(OBJECT);
  });

  it('takes a role as the sum of its permissions', async () => {
    shows(assigned());
    expect(await ask()).toMatchObject({ state: 'read', value: [] });
  });

  it('reads every page', async () => {
    const next = `${arm.url}/subscriptions/${ONE}/providers/Microsoft.Authorization/roleAssignments?page=2`;
    arm.on('GET', /roleAssignments/, { body: { value: [], nextLink: next } });
    arm.on('GET', /page=2/, { body: { value: [assigned()] } });
    expect(await ask()).toMatchObject({ state: 'read', value: [] });
  });

  it('does not count what a condition is tied to', async () => {
    shows(assigned({ condition: "@Resource[x] StringEquals 'y'", conditionVersion: '2.0' }));
    expect(await ask()).toMatchObject({ state: 'read', value: [{ where: 'subscription corp-prod' }] });
  });

  it.each([
    ['points to another host', { body: { value: [], nextLink: 'https://elsewhere.example/x' } }, /was not followed/],
    ['is no list', { body: {} }, /did not have the expected shape/],
    ['names no role', { body: { value: [assigned({ roleDefinitionId: '../../roleDefinitions/x' })] } }, /did not have the expected shape/],
    ['is an error', { status: 500, body: {} }, /Azure failed on/],
  ])('is unread when the answer %s', async (_words, answer, reason) => {
    arm.on('GET', /roleAssignments/, answer);
    expect(await ask()).toMatchObject({ state: 'unread', reason: expect.stringMatching(reason) });
  });

  it('is unread when pages do not come to an end', async () => {
    const next = `${arm.url}/subscriptions/${ONE}/providers/Microsoft.Authorization/roleAssignments?more`;
    arm.on('GET', /roleAssignments/, { body: { value: [], nextLink: next } });
    expect(await ask()).toMatchObject({ state: 'unread', reason: expect.stringContaining('did not come to an end') });
  });

  it('is unread as a whole when one subscription cannot be read', async () => {
    shows(assigned());
    arm.on('GET', new RegExp(`${TWO}.*roleAssignments`), { status: 403, body: { error: { code: 'AuthorizationFailed', message: '' } } });
    expect(await ask([...running(VM), setting(TWO)])).toMatchObject({
      state: 'unread',
      reason: expect.stringContaining('subscription branch'),
    });
  });

  it('is unread when a role’s definition cannot be read', async () => {
    shows(assigned());
    arm.on('GET', /roleDefinitions/, { status: 404, body: { error: { code: 'RoleDefinitionDoesNotExist', message: '' } } });
    expect(await ask()).toMatchObject({ state: 'unread' });
  });

  it.each([{}, { oid: 7 }, { oid: "x') or assignedTo('y" }, 'text'])(
    'is unread when the token says %j of who it is for',
    async (claims) => {
      signsInAs(claims);
      expect(await ask()).toMatchObject({
        state: 'unread',
        reason: expect.stringMatching(/^the token of the writer identity does not say/),
      });
      expect(arm.asked).toEqual([]);
    },
  );
});
