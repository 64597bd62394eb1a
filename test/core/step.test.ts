import type { Attestation } from '../../core/attestation.ts';
import { unread } from '../../core/evidence.ts';
import { DAY, HOUR } from '../../core/instant.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { AnyStep, Judgement } from '../../core/step.ts';
import { judge, judgeAll, kindsOf, notKnown, notRead, notReady, ready, step } from '../../core/step.ts';
import { guestFacts, machineFacts, NOW, person, SUBSCRIPTION, snapshotOf } from '../support/facts.ts';

const row = step({
  id: 'x',
  phase: 'prepare',
  title: '',
  why: '',
  link: '',
  subject: 'machine',
  needs: ['machine', 'guest'],
  appliesTo: { os: ['windows-server-2019'] },
  owner: 'server owner',
  check: () => ready('fine'),
});
const guest = guestFacts({ passiveKey: 1 });

/** The same step with another judgement, and other traits. */
function saying(judgement: Judgement, over: Partial<AnyStep> = {}): AnyStep {
  return { ...row, ...over, check: () => judgement };
}

/** What a step says of the only machine. */
function findingOf(of: AnyStep, snapshot: Snapshot, now = NOW) {
  return judge(of, snapshot.machines[0]!, snapshot, now);
}

describe('a finding', () => {
  it('is unknown while evidence is unread, with the reason and the fix', () => {
    const facts = machineFacts();
    const snapshot = snapshotOf([facts], { guest });
    const blind = {
      ...snapshot,
      evidence: { ...snapshot.evidence, guest: { [facts.id]: unread('403', 'grant Reader', 'probe', NOW - 5) } },
    };
    expect(findingOf(row, blind)).toMatchObject({
      verdict: 'unknown',
      code: 'unread',
      because: '403',
      fix: 'grant Reader',
      asOf: NOW - 5,
    });
  });

  it('is unknown when nobody has looked yet', () => {
    expect(findingOf(row, snapshotOf([machineFacts()]))).toMatchObject({ verdict: 'unknown', code: 'unread' });
  });

  it('turns unknown, never ready, when its evidence grows old', () => {
    const snapshot = snapshotOf([machineFacts()], { guest });
    expect(findingOf(row, snapshot, NOW + HOUR).verdict).toBe('ready');
    expect(findingOf(row, snapshot, NOW + 3 * HOUR)).toMatchObject({ verdict: 'unknown', code: 'stale', asOf: NOW });
  });

  it('turns unknown earlier where the step is stricter than the kind of evidence, and never later', () => {
    const snapshot = snapshotOf([machineFacts()], { guest });
    const strict = { ...row, within: { machine: HOUR } };
    expect(findingOf(strict, snapshot, NOW + HOUR).verdict).toBe('ready');
    expect(findingOf(strict, snapshot, NOW + HOUR + 1)).toMatchObject({ verdict: 'unknown', code: 'stale', asOf: NOW });
    expect(findingOf({ ...row, within: { machine: 9 * DAY } }, snapshot, NOW + 3 * HOUR).code).toBe('stale');
  });

  it('says what the check says, as of the oldest evidence it needed', () => {
    const facts = machineFacts();
    const old = snapshotOf([facts], { guest }, NOW - HOUR);
    const snapshot = { ...old, evidence: { ...old.evidence, machine: snapshotOf([facts]).evidence.machine! } };
    expect(findingOf(saying(notReady('a', 'no', 'Mend it.')), snapshot)).toEqual({
      stepId: 'x',
      subjectId: facts.id,
      verdict: 'not-ready',
      code: 'a',
      because: 'no',
      fix: 'Mend it.',
      asOf: NOW - HOUR,
    });
  });

  it('is unknown when the facts do not tell', () => {
    const says = saying(notKnown('disagree', 'one says yes, the other no', 'Look.'));
    expect(findingOf(says, snapshotOf([machineFacts()], { guest }))).toMatchObject({ verdict: 'unknown', code: 'disagree', fix: 'Look.' });
  });

  it.each([
    [null, 'unknown', 'os-unread'],
    ['unsupported', 'not-ready', 'unsupported'],
    ['linux', 'not-applicable', 'other-os'],
    ['windows-server-2019', 'ready', 'ready'],
  ] as const)('of a machine with the operating system %s is %s', (os, verdict, code) => {
    expect(findingOf(row, snapshotOf([machineFacts({ os })], { guest }))).toMatchObject({ verdict, code });
  });

  it('is not applicable on another kind of machine, whatever its operating system', () => {
    const arcOnly = { ...row, appliesTo: { kinds: ['arc'] } } as const;
    expect(findingOf(arcOnly, snapshotOf([machineFacts({ os: null })], { guest }))).toMatchObject({ code: 'other-kind' });
  });
});

