import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
  await outside.door('POST', '/_clock', { rate: 0 });
});
afterEach(() => outside.end());

const SUB = `/subscriptions/${SUBSCRIPTIONS.prod}`;
const V = '?api-version=2023-04-01';
const machinePath = (group: string, name: string) => `${SUB}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
const get = async (path: string) => (await outside.arm('GET', path)).body;
const rows = async (query: string): Promise<Json[]> => (await outside.query(query)).body.data;
const wait = (minutes: number) => outside.door('POST', '/_clock', { advanceSeconds: minutes * 60 });

describe('maintenance', () => {
  test('a configuration tells its window and what it installs', async () => {
    const { value } = await get(`${SUB}/providers/Microsoft.Maintenance/maintenanceConfigurations${V}`);
    expect(value.map(({ name }: Json) => name)).toEqual(['mc-app-saturday']);
    const one = await get(
      `${SUB}/resourceGroups/rg-app-prod/providers/Microsoft.Maintenance/maintenanceConfigurations/mc-app-saturday${V}`,
    );
    expect(one.properties).toMatchObject({
      maintenanceScope: 'InGuestPatch',
      maintenanceWindow: { startDateTime: '2026-01-03 02:00', duration: '03:00', recurEvery: 'Week Saturday' },
      installPatches: { rebootSetting: 'IfRequired', windowsParameters: { classificationsToInclude: ['Critical', 'Security'] } },
    });
  });
  test('a machine tells which configuration it has', async () => {
    const path = `${machinePath('rg-app-prod', 'srv-app-01')}/providers/Microsoft.Maintenance/configurationAssignments`;
    const { value } = await get(`${path}${V}`);
    expect(value[0]).toMatchObject({
      name: 'mc-app-saturday',
      properties: {
        resourceId: machinePath('rg-app-prod', 'srv-app-01'),
        maintenanceConfigurationId: expect.stringMatching(/mc-app-saturday$/),
      },
    });
    expect((await get(`${path}/mc-app-saturday${V}`)).name).toBe('mc-app-saturday');
    expect((await outside.arm('GET', `${path}/other${V}`)).status).toBe(404);
    const without = `${machinePath('rg-web-prod', 'srv-web-01')}/providers/Microsoft.Maintenance/configurationAssignments${V}`;
    expect((await get(without)).value).toEqual([]);
  });
  test('Resource Graph joins machines to their windows', async () => {
    const query = `maintenanceresources | where type =~ 'microsoft.maintenance/configurationassignments'
      | project machine = tolower(tostring(properties.resourceId)), configuration = tolower(tostring(properties.maintenanceConfigurationId))
      | join kind=inner (resources | where type =~ 'microsoft.maintenance/maintenanceconfigurations'
        | project configuration = tolower(id), every = tostring(properties.maintenanceWindow.recurEvery)) on configuration
      | where machine endswith '/br-aar-01' | project every`;
    expect(await rows(query)).toEqual([{ every: 'Week Sunday' }]);
  });
});

describe('availability sets', () => {
  test('a virtual machine names its set and the set its machines', async () => {
    const { properties } = await get(`${machinePath('rg-sql-prod', 'srv-sql-01')}?api-version=2026-04-01`);
    expect(properties.availabilitySet.id).toMatch(/\/availabilitySets\/AS-SQL$/);
    const set = await get(`${properties.availabilitySet.id}?api-version=2026-04-01`);
    expect(set.properties.virtualMachines.map(({ id }: Json) => id.split('/').at(-1))).toEqual(['srv-sql-01', 'srv-sql-02']);
    const { value } = await get(`${SUB}/providers/Microsoft.Compute/availabilitySets?api-version=2026-04-01`);
    expect(value.map(({ name }: Json) => name)).toEqual(['as-web', 'as-sql', 'as-dc']);
    const alone = await get(`${machinePath('rg-app-prod', 'srv-app-01')}?api-version=2026-04-01`);
    expect(alone.properties.availabilitySet).toBeUndefined();
  });
  test('Resource Graph has them', async () => {
    const query = "resources | where type =~ 'microsoft.compute/availabilitysets' | project name | order by name asc";
    expect(await rows(query)).toEqual([{ name: 'as-dc' }, { name: 'as-sql' }, { name: 'as-web' }]);
  });
});

describe('extended security updates', () => {
  test.each([
    ['br-aar-04', 'rg-aarhus', 'Eligible', 'Assigned'],
    ['br-aal-03', 'rg-aalborg', 'Eligible', 'NotAssigned'],
    ['br-aar-01', 'rg-aarhus', 'Ineligible', 'NotAssigned'],
  ])('%s', async (name, group, esuEligibility, licenseAssignmentState) => {
    const path = `/subscriptions/${SUBSCRIPTIONS.branch}/resourceGroups/${group}/providers/Microsoft.HybridCompute/machines/${name}`;
    const { properties } = await get(`${path}?api-version=2025-01-13`);
    expect(properties.licenseProfile.esuProfile).toMatchObject({ esuEligibility, licenseAssignmentState });
  });
});

describe('machine configuration', () => {
  const found = async (name: string, assignment: string) =>
    (
      await rows(`guestconfigurationresources | where type =~ 'microsoft.guestconfiguration/guestconfigurationassignments'
        | where tolower(tostring(properties.targetResourceId)) endswith '/${name}' and name == '${assignment}'
        | project state = tostring(properties.complianceStatus)`)
    )[0]?.['state'];
  const phrases = `guestconfigurationresources | extend machineId = tolower(tostring(properties.targetResourceId))
    | mv-expand r = properties.latestAssignmentReport.resources limit 400 | mv-expand why = r.reasons limit 400
    | where machineId endswith '/br-aar-01' | project name, phrase = tostring(why.phrase)`;

  test('tells what the guest is like and why that is wrong', async () => {
    expect(await found('srv-hr-01', 'ForceDefenderPassiveMode')).toBe('Compliant');
    expect(await found('br-aar-01', 'ForceDefenderPassiveMode')).toBe('NonCompliant');
    expect(await found('srv-file-02', 'NotInstalledApplicationForWindows')).toBe('NonCompliant');
    expect(await found('srv-file-02', 'WindowsDefenderRealTimeProtection')).toBe('Compliant');
    expect(await rows(phrases)).toContainEqual({
      name: 'ForceDefenderPassiveMode',
      phrase: "The value 'ForceDefenderPassiveMode' is absent, not 1.",
    });
  });
  test('notices a change within the hour, not before', async () => {
    await outside.door('POST', '/_estate', { machines: [{ name: 'br-aar-01', guest: { passiveKey: 1 } }] });
    expect(await found('br-aar-01', 'ForceDefenderPassiveMode')).toBe('NonCompliant');
    await wait(61);
    expect(await found('br-aar-01', 'ForceDefenderPassiveMode')).toBe('Compliant');
  });
  test('a machine that was never reached is pending', async () => {
    const query = "guestconfigurationresources | where id has 'br-ode-02' | project state = tostring(properties.complianceStatus)";
    expect(await rows(query)).toEqual([{ state: 'Pending' }]);
  });
});
