import { deploysTo } from '../../../core/policy-reach.ts';
import type { Machine } from '../../../simulator/estates/machine.ts';
import { type ConnectedOutside, connectOutside, factsOf, type Truth } from './connected-outside.ts';

/** What the collectors say of the sample estate, held against the estate itself. */
let world: ConnectedOutside;
let truth: Truth;
beforeAll(async () => {
  world = await connectOutside({ patience: { pause: () => Promise.resolve() } });
  truth = await world.truth();
});
afterAll(() => world.end());

const key = ({ id }: Machine) => id.toLowerCase();
const named = (name: string): Machine => {
  const found = truth.machines.find((machine) => machine.name === name);
  if (!found) throw new Error(`no machine ${name}`);
  return found;
};
const collectors = () => world.client.collectors;

test('every machine: its full name, since when it stands as it does, its extended updates', async () => {
  const collection = await collectors().machine();
  expect(collection.failure).toBeNull();
  const facts = factsOf(collection);
  expect(Object.keys(facts)).toHaveLength(truth.machines.length);
  for (const machine of truth.machines) {
    const { arc, sparse } = machine;
    const told = arc && !sparse;
    expect(facts[key(machine)]).toMatchObject({
      name: machine.name,
      fqdn: told ? arc.fqdn.toLowerCase() : '',
      statusSince: told ? Date.parse(arc.lastStatusChange) : null,
      esu: told && machine.os.name.includes('2012 R2') ? (arc.esu === 'Assigned' ? 'assigned' : 'not-assigned') : null,
      tags: machine.tags,
    });
  }
});

test.each([
  ['br-ode-04', 'monitor mode with extensions off', { defender: true, runCommand: true }],
  ['br-aal-04', 'a block list with Defender', { defender: true, runCommand: false }],
  ['br-allowlist-01', 'an allow list without the handler', { defender: false, runCommand: true }],
  ['br-aar-01', 'nothing special', { defender: false, runCommand: false }],
  ['srv-web-01', 'being an Azure VM', null],
])('%s, with %s, refuses %j', async (name, _words, refuses) => {
  const facts = factsOf(await collectors().machine());
  expect(facts[key(named(name))]?.refuses).toEqual(refuses);
});

test('every extension: its state, and of those that failed their own words and exit code', async () => {
  const collection = await collectors()['defender-extension']();
  expect(collection.failure).toBeNull();
  const facts = factsOf(collection);
  const codes = new Set<number | null>();
  for (const machine of truth.machines) {
    const [extension] = machine.extensions.filter(({ type }) => type.startsWith('MDE.'));
    const found = facts[key(machine)];
    if (!extension) {
      expect(found).toEqual({ present: false });
      continue;
    }
    expect(found).toMatchObject({ present: true, type: extension.type, state: extension.state, version: extension.version });
    if (!found?.present || extension.state !== 'Failed') continue;
    expect(found.message).toBe(extension.message);
    expect(found.exitCode).toBe(Number(/exit code (\d+)/.exec(extension.message)?.[1]));
    codes.add(found.exitCode);
  }
  expect([...codes].toSorted((a, b) => Number(a) - Number(b))).toEqual([4, 5, 12, 31]);
});

test('every assessment: when, by which service, and each update that is missing', async () => {
  const collection = await collectors().updates();
  expect(collection.failure).toBeNull();
  const facts = factsOf(collection);
  for (const machine of truth.machines) {
    const { assessment } = machine.patching;
    // Resource Graph keeps an assessment for seven days.
    if (!assessment || world.clock.now() - Date.parse(assessment.at) >= 7 * 86_400_000) {
      expect(facts[key(machine)]).toEqual({ assessed: false });
      continue;
    }
    const listed = assessment.patches.filter(({ kbId, name }) => kbId !== null || name.startsWith('mdatp'));
    expect(facts[key(machine)]).toMatchObject({
      assessed: true,
      assessedAt: Date.parse(assessment.at),
      service: assessment.serviceUsed,
      rebootPending: assessment.rebootPending,
      error: '',
      pending: expect.arrayContaining(
        listed.map(({ kbId, name, classification }) => ({ kb: kbId === null ? '' : `KB${kbId.replace(/^KB/, '')}`, name, classification })),
      ),
    });
    const found = facts[key(machine)];
    expect(found?.assessed && found.pending).toHaveLength(listed.length);
  }
  expect(facts[key(named('br-wsusgreen-01'))]).toMatchObject({ assessed: true, service: 'WU-WSUS', pending: [] });
  expect(facts[key(named('LEGACY-ERP1'))]).toEqual({ assessed: false });
});