describe('a server that is on the list and not in Azure', () => {
  const listed = (os: Parameters<typeof machineFacts>[0]) => snapshotOf([machineFacts({ ...os, id: 'listed:srv-01', kind: 'listed' })]);

  it.each([
    ['windows-server-2019', 'unknown', 'not-shown'],
    [null, 'unknown', 'not-shown'],
    ['unsupported', 'not-ready', 'unsupported'],
    ['linux', 'not-applicable', 'other-os'],
  ] as const)('counts in a step for it: said to run %s it is %s', (os, verdict, code) => {
    expect(findingOf(row, listed({ os }))).toMatchObject({ verdict, code });
  });

  it('counts in a step for connected servers too', () => {
    expect(findingOf({ ...row, appliesTo: { kinds: ['arc'] } }, listed({}))).toMatchObject({ verdict: 'unknown', code: 'not-shown' });
  });

  it('is judged by a step that is about such servers, also without an operating system', () => {
    const about = { ...saying(notReady('a', 'no', 'Mend it.')), needs: [], appliesTo: { kinds: ['arc', 'listed'] } } as const;
    expect(findingOf(about, listed({ os: null }))).toMatchObject({ verdict: 'not-ready', code: 'a' });
  });
});

describe('what a check may look at', () => {
  const seen: unknown[] = [];
  const looking = step({
    ...row,
    subject: 'machine',
    needs: ['machine'],
    uses: ['guest', 'updates', 'machine'],
    around: ['defender-extension'],
    check({ machine }, subject, beside, around) {
      seen.push(machine.name, subject.name, beside.machine.observedAt, beside.guest, beside.updates);
      seen.push(around.about('defender-extension', subject.id).state);
      return beside.updates.state === 'unread' ? notRead(beside.updates) : ready('fine');
    },
  });

  it('is what it needs and uses, what is unread or too old beside it included', () => {
    const facts = machineFacts();
    const old = snapshotOf([facts], { guest }, NOW - 2 * DAY);
    const snapshot = { ...old, evidence: { ...old.evidence, machine: snapshotOf([facts]).evidence.machine! } };
    seen.length = 0;
    const finding = findingOf(looking, snapshot);
    expect(seen.slice(0, 3)).toEqual(['srv-01', 'srv-01', NOW]);
    expect(seen[3]).toMatchObject({ state: 'unread', reason: 'the probe of the machine is too old to rely on', since: NOW - 2 * DAY });
    expect(seen[4]).toMatchObject({ state: 'unread' });
    expect(seen[5]).toBe('unread');
    expect(finding).toMatchObject({ verdict: 'unknown', code: 'unread', because: expect.stringContaining('update assessments') });
  });

  it('is told by the step, each kind once', () => {
    expect(kindsOf(looking)).toEqual(['machine', 'guest', 'updates', 'defender-extension']);
  });
});

