import type { Call } from '../../../core/plan.ts';
import { patchFailure } from '../../../playbook/platform/patch-failures.ts';
import { ARC, signed, VM } from './plans.ts';
import { connectTo, ONE, type PretendArm, startPretendArm } from './pretend-arm.ts';

let arm: PretendArm;
beforeEach(async () => {
  arm = await startPretendArm();
});
afterEach(() => arm.close());

const FOLLOWED = {
  [VM]: 'Microsoft.Compute/locations/westeurope/operations/1',
  [ARC]: 'Microsoft.HybridCompute/locations/westeurope/operationStatus/1',
};

/** What is read back of an installation of updates whose operation answers this. */
async function readBack(body: object, machine = VM) {
  const call: Call = {
    id: 'install',
    describes: 'install updates',
    method: 'POST',
    path: `${machine}/installPatches`,
    query: { 'api-version': '2024-11-01' },
    body: { rebootSetting: 'IfRequired' },
    settles: 'operation',
    timeoutSeconds: 60,
  };
  const followed = `/subscriptions/${ONE}/providers/${FOLLOWED[machine]}?api-version=2024-11-01`;
  arm.on('POST', /installPatches/, { status: 202, headers: { 'azure-asyncoperation': `${arm.url}${followed}` } });
  arm.on('GET', /\/operation/, { body });
  const one = signed(machine, call);
  const { writer } = connectTo(arm);
  const sent = await writer.send(one.plan, one.hash, one.target, one.call);
  expect(sent).toEqual({ kind: 'accepted', operation: followed });
  return writer.readBack(one.call, followed);
}

const result = (status: string, more: object = {}) => ({ status: 'Succeeded', properties: { output: { status, ...more } } });

describe.each([
  ['a virtual machine', VM],
  ['an Arc server', ARC],
])('an operation on %s', (_words, machine) => {
  test.each([
    ['is under way', { status: 'InProgress' }, 'running'],
    ['ended well and tells no result', { status: 'Succeeded' }, 'succeeded'],
    ['ended well with a good result', result('Succeeded', { maintenanceWindowExceeded: false, error: null }), 'succeeded'],
    ['ended well with a result of another kind', { status: 'Succeeded', properties: { output: 'x' } }, 'succeeded'],
    ['failed', { status: 'Failed', error: { code: 'Conflict', message: 'busy' } }, 'failed'],
    ['ended well with a result that is not known', result('Unknown'), 'failed'],
  ])('that %s', async (_state, body, kind) => {
    expect(await readBack(body, machine)).toMatchObject({ kind });
  });
});

test.each([
  [
    result('Failed', { error: { code: 'InstallationFailed', message: '2 of them' } }),
    'Azure ended it, and its result is Failed: InstallationFailed: 2 of them',
    /^updates could not be installed/,
  ],
  [
    result('CompletedWithWarnings', { errorDetails: { code: 'Partly', message: 'some' } }),
    'Azure ended it, and its result is CompletedWithWarnings: Partly: some',
    /^some updates went in and others did not/,
  ],
  [
    result('Succeeded', { maintenanceWindowExceeded: true }),
    'Azure ended it, and its result is Succeeded, out of time',
    /^its updates did not fit into the hours/,
  ],
])('a result that is not a success is a failure with words: %j', async (body, because, words) => {
  expect(await readBack(body)).toEqual({ kind: 'failed', because });
  expect(patchFailure(because)).toMatch(words);
});