test('every machine configuration: its state, and why it is not as it should be', async () => {
  const collection = await collectors()['machine-configuration']();
  expect(collection.failure).toBeNull();
  const facts = factsOf(collection);
  for (const machine of truth.machines) {
    const names = facts[key(machine)]?.assignments.map(({ name }) => name).toSorted();
    expect(names).toEqual(machine.machineConfigurations.map(({ name }) => name).toSorted());
  }
  expect(facts[key(named('srv-hr-01'))]).toMatchObject({
    assignments: [{ name: 'ForceDefenderPassiveMode', state: 'Compliant', reasons: [] }],
  });
  expect(facts[key(named('br-aar-01'))]?.assignments).toContainEqual(
    expect.objectContaining({ state: 'NonCompliant', reasons: ["The value 'ForceDefenderPassiveMode' is absent, not 1."] }),
  );
  expect(facts[key(named('br-ode-02'))]).toMatchObject({ assignments: [{ state: 'Pending', checkedAt: null, reasons: [] }] });
});

test('every maintenance configuration', async () => {
  const collection = await collectors().maintenance();
  expect(collection.failure).toBeNull();
  const facts = factsOf(collection);
  let assigned = 0;
  for (const machine of truth.machines) {
    const mine = truth.maintenanceConfigurations.filter(({ machines }) => machines.some((id) => id.toLowerCase() === key(machine)));
    assigned += mine.length;
    expect(facts[key(machine)]?.configurations).toEqual(
      mine.map(({ name, window, rebootSetting }) => ({
        id: expect.stringContaining(name),
        name,
        startsAt: window.start,
        recurs: window.recurEvery,
        duration: window.duration,
        timeZone: window.timeZone,
        reboot: rebootSetting,
      })),
    );
  }
  expect(assigned).toBeGreaterThan(0);
});

test('agentless scanning names another product where it runs, and says nothing of what it does not reach', async () => {
  const collection = await collectors()['edr-assessment']();
  expect(collection.failure).toBeNull();
  const facts = factsOf(collection);
  const scanned = truth.machines.filter((machine) => facts[key(machine)]?.assessed);
  expect(scanned.length).toBeGreaterThan(0);
  expect(scanned.every(({ kind }) => kind === 'vm')).toBe(true);
  for (const machine of scanned) {
    const found = facts[key(machine)];
    const product = found?.assessed ? found.product : null;
    if (machine.guest.onboarded) expect(product).toBe('Microsoft Defender for Endpoint');
    else if (machine.guest.thirdParty.length === 0) expect(product).toBeNull();
  }
});

test('which policies deploy what in each subscription, from above and from an initiative of one’s own', async () => {
  const collection = await collectors()['defender-policies']();
  expect(collection.failure).toBeNull();
  const facts = factsOf(collection);
  const byName = Object.fromEntries(world.migration.subscriptions.map(({ id, name }) => [name, facts[id]?.assignments]));
  expect(byName['corp-prod']).toEqual([]);
  expect(byName['branch-arc']).toEqual([]);
  expect(byName['corp-nonprod']).toEqual([
    expect.objectContaining({ name: 'Defender integration settings (platform team)', does: 'turns-endpoint-protection-on', deploys: [] }),
    expect.objectContaining({ name: 'Server agents', does: 'deploys-agent', deploys: ['azure-windows'], remediating: false, selects: [] }),
  ]);
});