describe('the surroundings', () => {
  const names = (host: string, ...machines: Parameters<typeof machineFacts>[0][]) => {
    const found: string[] = [];
    const looking = step({
      ...row,
      subject: 'subscription',
      needs: [],
      check(_facts, { id }, _beside, around) {
        found.push(...around.machinesNamed(host).map((machine) => machine.id));
        return ready(`${around.machinesIn(id.toUpperCase()).length} of ${around.machines.length}`);
      },
    });
    const snapshot = snapshotOf(machines.map((over, index) => machineFacts({ ...over, id: `/m/${index}` })));
    const [finding] = judgeAll(looking, snapshot, NOW);
    return { found, because: finding?.because };
  };

  it('find a machine by its name or its full name, in any letter case', () => {
    expect(names('SRV-WSUS', { name: 'srv-wsus' }, { name: 'srv-2' }).found).toEqual(['/m/0']);
    expect(names('srv-wsus.corp.example', { name: 'SRV-WSUS', fqdn: 'srv-wsus.corp.example' }).found).toEqual(['/m/0']);
  });

  it('take a full name to mean those that bear it, and only otherwise those that do not tell theirs', () => {
    const full = { name: 'srv-1', fqdn: 'srv-1.b.example' };
    expect(names('srv-1.b.example', { name: 'srv-1' }, full).found).toEqual(['/m/1']);
    expect(names('srv-1.a.example', { name: 'srv-1' }, full).found).toEqual(['/m/0']);
    expect(names('srv-1', { name: 'srv-1' }, full).found).toEqual(['/m/0', '/m/1']);
    expect(names('srv-9', full).found).toEqual([]);
  });

  it('know the machines of a subscription', () => {
    expect(names('x', {}, { subscriptionId: 'other' }).because).toBe('1 of 2');
    expect(SUBSCRIPTION).toMatch(/^2/);
  });
});

describe('a person’s word', () => {
  const unknown = saying(notKnown('unseen', 'no API shows it', 'Look.'), { attestable: { statement: 'It is so.', holdsDays: 30 } });
  const word = (over: Partial<Attestation> = {}): Attestation => ({
    id: 'a-1',
    stepId: 'x',
    statement: 'It is so.',
    scope: { ring: 'canary' },
    by: person(4, 'Ana Diaz'),
    at: NOW - DAY,
    until: NOW + DAY,
    link: '',
    note: '',
    ...over,
  });
  const given = (...attestations: Attestation[]) => ({ ...snapshotOf([machineFacts()], { guest }), attestations });

  it('makes ready what facts leave unknown, with who and until when', () => {
    expect(findingOf(unknown, given(word()))).toMatchObject({
      verdict: 'ready',
      code: 'attested',
      because: 'Ana Diaz vouched for it on 2026-11-21, until 2026-11-23',
      asOf: NOW - DAY,
    });
  });

  it('makes ready what could not be read, too', () => {
    const blind = { ...snapshotOf([machineFacts()]), attestations: [word()] };
    expect(findingOf(unknown, blind)).toMatchObject({ verdict: 'ready', code: 'attested' });
  });

  it('never stands against a fact', () => {
    const says = { ...unknown, check: () => notReady('a', 'it is not so', 'Mend it.') };
    expect(findingOf(says, given(word()))).toMatchObject({ verdict: 'not-ready', code: 'a' });
    expect(findingOf({ ...unknown, check: () => ready('seen') }, given(word()))).toMatchObject({ code: 'ready', because: 'seen' });
    const outside = { ...snapshotOf([machineFacts({ os: 'unsupported' })]), attestations: [word()] };
    expect(findingOf(unknown, outside)).toMatchObject({ verdict: 'not-ready', code: 'unsupported' });
  });

  it('ages to the millisecond, and says so beside the reason', () => {
    expect(findingOf(unknown, given(word({ until: NOW + 1 }))).verdict).toBe('ready');
    expect(findingOf(unknown, given(word({ until: NOW })))).toMatchObject({
      verdict: 'unknown',
      code: 'attestation-expired',
      because: 'Ana Diaz vouched for it on 2026-11-21, and that held until 2026-11-22; no API shows it',
      fix: 'Have it attested again: attest x.',
      asOf: NOW,
    });
  });

  it('counts as the newest one says', () => {
    expect(findingOf(unknown, given(word({ until: NOW }), word({ id: 'a-2' })))).toMatchObject({ code: 'attested' });
  });

  it.each([
    ['another step', { stepId: 'y' }],
    ['another ring', { scope: { ring: 'broad' } }],
    ['another machine', { scope: { machine: 'srv-02' } }],
  ])('given for %s does not count', (_what, over) => {
    expect(findingOf(unknown, given(word(over)))).toMatchObject({ verdict: 'unknown', code: 'unseen' });
  });

  it.each([
    ['whose operating system is unread', machineFacts({ os: null }), 'os-unread'],
    ['that Azure does not show', machineFacts({ kind: 'listed' }), 'not-shown'],
  ])('does not count for a machine %s: whether it is meant is not known', (_what, facts, code) => {
    const spoken = { ...snapshotOf([facts], { guest }), attestations: [word({ scope: {} })] };
    expect(findingOf(unknown, spoken)).toMatchObject({ verdict: 'unknown', code });
  });

  it('does not count for a step that nobody may vouch for', () => {
    const { attestable: _gone, ...plain } = unknown;
    expect(findingOf(plain, given(word()))).toMatchObject({ verdict: 'unknown', code: 'unseen' });
  });
});

