import { EDR_ASSESSMENTS } from '../../../../services/azure/edr-assessment.ts';
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
const assessments = () => connectTo(arm).collectors['edr-assessment']();
const finding = (which: keyof typeof EDR_ASSESSMENTS, code: string, more: object = {}) => ({
  id: `${a}/providers/Microsoft.Security/assessments/${EDR_ASSESSMENTS[which]}`,
  name: EDR_ASSESSMENTS[which].toUpperCase(),
  code,
  cause: '',
  additional: null,
  ...more,
});

test.each<[string, object[], object]>([
  [
    'another product, well',
    [
      finding('presence', 'Healthy', { additional: { edrSolution: 'CrowdStrike Falcon' } }),
      finding('configuration', 'NotApplicable', { cause: 'NotMde' }),
    ],
    { assessed: true, code: 'Healthy', cause: '', product: 'CrowdStrike Falcon' },
  ],
  [
    'no product',
    [
      finding('presence', 'Unhealthy', { cause: 'EdrNotInstalled', additional: { edrSolution: 'None' } }),
      finding('configuration', 'NotApplicable'),
    ],
    { assessed: true, code: 'Unhealthy', cause: 'EdrNotInstalled', product: null },
  ],
  [
    'a product that is set up badly',
    [
      finding('configuration', 'Unhealthy', { cause: 'EdrMisconfigured' }),
      finding('presence', 'Healthy', { additional: { solution: 'MDE', count: 1 } }),
    ],
    { assessed: true, code: 'Unhealthy', cause: 'EdrMisconfigured', product: 'MDE' },
  ],
  ['one finding alone', [finding('configuration', 'NotApplicable')], { assessed: true, code: 'NotApplicable', cause: '', product: null }],
])('reads %s', async (_words, rows, facts) => {
  answerGraph(arm, { machineIds: ids, edrAssessments: rows as never });
  const { subjects, failure } = await assessments();
  expect(failure).toBeNull();
  expect(subjects[a.toLowerCase()]).toMatchObject({ state: 'read', value: facts });
  expect(subjects[b.toLowerCase()]).toMatchObject({ state: 'read', value: { assessed: false } });
});

test('a list that lacks a row says nothing about anybody', async () => {
  answerShort(arm, { machineIds: ids, edrAssessments: [finding('presence', 'Healthy'), finding('configuration', 'Unhealthy')] }, [
    'edrAssessments',
  ]);
  const { subjects, failure } = await assessments();
  expect(subjects).toEqual({});
  expect(failure?.fix).not.toBe('');
});

test('a row of another shape makes its machine unread', async () => {
  answerGraph(arm, { machineIds: ids, edrAssessments: [finding('presence', 'Healthy'), finding('configuration', '')] });
  expect((await assessments()).subjects[a.toLowerCase()]).toMatchObject({ state: 'unread' });
});
