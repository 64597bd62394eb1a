import { answerGraph, arcId, GRAPH, page, queryOf, vmId } from '../graph-pages.ts';
import type { PretendArm } from '../pretend-arm.ts';
import { connectTo, memoryLog, NOW, ONE, showSubscriptions, startPretendArm, TWO } from '../pretend-arm.ts';

let arm: PretendArm;
beforeEach(async () => {
  arm = await startPretendArm();
  showSubscriptions(arm);
});
afterEach(() => arm.close());

const extensions = () => connectTo(arm).collectors['defender-extension']();
const row = (id: string, name: string, state = 'Succeeded') => ({ id: `${id}/Extensions/${name}`, extension: name, state, version: '1.0' });

test('knows the machines that have none, whatever the letter case of the ids', async () => {
  answerGraph(arm, {
    machineIds: [{ id: vmId(ONE, 'a') }, { id: arcId(TWO, 'b') }],
    extensions: [row(arcId(TWO, 'B'), 'MDE.Windows')],
  });
  const { subjects, failure } = await extensions();
  expect(failure).toBeNull();
  expect(subjects[vmId(ONE, 'a').toLowerCase()]).toEqual({
    state: 'read',
    value: { present: false },
    source: 'Azure Resource Graph',
    observedAt: NOW,
  });
  expect(subjects[arcId(TWO, 'b').toLowerCase()]).toMatchObject({
    value: { present: true, type: 'MDE.Windows', state: 'Succeeded', version: '1.0', message: '', exitCode: null },
  });
});

test('never says “none” when the list of extensions is not complete', async () => {
  arm.on('POST', GRAPH, (asked) =>
    queryOf(asked) === 'extensions'
      ? page([row(vmId(ONE, 'a'), 'MDE.Windows')], { total: 2 })
      : page([{ id: vmId(ONE, 'a') }, { id: vmId(ONE, 'b') }]),
  );
  const { subjects, failure } = await extensions();
  expect(failure).not.toBeNull();
  expect(Object.keys(subjects)).toEqual([vmId(ONE, 'a').toLowerCase()]);
});

test('a list of machines that is not complete is said, and takes nothing away from what was read', async () => {
  arm.on('POST', GRAPH, (asked) =>
    queryOf(asked) === 'extensions' ? page([row(vmId(ONE, 'a'), 'MDE.Windows')]) : page([{ id: vmId(ONE, 'b') }], { total: 2 }),
  );
  const { subjects, failure } = await extensions();
  expect(failure?.reason).toContain('sent 1 of 2 rows');
  expect(Object.keys(subjects)).toHaveLength(2);
});

test('a row of another shape is unread, not “none”', async () => {
  answerGraph(arm, { machineIds: [{ id: vmId(ONE, 'a') }], extensions: [{ ...row(vmId(ONE, 'a'), 'MDE.Windows'), state: null }] });
  expect((await extensions()).subjects[vmId(ONE, 'a').toLowerCase()]).toMatchObject({ state: 'unread' });
});

