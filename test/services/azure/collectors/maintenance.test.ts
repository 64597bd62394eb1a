import { answerGraph, answerShort, arcId, vmId } from '../graph-pages.ts';
import type { PretendArm } from '../pretend-arm.ts';
import { connectTo, ONE, showSubscriptions, startPretendArm, TWO } from '../pretend-arm.ts';

let arm: PretendArm;
beforeEach(async () => {
  arm = await startPretendArm();
  showSubscriptions(arm);
});
afterEach(() => arm.close());

const a = vmId(ONE, 'a');
const b = arcId(TWO, 'b');
const ids = [{ id: a }, { id: b }];
const maintenance = () => connectTo(arm).collectors.maintenance();
const configurationId = (name: string) =>
  `/subscriptions/${ONE}/resourcegroups/rg-ops/providers/Microsoft.Maintenance/maintenanceConfigurations/${name}`;
const configuration = (name: string, more: object = {}) => ({
  id: configurationId(name),
  name,
  startsAt: '2026-03-10 22:00',
  recurs: '1Week Tuesday',
  duration: '03:00',
  timeZone: 'W. Europe Standard Time',
  reboot: 'IfRequired',
  ...more,
});
const assigned = (scope: string, name: string) => ({
  id: `${scope}/providers/Microsoft.Maintenance/configurationAssignments/${name}`,
  configuration: configurationId(name).toUpperCase(),
});

test('reads what each machine is assigned to', async () => {
  answerGraph(arm, {
    machineIds: ids,
    maintenanceAssignments: [assigned(a, 'mc-one'), assigned(a, 'mc-two')],
    maintenanceConfigurations: [configuration('mc-one'), configuration('mc-two', { reboot: null })],
  });
  const { subjects, failure } = await maintenance();
  expect(failure).toBeNull();
  expect(subjects[a.toLowerCase()]).toMatchObject({
    value: { configurations: [configuration('mc-one'), configuration('mc-two', { reboot: '' })] },
  });
  expect(subjects[b.toLowerCase()]).toMatchObject({ value: { configurations: [] } });
});

test.each(['maintenanceAssignments', 'maintenanceConfigurations'] as const)('says nothing while %s lack a row', async (short) => {
  const rows = {
    machineIds: ids,
    maintenanceAssignments: [assigned(a, 'mc-one'), assigned(a, 'mc-two')],
    maintenanceConfigurations: [configuration('mc-one'), configuration('mc-two')],
  };
  answerShort(arm, rows, [short]);
  const { subjects, failure } = await maintenance();
  expect(subjects).toEqual({});
  expect(failure?.reason).toContain('the maintenance configurations');
});

test('a machine whose configuration lies elsewhere is unread, and the role is named', async () => {
  answerGraph(arm, {
    machineIds: ids,
    maintenanceAssignments: [assigned(a, 'mc-one'), assigned(a, 'elsewhere')],
    maintenanceConfigurations: [configuration('mc-one')],
  });
  const { subjects } = await maintenance();
  expect(subjects[a.toLowerCase()]).toMatchObject({ state: 'unread', fix: expect.stringContaining('role Reader on its subscription') });
  expect(subjects[b.toLowerCase()]).toMatchObject({ state: 'read' });
});

test.each([
  ['its subscription', `/subscriptions/${TWO}`],
  ['its resource group', b.split('/providers/')[0] ?? ''],
])('a machine that a dynamic scope at %s may take in is unread', async (_words, scope) => {
  answerGraph(arm, {
    machineIds: ids,
    maintenanceAssignments: [assigned(scope, 'mc-one')],
    maintenanceConfigurations: [configuration('mc-one')],
  });
  const { subjects } = await maintenance();
  expect(subjects[b.toLowerCase()]).toMatchObject({ state: 'unread', reason: expect.stringContaining('dynamic scope') });
  expect(subjects[a.toLowerCase()]).toMatchObject({ value: { configurations: [] } });
});

test('assignments of other things than machines count for none', async () => {
  const set = `/subscriptions/${ONE}/resourcegroups/RG-One/providers/Microsoft.Compute/virtualMachineScaleSets/a`;
  answerGraph(arm, { machineIds: ids, maintenanceAssignments: [assigned(set, 'mc-one')], maintenanceConfigurations: [] });
  expect(Object.values((await maintenance()).subjects)).toEqual([
    expect.objectContaining({ value: { configurations: [] } }),
    expect.objectContaining({ value: { configurations: [] } }),
  ]);
});
