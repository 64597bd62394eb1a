import { answerGraph } from '../graph-pages.ts';
import { AGENT, ANCESTORS, assignment, assignmentId, OTHER, remediation, remediationList, showAssignments } from '../policy-pages.ts';
import type { PretendArm } from '../pretend-arm.ts';
import { connectTo, ONE, showSubscriptions, startPretendArm, TWO } from '../pretend-arm.ts';

let arm: PretendArm;
beforeEach(async () => {
  arm = await startPretendArm();
  showSubscriptions(arm);
  answerGraph(arm, { ancestors: ANCESTORS });
});
afterEach(() => arm.close());

const progress = () => connectTo(arm).collectors['policy-progress']();
const SUMMARY = new RegExp(`^/subscriptions/${ONE}/providers/Microsoft\\.PolicyInsights/policyStates/latest/summarize\\?`);
const summary = (...policyAssignments: object[]) => ({ body: { value: [{ results: {}, policyAssignments }] } });
const counted = (id: string, ...resourceDetails: object[]) => ({ policyAssignmentId: id.toLowerCase(), results: { resourceDetails } });

test('reads how many comply with each assignment that matters, and its remediations', async () => {
  showAssignments(arm, [assignment('agents', AGENT), assignment("o'brien", AGENT), assignment('other', OTHER)]);
  arm.on('GET', remediationList(`/subscriptions/${ONE}`), {
    body: { value: [remediation(assignmentId('AGENTS'), 'Running'), remediation(assignmentId('other'), 'Running')] },
  });
  arm.on(
    'POST',
    SUMMARY,
    summary(counted(assignmentId('agents'), { complianceState: 'noncompliant', count: 7 }, { complianceState: 'Compliant', count: 3 })),
  );
  const { subjects, failure } = await progress();
  expect(failure).toBeNull();
  expect(subjects[ONE]).toMatchObject({
    state: 'read',
    value: {
      assignments: [
        { id: assignmentId('agents').toLowerCase(), name: 'shown agents', compliant: 3, nonCompliant: 7 },
        { id: assignmentId("o'brien").toLowerCase(), name: "shown o'brien", compliant: 0, nonCompliant: 0 },
      ],
      remediations: [{ assignmentId: assignmentId('agents').toLowerCase(), state: 'Running', total: 5, successful: 3, failed: 1 }],
    },
  });
  expect(subjects[TWO]).toMatchObject({ state: 'read', value: { assignments: [], remediations: [] } });
  const asked = arm.asked.filter(({ path }) => path.includes('summarize'));
  expect(asked).toHaveLength(1);
  const filter = new URL(asked[0]?.path ?? '', arm.url).searchParams.get('$filter');
  expect(filter).toBe(
    `PolicyAssignmentId eq '${assignmentId('agents').toLowerCase()}' or PolicyAssignmentId eq '${assignmentId("o''brien").toLowerCase()}'`,
  );
});

test('a remediation that has not begun has deployed nothing', async () => {
  showAssignments(arm, [assignment('agents', AGENT)]);
  arm.on('GET', remediationList(`/subscriptions/${ONE}`), {
    body: { value: [remediation(assignmentId('agents'), 'Accepted', { deploymentStatus: undefined })] },
  });
  arm.on('POST', SUMMARY, summary());
  expect((await progress()).subjects[ONE]).toMatchObject({
    value: { remediations: [{ state: 'Accepted', total: 0, successful: 0, failed: 0 }] },
  });
});

test('a refusal names the role', async () => {
  showAssignments(arm, [assignment('agents', AGENT)]);
  arm.on('POST', SUMMARY, { status: 403, body: { error: { code: 'AuthorizationFailed' } } });
  const { subjects } = await progress();
  expect(subjects[ONE]).toMatchObject({
    state: 'unread',
    reason: expect.stringContaining('may not read the policy compliance of subscription corp-prod'),
    fix: expect.stringContaining('role Reader on subscription corp-prod'),
  });
  expect(subjects[TWO]?.state).toBe('read');
});

test.each([[{ body: {} }], [{ body: { value: [] } }], [{ body: { value: [{ results: {} }] } }], [{ text: 'oops' }]])(
  'an answer of another shape (%j) is unread, not “nobody complies”',
  async (answer) => {
    showAssignments(arm, [assignment('agents', AGENT)]);
    arm.on('POST', SUMMARY, answer);
    expect((await progress()).subjects[ONE]).toMatchObject({ state: 'unread' });
  },
);

test('a summary that Azure fails on is asked for again', async () => {
  showAssignments(arm, [assignment('agents', AGENT)]);
  arm.on('POST', SUMMARY, (_asked, times) => (times === 1 ? { status: 503 } : summary()));
  expect((await progress()).subjects[ONE]?.state).toBe('read');
});
