import { connected } from './connected.ts';

const PERMISSIONS = ['ThreatHunting.Read.All', 'Machine.Read.All', 'DeviceManagementConfiguration.Read.All', 'Group.Read.All'];

test('finds nothing wrong with a good set-up', async () => {
  const outside = await connected();
  const findings = await outside.azure.check();
  expect(findings.filter(({ works }) => !works)).toEqual([]);
  expect(findings.map(({ subject }) => subject)).toEqual(
    expect.arrayContaining(['Defender’s advanced hunting', 'the Defender machines list', 'the antivirus policies of Intune']),
  );
  await outside.end();
});

test('names every permission that is missing, each with its own finding', async () => {
  const outside = await connected();
  for (const permission of PERMISSIONS) await outside.without(permission);
  const wrong = (await outside.azure.check()).filter(({ works }) => !works);
  expect(wrong).toHaveLength(PERMISSIONS.length);
  for (const [index, permission] of PERMISSIONS.entries()) expect(wrong[index]?.fix).toContain(permission);
  await outside.end();
});

test('a tenant without machines is no trouble', async () => {
  const outside = await connected();
  const { machines } = (await outside.door('GET', '/_estate')).body;
  await outside.change({ remove: machines.map(({ id }: { id: string }) => id), directory: { sightings: [] } });
  expect((await outside.azure.check()).filter(({ works }) => !works)).toEqual([]);
  await outside.end();
});
