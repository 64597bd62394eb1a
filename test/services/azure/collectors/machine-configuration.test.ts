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
const configurations = () => connectTo(arm).collectors['machine-configuration']();
const assignment = (machine: string, name: string, more: object = {}) => ({
  id: `${machine}/providers/Microsoft.GuestConfiguration/guestConfigurationAssignments/${name}`,
  name,
  state: 'Compliant',
  checked: '2026-03-02T07:00:00Z',
  report: '',
  ...more,
});
const reportOf = (...phrases: string[]) =>
  JSON.stringify([
    { resourceId: '[Registry]Key', complianceStatus: 'NonCompliant', reasons: phrases.map((phrase) => ({ code: 'x', phrase })) },
  ]);

test('reads every assignment of a machine with the reasons of its last report', async () => {
  answerGraph(arm, {
    machineIds: ids,
    configurations: [
      assignment(a, 'Key', { state: 'NonCompliant', report: reportOf('The value is "0",\n not 1.', 'Another.') }),
      assignment(a.toLowerCase(), 'Service', { state: 'Pending', checked: '' }),
    ],
  });
  const { subjects, failure } = await configurations();
  expect(failure).toBeNull();
  expect(subjects[a.toLowerCase()]).toMatchObject({
    value: {
      assignments: [
        {
          name: 'Key',
          state: 'NonCompliant',
          checkedAt: Date.parse('2026-03-02T07:00:00Z'),
          reasons: ['The value is "0", not 1.', 'Another.'],
        },
        { name: 'Service', state: 'Pending', checkedAt: null, reasons: [] },
      ],
    },
  });
  expect(subjects[b.toLowerCase()]).toMatchObject({ value: { assignments: [] } });
});

test('a report that is cut in the middle gives the whole reasons before the cut', async () => {
  const report = reportOf('First.', 'Second.', 'Third.');
  answerGraph(arm, { configurations: [assignment(a, 'Key', { report: report.slice(0, report.indexOf('Third') + 3) })] });
  expect((await configurations()).subjects[a.toLowerCase()]).toMatchObject({
    value: { assignments: [{ reasons: ['First.', 'Second.'] }] },
  });
});

test('reasons are told once each, ten at most', async () => {
  const many = Array.from({ length: 30 }, (_, nth) => `Reason ${Math.floor(nth / 2)}.`);
  answerGraph(arm, { configurations: [assignment(a, 'Key', { report: reportOf(...many) })] });
  expect((await configurations()).subjects[a.toLowerCase()]).toMatchObject({
    value: { assignments: [{ reasons: Array.from({ length: 10 }, (_, nth) => `Reason ${nth}.`) }] },
  });
});

test('a list that lacks a row says nothing about anybody: any machine may have had it', async () => {
  answerShort(arm, { machineIds: ids, configurations: [assignment(a, 'Key'), assignment(a, 'Service')] }, ['configurations']);
  const { subjects, failure } = await configurations();
  expect(subjects).toEqual({});
  expect(failure?.reason).toContain('the machine configuration');
});

test('a row of another shape makes its machine unread', async () => {
  answerGraph(arm, { machineIds: ids, configurations: [assignment(a, 'Key', { state: '' }), assignment(a, 'Service')] });
  const { subjects } = await configurations();
  expect(subjects[a.toLowerCase()]).toMatchObject({ state: 'unread' });
  expect(subjects[b.toLowerCase()]).toMatchObject({ state: 'read' });
});
