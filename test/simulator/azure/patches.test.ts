import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Answer, type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
  await outside.door('POST', '/_clock', { rate: 0 });
});
afterEach(() => outside.end());

const VM = '?api-version=2026-03-01';
const ARC = '?api-version=2025-01-13';
const vm = (name: string, group: string) =>
  `/subscriptions/${SUBSCRIPTIONS.prod}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
const arc = (name: string, group: string) =>
  `/subscriptions/${SUBSCRIPTIONS.branch}/resourceGroups/${group}/providers/Microsoft.HybridCompute/machines/${name}`;
const post = (path: string, body?: unknown) => outside.arm('POST', path, { identity: 'writer', ...(body === undefined ? {} : { body }) });
const wait = (minutes: number) => outside.door('POST', '/_clock', { advanceSeconds: minutes * 60 });
const error = ({ status, body }: Answer) => [status, body?.error?.code];
const path = (address: unknown) => String(address).replace(outside.ready.azure, '');
const result = async ({ headers }: Answer) => (await outside.arm('GET', path(headers['location']))).body;
async function machine(name: string): Promise<Json> {
  const { body } = await outside.door('GET', '/_estate');
  return body.machines.find((candidate: Json) => candidate['name'] === name);
}
const rows = async (query: string): Promise<Json[]> => (await outside.query(query)).body.data;
const lack = (name: string, missing: unknown[], wsus: unknown = null) =>
  outside.door('POST', '/_estate', { machines: [{ name, guest: { updates: { missing, wsus } } }] });

const ROLLUP = { kb: 'KB5055555', name: '2026-02 Cumulative Update', classification: 'Security', rebootBehavior: 'AlwaysRequiresReboot' };
const TOOL = {
  kb: 'KB890830',
  name: 'Windows Malicious Software Removal Tool',
  classification: 'UpdateRollup',
  rebootBehavior: 'NeverReboots',
};
const app = () => vm('srv-app-01', 'rg-app-prod');
const install = (more: Json = {}) => ({ maximumDuration: 'PT2H', rebootSetting: 'IfRequired', windowsParameters: {}, ...more });

describe('an assessment', () => {
  test('takes some minutes and tells what a virtual machine lacks', async () => {
    await lack('srv-app-01', [ROLLUP, TOOL]);
    const asked = await post(`${app()}/assessPatches${VM}`);
    expect(asked.status).toBe(202);
    expect((await outside.arm('GET', path(asked.headers['location']))).status).toBe(202);
    await wait(5);
    expect(await result(asked)).toMatchObject({
      status: 'Succeeded',
      rebootPending: false,
      criticalAndSecurityPatchCount: 1,
      otherPatchCount: 1,
      availablePatches: [{ kbId: '5055555', classifications: ['Security'], assessmentState: 'Available' }, { kbId: '890830' }],
    });
  });
  test('has the shape of the official example on an Arc machine', async () => {
    await lack('br-aar-01', [TOOL]);
    const asked = await post(`${arc('br-aar-01', 'rg-aarhus')}/assessPatches${ARC}`);
    await wait(5);
    expect(await result(asked)).toEqual({
      status: 'Succeeded',
      assessmentActivityId: expect.any(String),
      rebootPending: false,
      startDateTime: expect.any(String),
      lastModifiedDateTime: expect.any(String),
      availablePatchCountByClassification: expect.objectContaining({ security: 0, updateRollup: 1, definition: 0 }),
      startedBy: 'User',
      patchServiceUsed: 'WU',
      osType: 'Windows',
      errorDetails: null,
    });
  });
  test('fills the rows Resource Graph is asked for, for 7 days', async () => {
    await outside.door('POST', '/_estate', { machines: [{ name: 'srv-print-01', guest: { rebootPending: true } }] });
    await lack('srv-print-01', [ROLLUP]);
    await post(`${vm('srv-print-01', 'rg-file-prod')}/assessPatches${VM}`);
    await wait(5);
    const summary = `patchassessmentresources | where id has 'srv-print-01' and type !has 'softwarepatches'
      | project id, type, pending = tobool(properties.rebootPending), service = tostring(properties.patchServiceUsed), security = toint(properties.availablePatchCountByClassification.security)`;
    expect(await rows(summary)).toEqual([
      {
        id: expect.stringMatching(/\/virtualMachines\/srv-print-01\/patchAssessmentResults\/latest$/),
        type: 'microsoft.compute/virtualmachines/patchassessmentresults',
        pending: true,
        service: 'WU',
        security: 1,
      },
    ]);
    const patches = `patchassessmentresources | where id has 'srv-print-01' and type =~ 'microsoft.compute/virtualmachines/patchassessmentresults/softwarepatches'
      | project machineId = tostring(split(tolower(id), '/patchassessmentresults/')[0]), kb = tostring(properties.kbId), cls = tostring(properties.classifications), reboot = tostring(properties.rebootBehavior)`;
    expect((await rows(patches)).filter(({ kb }) => kb === '5055555')).toEqual([
      {
        machineId: vm('srv-print-01', 'rg-file-prod').toLowerCase(),
        kb: '5055555',
        cls: '["Security"]',
        reboot: 'AlwaysRequiresReboot',
      },
    ]);
    await wait(7 * 24 * 60 + 120);
    expect(await rows(summary)).toEqual([]);
  });
  test('of a WSUS client tells only what its WSUS offers', async () => {
    await lack('srv-app-01', ['KB4052623', ROLLUP], { server: 'http://wsus', offersDefender: false });
    const asked = await post(`${app()}/assessPatches${VM}`);
    await wait(5);
    expect((await result(asked)).availablePatches.map(({ kbId }: Json) => kbId)).toEqual(['5055555']);
    expect(
      (await rows("patchassessmentresources | where name != '' and id has 'srv-app-01' and type !has 'softwarepatches'"))[0],
    ).toMatchObject({
      properties: { patchServiceUsed: 'WU-WSUS' },
    });
  });
  test('shows in the instance view of a virtual machine', async () => {
    await lack('srv-app-01', [ROLLUP]);
    await post(`${app()}/assessPatches${VM}`);
    await wait(5);
    const { body } = await outside.arm('GET', `${app()}/instanceView${VM}`);
    expect(body.patchStatus.availablePatchSummary).toMatchObject({
      status: 'Succeeded',
      criticalAndSecurityPatchCount: 1,
      otherPatchCount: 0,
    });
  });
  test('cannot start while another one runs', async () => {
    await post(`${app()}/assessPatches${VM}`);
    expect(error(await post(`${app()}/assessPatches${VM}`))).toEqual([409, 'Conflict']);
  });
  test('of a machine that goes away meanwhile fails', async () => {
    const base = arc('br-aar-01', 'rg-aarhus');
    const asked = await post(`${base}/assessPatches${ARC}`);
    await outside.door('POST', '/_estate', { machines: [{ name: 'br-aar-01', arc: { status: 'Disconnected' } }] });
    await wait(5);
    const { body } = await outside.arm('GET', path(asked.headers['azure-asyncoperation']));
    expect(body).toMatchObject({ status: 'Failed', error: { code: 'VMAgentStatusCommunicationError' } });
  });
  test.each([
    ['a virtual machine that is not running', () => vm('srv-app-06', 'rg-app-prod'), VM, 'OperationNotAllowed'],
    ['a disconnected Arc machine', () => arc('br-ode-02', 'rg-odense'), ARC, 'OperationNotAllowed'],
    ['an Arc machine in monitor mode', () => arc('br-ode-04', 'rg-odense'), ARC, 'OperationNotAllowed'],
    ['an expired Arc machine', () => arc('br-aal-03', 'rg-aalborg'), ARC, 'HCRP409'],
  ])('is refused for %s', async (_, base, version, code) => {
    expect(error(await post(`${base()}/assessPatches${version}`))).toEqual([409, code]);
  });
});

describe('the daily assessment', () => {
  test('has looked at the machines it may look at, and never at others', async () => {
    const seen = await rows(
      "patchassessmentresources | where type !has 'softwarepatches' | project id, by = tostring(properties.startedBy)",
    );
    const has = (name: string) => seen.some(({ id }) => String(id).toLowerCase().includes(`/${name.toLowerCase()}/`));
    expect(seen.every(({ by }) => by === 'Platform')).toBe(true);
    expect(['srv-web-01', 'br-aar-01', 'SRV-SQL-07'].map(has)).toEqual([true, true, true]);
    expect(['LEGACY-ERP1', 'srv-print-01', 'br-esb-04', 'br-esb-02', 'dev-new-01', 'br-ode-04'].map(has)).toEqual(Array(6).fill(false));
  });
  test('leaves a disconnected machine with its old result until it is too old', async () => {
    const query =
      "patchassessmentresources | where id has 'br-ode-02' and type !has 'softwarepatches' | project at = todatetime(properties.lastModifiedDateTime)";
    const [old] = await rows(query);
    expect(Date.parse(old?.['at'])).toBeLessThan(Date.parse('2026-02-25T00:00:00Z'));
    await wait(2 * 24 * 60);
    expect(await rows(query)).toEqual([]);
  });
  test('looks again within a day', async () => {
    await lack('srv-web-01', [ROLLUP]);
    const query = "patchassessmentresources | where id has 'srv-web-01' and tostring(properties.kbId) == '5055555' | count";
    expect(await rows(query)).toEqual([{ Count: 0 }]);
    await wait(24 * 60 + 1);
    expect(await rows(query)).toEqual([{ Count: 1 }]);
  });
});

describe('an installation', () => {
  test('installs what is asked for, restarts when it must and says so for 30 days', async () => {
    await lack('srv-app-01', [ROLLUP, TOOL]);
    const before = (await machine('srv-app-01'))['guest'].lastBoot;
    const asked = await post(
      `${app()}/installPatches${VM}`,
      install({ windowsParameters: { classificationsToInclude: ['Security'], kbNumbersToInclude: [] } }),
    );
    expect(asked.status).toBe(202);
    expect((await machine('srv-app-01'))['guest'].updates.missing).toHaveLength(2);
    await wait(26);
    const done = await result(asked);
    expect(done).toMatchObject({
      status: 'Succeeded',
      rebootStatus: 'Completed',
      installedPatchCount: 1,
      notSelectedPatchCount: 1,
      failedPatchCount: 0,
    });
    expect(done.patches.find(({ kbId }: Json) => kbId === '5055555').installationState).toBe('Installed');
    const { guest } = await machine('srv-app-01');
    expect([guest.lastBoot > before, guest.updates.missing.length]).toEqual([true, 1]);
    const query = `patchinstallationresources | where type =~ 'microsoft.compute/virtualmachines/patchinstallationresults'
      | project installed = toint(properties.installedPatchCount), reboot = tostring(properties.rebootStatus), state = tostring(properties.status)`;
    expect(await rows(query)).toEqual([{ installed: 1, reboot: 'Completed', state: 'Succeeded' }]);
    // What is left is assessed at once.
    const left =
      "patchassessmentresources | where id has 'srv-app-01' and isnotempty(properties.kbId) | project kb = tostring(properties.kbId)";
    expect(await rows(left)).toEqual([{ kb: '890830' }]);
    await wait(30 * 24 * 60 + 120);
    expect(await rows(query)).toEqual([]);
  });
  test('without a restart leaves one pending', async () => {
    await lack('br-aar-01', [ROLLUP]);
    const asked = await post(
      `${arc('br-aar-01', 'rg-aarhus')}/installPatches${ARC}`,
      install({ rebootSetting: 'Never', windowsParameters: { kbNumbersToInclude: ['KB5055555'] } }),
    );
    await wait(26);
    expect(await result(asked)).toMatchObject({ status: 'Succeeded', rebootStatus: 'Required', installedPatchCount: 1, osType: 'Windows' });
    expect((await machine('br-aar-01'))['guest'].rebootPending).toBe(true);
  });
  test.each([
    ['a number', { kbNumbersToExclude: ['890830'] }],
    ['a mask', { patchNameMasksToExclude: ['*Malicious*'] }],
    ['a date', { maxPatchPublishDate: '2026-01-01T00:00:00Z' }],
  ])('leaves out what %s rules out', async (_, parameters) => {
    await lack('srv-app-01', [{ ...ROLLUP, publishedAt: '2025-12-09T18:00:00Z' }, TOOL]);
    const windowsParameters = { classificationsToInclude: ['Security', 'UpdateRollUp'], ...parameters };
    const asked = await post(`${app()}/installPatches${VM}`, install({ windowsParameters }));
    await wait(26);
    const states = Object.fromEntries((await result(asked)).patches.map(({ kbId, installationState }: Json) => [kbId, installationState]));
    expect(states).toEqual({ '5055555': 'Installed', '890830': 'Excluded' });
  });
  test('leaves out what wants a restart when told to', async () => {
    await lack('srv-app-01', [ROLLUP, TOOL]);
    const windowsParameters = { classificationsToInclude: ['Security', 'UpdateRollUp'], excludeKbsRequiringReboot: true };
    const asked = await post(`${app()}/installPatches${VM}`, install({ windowsParameters }));
    await wait(26);
    expect(await result(asked)).toMatchObject({ installedPatchCount: 1, excludedPatchCount: 1, rebootStatus: 'NotNeeded' });
  });
  test('takes Linux packages by a mask', async () => {
    await lack('lnx-api-01', [
      { name: 'openssl', classification: 'Security', version: '3.0.2' },
      { name: 'curl', classification: 'Other' },
    ]);
    const base = vm('lnx-api-01', 'rg-linux-prod');
    const asked = await post(`${base}/installPatches${VM}`, {
      rebootSetting: 'Never',
      linuxParameters: { packageNameMasksToInclude: ['open*'] },
    });
    await wait(26);
    const states = Object.fromEntries((await result(asked)).patches.map(({ name, installationState }: Json) => [name, installationState]));
    expect(states).toEqual({ openssl: 'Installed', curl: 'NotSelected' });
  });
  test('fails when something it needs is not there', async () => {
    await lack('srv-app-01', [{ ...TOOL, needs: ['KB5055555'] }, ROLLUP]);
    const asked = await post(`${app()}/installPatches${VM}`, install({ windowsParameters: { kbNumbersToInclude: ['890830'] } }));
    await wait(26);
    expect(await result(asked)).toMatchObject({
      status: 'Failed',
      failedPatchCount: 1,
      error: { message: expect.stringContaining('Malicious') },
    });
  });
  test.each([
    ['no reboot setting', { maximumDuration: 'PT2H' }, 'InvalidRequestContent'],
    ['a reboot setting there is not', install({ rebootSetting: 'Sometimes' }), 'InvalidRequestContent'],
    ['a duration above 4 hours', install({ maximumDuration: 'PT5H' }), 'InvalidParameter'],
    ['a duration that is none', install({ maximumDuration: '2 hours' }), 'InvalidParameter'],
    ['a classification there is not', install({ windowsParameters: { classificationsToInclude: ['Urgent'] } }), 'InvalidRequestContent'],
    ['a KB number that is none', install({ windowsParameters: { kbNumbersToInclude: ['x'] } }), 'InvalidRequestContent'],
    ['Linux parameters for Windows', { rebootSetting: 'Never', linuxParameters: {} }, 'InvalidParameter'],
    ['a member ARM does not know', install({ now: true }), 'BadRequest'],
    ['no body', undefined, 'InvalidRequestContent'],
  ])('refuses %s', async (_, body, code) => {
    expect(error(await post(`${app()}/installPatches${VM}`, body))).toEqual([400, code]);
  });
  test('survives a restart of the simulator', async () => {
    await lack('srv-app-01', [TOOL]);
    const asked = await post(`${app()}/installPatches${VM}`, install({ windowsParameters: { kbNumbersToInclude: ['890830'] } }));
    const { dataDir } = outside;
    await outside.close();
    outside = await startedOutside({ dataDir });
    await outside.door('POST', '/_clock', { rate: 0 });
    await wait(26);
    const location = String(asked.headers['location']).replace(/^https:\/\/[^/]+/, '');
    expect((await outside.arm('GET', location)).body).toMatchObject({ status: 'Succeeded', installedPatchCount: 1 });
  });
});

test('the reader may neither assess nor install', async () => {
  for (const verb of ['assessPatches', 'installPatches'])
    expect((await outside.arm('POST', `${app()}/${verb}${VM}`, { body: {} })).status).toBe(403);
});
