import { answerGraph, answerShort, arcId, GRAPH, page, queryOf, vmId } from '../graph-pages.ts';
import type { PretendArm } from '../pretend-arm.ts';
import { connectTo, NOW, ONE, showSubscriptions, startPretendArm, TWO } from '../pretend-arm.ts';

let arm: PretendArm;
beforeEach(async () => {
  arm = await startPretendArm();
  showSubscriptions(arm);
});
afterEach(() => arm.close());

const a = vmId(ONE, 'a');
const b = arcId(TWO, 'b');
const ids = [{ id: a }, { id: b }];
const updates = () => connectTo(arm).collectors.updates();
const clean = { critical: 0, security: 0, updateRollup: 0, definition: 0, updates: 0, other: 0 };
const summary = (id: string, more: object = {}) => ({
  id: `${id}/patchAssessmentResults/latest`,
  status: 'Succeeded',
  osType: 'Windows',
  service: 'WU-WSUS',
  rebootPending: 'false',
  assessed: '2026-03-02T07:00:00Z',
  errors: null,
  counts: clean,
  ...more,
});
const patch = (id: string, kb: string, name: string, more: object = {}) => ({
  id: `${id}/patchAssessmentResults/latest/softwarePatches/${kb}${name}`,
  kb,
  patch: name,
  classifications: ['Security'],
  ...more,
});

test('reads when it was assessed, by which service, and what is missing', async () => {
  answerGraph(arm, {
    machineIds: ids,
    assessments: [
      summary(a.toUpperCase(), { rebootPending: 'true', counts: { ...clean, security: 1 } }),
      summary(b, { service: 'Unknown' }),
    ],
    patches: [patch(a, '5034127', 'Rollup'), patch(a, 'KB2267602', 'Definitions', { classifications: ['Definition', 'Updates'] })],
  });
  const { subjects, failure } = await updates();
  expect(failure).toBeNull();
  expect(subjects[a.toLowerCase()]).toEqual({
    state: 'read',
    source: 'Azure Resource Graph',
    observedAt: NOW,
    value: {
      assessed: true,
      assessedAt: Date.parse('2026-03-02T07:00:00Z'),
      service: 'WU-WSUS',
      rebootPending: true,
      error: '',
      pending: [
        { kb: 'KB5034127', name: 'Rollup', classification: 'Security' },
        { kb: 'KB2267602', name: 'Definitions', classification: 'Definition, Updates' },
      ],
    },
  });
  expect(subjects[b.toLowerCase()]).toMatchObject({ value: { service: '', rebootPending: false, pending: [] } });
});

test('a machine without an assessment is told from one nobody saw', async () => {
  answerGraph(arm, { machineIds: ids, assessments: [summary(a)] });
  expect((await updates()).subjects[b.toLowerCase()]).toMatchObject({ state: 'read', value: { assessed: false } });
  answerShort(arm, { machineIds: ids, assessments: [summary(a), summary(b)] }, ['assessments']);
  const { subjects, failure } = await updates();
  expect(Object.keys(subjects)).toEqual([a.toLowerCase()]);
  expect(failure?.reason).toContain('sent 1 of 2 rows');
});

test('no assessment is clean while patches may lie on a page that was lost', async () => {
  const counts = { ...clean, security: 2 };
  answerShort(arm, { machineIds: ids, assessments: [summary(a, { counts })], patches: [patch(a, '1', 'x'), patch(a, '2', 'y')] }, [
    'patches',
  ]);
  const { subjects, failure } = await updates();
  expect(subjects).toEqual({});
  expect(failure).not.toBeNull();
});

test('nothing can be read of a table that is refused, and the role is named', async () => {
  arm.on('POST', GRAPH, (asked) =>
    queryOf(asked) === 'patches' ? { status: 403, body: { error: { code: 'AuthorizationFailed' } } } : page([summary(a)]),
  );
  const { subjects, failure } = await updates();
  expect(subjects).toEqual({});
  expect(failure).toMatchObject({
    reason: expect.stringContaining('may not read the update assessments'),
    fix: expect.stringContaining('role Reader'),
  });
});

test.each([
  ['is under way', { status: 'InProgress' }, 'is under way'],
  ['counts updates and lists none', { counts: { ...clean, critical: 3 } }, 'counts updates and lists none'],
  ['does not say when it was', { assessed: '' }, 'expected shape'],
  ['has counts of another shape', { counts: 'many' }, 'expected shape'],
])('an assessment that %s is unread', async (_words, more, reason) => {
  answerGraph(arm, { machineIds: ids, assessments: [summary(a, more)] });
  expect((await updates()).subjects[a.toLowerCase()]).toMatchObject({ state: 'unread', reason: expect.stringContaining(reason) });
});

test('Linux counts packages that are not listed here, and is read all the same', async () => {
  const more = { osType: 'Linux', service: 'APT', counts: { ...clean, security: 40 } };
  answerGraph(arm, { machineIds: ids, assessments: [summary(a, more)], patches: [patch(a, '', 'mdatp', { classifications: null })] });
  expect((await updates()).subjects[a.toLowerCase()]).toMatchObject({
    value: { service: 'APT', pending: [{ kb: '', name: 'mdatp', classification: '' }] },
  });
});

test('a patch of another shape makes its machine unread, not clean', async () => {
  answerGraph(arm, { machineIds: ids, assessments: [summary(a), summary(b)], patches: [{ ...patch(a, '1', 'x'), patch: null }] });
  const { subjects } = await updates();
  expect(subjects[a.toLowerCase()]).toMatchObject({ state: 'unread' });
  expect(subjects[b.toLowerCase()]).toMatchObject({ state: 'read' });
});

test.each<[string, object, string]>([
  ['no error', { errors: { code: 'Success', message: '0 error/s reported.', details: [] } }, ''],
  ['an error', { errors: { code: 'PackageListFailed', message: 'the list\nfailed', details: [] } }, 'the list failed'],
  ['an error whose details say more', { errors: { code: '1', message: '', details: [{ code: '0x8024402c', message: '' }] } }, '1'],
  ['a failure without a word', { status: 'Failed' }, 'the assessment failed'],
])('tells %s of an assessment', async (_words, more, error) => {
  answerGraph(arm, { machineIds: ids, assessments: [summary(a, more)] });
  expect((await updates()).subjects[a.toLowerCase()]).toMatchObject({ value: { error } });
});