describe('a step that the migration file switches off', () => {
  const off = { ...snapshotOf([machineFacts()]), switchedOff: { x: 'no licence for it' } };

  it('is not applicable, with the reason', () => {
    expect(findingOf({ ...row, optional: true }, off)).toMatchObject({
      verdict: 'not-applicable',
      code: 'switched-off',
      because: 'switched off in the migration file: no licence for it',
    });
  });

  it('is judged all the same when it is not optional', () => {
    expect(findingOf(row, off)).toMatchObject({ verdict: 'unknown', code: 'unread' });
  });
});

describe('a step that a later phase undoes', () => {
  const undone = saying(notReady('undone', 'it is undone', 'Redo it.'), { holdsThrough: 'prepare' });
  const closed = (ring: string, phase: 'prepare' | 'onboard' = 'prepare') => ({ phase, ring, closedAt: NOW - DAY, plan: 'GL-0001' });
  const subscription = { ...undone, subject: 'subscription', needs: [], appliesTo: {} } as const;
  const organisation = { ...subscription, subject: 'organisation' } as const;
  const fleet = (...rings: string[]) =>
    snapshotOf(
      rings.map((ring, index) => machineFacts({ id: `/m/${index}`, tags: { ring } })),
      { guest },
    );

  it('is watched until that phase is closed for the ring, and behind from then on', () => {
    expect(findingOf(undone, fleet('canary'))).toMatchObject({ verdict: 'not-ready' });
    expect(findingOf(undone, { ...fleet('canary'), gates: [closed('broad'), closed('canary', 'onboard')] }).verdict).toBe('not-ready');
    expect(findingOf(undone, { ...fleet('canary'), gates: [closed('Canary')] })).toMatchObject({
      verdict: 'not-applicable',
      code: 'behind',
      because: 'Prepare is closed, and this had to hold until then',
    });
    expect(findingOf({ ...undone, holdsThrough: 'onboard' }, { ...fleet('canary'), gates: [closed('canary')] }).verdict).toBe('not-ready');
  });

  it.each([subscription, organisation])('is watched for a $subject until the phase is closed for every ring in it', (about) => {
    const of = (gates: Snapshot['gates'], ...rings: string[]) => judgeAll(about, { ...fleet(...rings), gates }, NOW)[0];
    expect(of([closed('canary')], 'canary', 'broad')).toMatchObject({ verdict: 'not-ready' });
    expect(of([closed('canary'), closed('broad')], 'canary', 'broad')).toMatchObject({ verdict: 'not-applicable', code: 'behind' });
  });

  it('is not re-opened by a machine in no ring, and a machine in no ring closes nothing', () => {
    const of = (...rings: string[]) => judgeAll(subscription, { ...fleet(...rings), gates: [closed('canary')] }, NOW)[0];
    expect(of('canary', 'unassigned')).toMatchObject({ code: 'behind' });
    expect(of('unassigned')).toMatchObject({ verdict: 'not-ready' });
    expect(of()).toMatchObject({ verdict: 'not-ready' });
  });
});