test('a remediation is seen while it runs, with what it has done, and is over when it has ended', async () => {
  const { id = '' } = world.migration.subscriptions.find(({ name }) => name === 'corp-nonprod') ?? {};
  const policyAssignmentId = `/subscriptions/${id}/providers/Microsoft.Authorization/policyAssignments/nonprod-server-agents`;
  await world.door('POST', '/_identities', { identity: 'writer', addRole: 'Resource Policy Contributor' });
  const path = `/subscriptions/${id}/providers/Microsoft.PolicyInsights/remediations/wave-1?api-version=2024-10-01`;
  const properties = { policyAssignmentId, policyDefinitionReferenceId: 'defenderWindows' };
  expect((await world.arm('PUT', path, { identity: 'writer', body: { properties } })).status).toBe(201);
  const facts = async () =>
    factsOf(await collectors()['defender-policies']())[id]?.assignments.find(({ name }) => name === 'Server agents');
  const progress = async () => factsOf(await collectors()['policy-progress']())[id];
  expect(await facts()).toMatchObject({ remediating: true });
  const before = await progress();
  expect(before?.assignments.map(({ name }) => name)).toEqual(['Defender integration settings (platform team)', 'Server agents']);
  expect(before?.assignments[1]?.nonCompliant).toBeGreaterThan(0);
  expect(before?.remediations).toMatchObject([{ name: 'wave-1', assignmentId: policyAssignmentId.toLowerCase() }]);
  world.clock.move({ advanceSeconds: 6 * 3_600 });
  expect(await facts()).toMatchObject({ remediating: false });
  const after = await progress();
  const [ended] = after?.remediations ?? [];
  expect(ended?.total).toBeGreaterThan(0);
  expect((ended?.successful ?? 0) + (ended?.failed ?? 0)).toBe(ended?.total);
});

test('whom the built-in initiative reaches is whom Azure Policy judges', async () => {
  const state = (subscription: string) =>
    `/subscriptions/${subscription}/providers/Microsoft.PolicyInsights/policyStates/latest/queryResults?api-version=2024-10-01`;
  await world.door('POST', '/_identities', { identity: 'writer', addRole: 'Resource Policy Contributor' });
  for (const { id } of world.migration.subscriptions) {
    const path = `/subscriptions/${id}/providers/Microsoft.Authorization/policyAssignments/agents?api-version=2025-03-01`;
    const identity = { type: 'SystemAssigned' };
    const properties = {
      policyDefinitionId: '/providers/Microsoft.Authorization/policySetDefinitions/e20d08c5-6d64-656d-6465-ce9e37fd0ebc',
      enforcementMode: 'DoNotEnforce',
      parameters: { microsoftDefenderForEndpointLinuxVmAgentDeployEffect: { value: 'Disabled' } },
      notScopes: [`/subscriptions/${id}/resourceGroups/rg-hr`],
      resourceSelectors: [{ name: 'near', selectors: [{ kind: 'resourceLocation', in: ['westeurope', 'northeurope'] }] }],
    };
    const made = await world.arm('PUT', path, { identity: 'writer', body: { location: 'westeurope', identity, properties } });
    expect(made.status).toBe(201);
  }
  world.clock.move({ advanceSeconds: 3_600 });
  const machines = factsOf(await collectors().machine());
  const policies = factsOf(await collectors()['defender-policies']());
  let reached = 0;
  for (const { id } of world.migration.subscriptions) {
    const assignment = policies[id]?.assignments.find((one) => one.id.endsWith('/policyassignments/agents'));
    expect(assignment).toMatchObject({ enforcement: 'DoNotEnforce', deploys: ['azure-windows', 'arc-windows', 'arc-linux'] });
    const { body } = await world.arm('POST', state(id), { identity: 'reader' });
    const judged = new Set(
      (body.value as { resourceId: string; policyAssignmentName: string }[])
        .filter(({ policyAssignmentName }) => policyAssignmentName === 'agents')
        .map(({ resourceId }) => resourceId.toLowerCase()),
    );
    // Policies judge what the migration does not support as well.
    const own = Object.values(machines).filter(({ subscriptionId, os }) => subscriptionId === id && os !== null && os !== 'unsupported');
    for (const machine of own) {
      const reaches = assignment !== undefined && deploysTo(assignment, machine);
      expect([machine.name, reaches]).toEqual([machine.name, judged.has(machine.id)]);
      if (reaches) reached += 1;
    }
  }
  expect(reached).toBeGreaterThan(20);
});