describe('one that did not succeed', () => {
  const web = vmId(ONE, 'a');
  const branch = arcId(TWO, 'b');
  const vmView = (statuses: object[], substatuses: object[] = []) => ({
    body: {
      location: 'westeurope',
      properties: {
        instanceView: {
          extensions: [
            { name: 'Other', statuses: [] },
            { name: 'mde.windows', statuses, substatuses },
          ],
        },
      },
    },
  });
  const failed = (message: string) => ({ code: 'ProvisioningState/failed/1', level: 'Error', message });
  const VM = /\/virtualMachines\/a\?/i;
  const ARC = /\/machines\/b\/extensions\/MDE\.Linux\?/i;

  test('tells its provider’s own words and the exit code, of Azure VMs and of Arc servers', async () => {
    answerGraph(arm, { extensions: [row(web, 'MDE.Windows', 'Failed'), row(branch, 'MDE.Linux', 'Updating')] });
    arm.on('GET', VM, vmView([failed('It failed')], [{ code: 'ComponentStatus/StdErr/failed', message: 'exit code 5: conflict' }]));
    arm.on('GET', ARC, {
      body: { properties: { instanceView: { status: { code: 'error', level: 'Error', message: 'exit code 31: no answer' } } } },
    });
    const { subjects, failure } = await extensions();
    expect(failure).toBeNull();
    expect(subjects[web.toLowerCase()]).toMatchObject({ value: { state: 'Failed', message: 'It failed', exitCode: 5 } });
    expect(subjects[branch.toLowerCase()]).toMatchObject({
      value: { state: 'Updating', message: 'exit code 31: no answer', exitCode: 31 },
    });
    expect(arm.asked.find(({ path }) => VM.test(path))?.path).toContain('expand=instanceView');
    expect(arm.asked.every(({ authorization }) => authorization === 'Bearer reader-token')).toBe(true);
  });

  test.each([
    ['is refused', { status: 403, body: { error: { code: 'AuthorizationFailed' } } }],
    ['has gone', { status: 404 }],
    ['answers in another shape', { body: { properties: { instanceView: { extensions: [{ name: 'MDE.Windows', statuses: 7 }] } } } }],
    ['says nothing', { body: { properties: {} } }],
  ])('keeps its state and says nothing more when its provider %s', async (_words, answer) => {
    answerGraph(arm, { extensions: [row(web, 'MDE.Windows', 'Failed')] });
    arm.on('GET', VM, answer);
    const { subjects, failure } = await extensions();
    expect(failure).toBeNull();
    expect(subjects[web.toLowerCase()]).toMatchObject({ state: 'read', value: { state: 'Failed', message: '', exitCode: null } });
  });

  test('what succeeded is not asked about', async () => {
    answerGraph(arm, { extensions: [row(web, 'MDE.Windows')] });
    await extensions();
    expect(arm.asked.filter(({ path }) => /virtualMachines/i.test(path))).toEqual([]);
  });

  test('those that failed are asked about first, and five hundred at most', async () => {
    const rows = Array.from({ length: 400 }, (_, nth) => row(arcId(nth % 2 ? ONE : TWO, `c${nth}`), 'MDE.Windows', 'Creating'));
    const bad = Array.from({ length: 200 }, (_, nth) => row(arcId(nth % 2 ? ONE : TWO, `f${nth}`), 'MDE.Windows', 'Failed'));
    answerGraph(arm, { extensions: [...rows, ...bad] });
    arm.on('GET', /\/extensions\/MDE/, { body: { properties: { instanceView: { status: { code: 'error', message: 'exit code 4' } } } } });
    const { subjects } = await extensions();
    const told = Object.values(subjects).flatMap((one) =>
      one.state === 'read' && one.value.present && one.value.message ? [one.value.state] : [],
    );
    expect(told.filter((state) => state === 'Failed')).toHaveLength(200);
    expect(told.length).toBeLessThanOrEqual(500);
    expect(arm.asked.filter(({ path }) => path.includes('/extensions/')).length).toBeLessThanOrEqual(500);
  });

  test('a subscription that is throttled is not asked about the rest', async () => {
    const rows = Array.from({ length: 60 }, (_, nth) => row(arcId(TWO, `f${nth}`), 'MDE.Windows', 'Failed'));
    answerGraph(arm, { extensions: rows });
    arm.on('GET', /\/extensions\/MDE/, { status: 429, headers: { 'retry-after': '3600' } });
    const log = memoryLog();
    const { subjects } = await connectTo(arm, { log }).collectors['defender-extension']();
    expect(Object.keys(subjects)).toHaveLength(60);
    expect(arm.asked.filter(({ path }) => path.includes('/extensions/')).length).toBeLessThan(10);
  });

  test('is not hidden by a healthy one beside it', async () => {
    for (const order of [
      [row(web, 'MDE.Windows', 'Failed'), row(web, 'MDE.Linux')],
      [row(web, 'MDE.Linux'), row(web, 'MDE.Windows', 'Failed')],
    ]) {
      answerGraph(arm, { machineIds: [{ id: web }], extensions: order });
      expect((await extensions()).subjects[web.toLowerCase()]).toMatchObject({ value: { state: 'Failed' } });
    }
  });
});
