import type { Attestation } from '../../core/attestation.ts';
import { attestationFor, offerId } from '../../core/attestation.ts';
import { attestersOf, attestScope, heldUntil, mayAttest, mayTakeBack } from '../../core/attesting.ts';
import { DAY, HOUR, MINUTE } from '../../core/instant.ts';
import type { Scope } from '../../core/scope.ts';
import { judge, step } from '../../core/step.ts';
import { machineFacts, migration, NOW, person, SUBSCRIPTION, snapshotOf, utc } from '../support/facts.ts';

const member = (digit: number, isGuest = false) => ({ ...person(digit), memberId: null, isGuest });
const word: Attestation = {
  id: 'a',
  stepId: 'x',
  statement: 'It is so.',
  scope: {},
  by: person(4),
  at: NOW,
  until: NOW + 30 * DAY,
  link: '',
  note: '',
};

describe('who may vouch for a step', () => {
  const listed = { ...migration, attesters: { x: [person(4)] } };

  it('are those the file lists for it, and where it lists nobody the approvers', () => {
    expect(attestersOf(listed, 'x')).toEqual([person(4)]);
    expect(attestersOf(listed, 'y')).toEqual(migration.approvers);
    expect(mayAttest(listed, 'x', member(4))).toBeNull();
    expect(mayAttest(listed, 'y', member(1))).toBeNull();
  });

  it.each([
    ['an approver where others are listed', 'x', member(1), 'not-attester'],
    ['one listed for another step', 'y', member(4), 'not-attester'],
    ['somebody with the same object id in another tenant', 'x', { ...member(4), tenantId: person(5).objectId }, 'not-attester'],
    ['somebody with the same name', 'x', { ...member(5), name: person(4).name }, 'not-attester'],
    ['a listed person whom Teams does not confirm', 'x', member(4, true), 'guest'],
  ])('are not %s', (_who, stepId, who, code) => {
    expect(mayAttest(listed, stepId, who)).toMatchObject({ code });
  });

  it('may take any word for it back; its author may take theirs back even when no longer listed', () => {
    const others = { ...migration, attesters: { x: [person(5)] } };
    expect(mayTakeBack(others, word, member(5))).toBeNull();
    expect(mayTakeBack(others, word, member(4))).toBeNull();
    expect(mayTakeBack(others, word, member(1))).toMatchObject({ code: 'not-attester' });
    expect(mayTakeBack(others, word, member(4, true))).toMatchObject({ code: 'guest' });
  });
});

describe('what a word is about', () => {
  const machines = [
    machineFacts({ id: '/m/1', name: 'srv-1', resourceGroup: 'rg-a', tags: { ring: 'canary' } }),
    machineFacts({ id: '/m/2', name: 'srv-2', resourceGroup: 'rg-a', tags: { ring: 'canary' } }),
    machineFacts({ id: '/m/3', name: 'SRV-2', resourceGroup: 'rg-b', tags: {} }),
  ];
  const snapshot = snapshotOf(machines);
  const about = (subject: 'machine' | 'subscription' | 'organisation', scope: Scope) =>
    attestScope({ subject }, scope, migration, snapshot);

  it.each<['machine' | 'subscription' | 'organisation', Scope, Scope]>([
    ['machine', {}, {}],
    ['machine', { ring: 'CANARY' }, { ring: 'canary' }],
    ['machine', { subscription: 'Corp-Prod' }, { subscription: SUBSCRIPTION }],
    ['machine', { resourceGroup: 'RG-A' }, { resourceGroup: 'rg-a' }],
    ['machine', { machine: 'SRV-1' }, { subscription: SUBSCRIPTION, resourceGroup: 'rg-a', machine: 'srv-1' }],
    ['machine', { machine: 'srv-2', resourceGroup: 'RG-B' }, { subscription: SUBSCRIPTION, resourceGroup: 'rg-b', machine: 'SRV-2' }],
    ['subscription', { subscription: 'corp-prod' }, { subscription: SUBSCRIPTION }],
    ['organisation', {}, {}],
  ])('of a step of %s: %j is %j', (subject, scope, expected) => {
    expect(about(subject, scope)).toEqual({ kind: 'ok', value: expected });
  });

  it.each<['machine' | 'subscription' | 'organisation', Scope, string]>([
    ['organisation', { ring: 'canary' }, 'too-narrow'],
    ['subscription', { ring: 'canary' }, 'too-narrow'],
    ['subscription', { machine: 'srv-1' }, 'too-narrow'],
    ['machine', { ring: 'finance' }, 'unknown-ring'],
    ['machine', { ring: 'broad' }, 'empty'],
    ['machine', { machine: 'srv-2' }, 'several-machines'],
    ['machine', { machine: 'srv-1*' }, 'several-machines'],
    ['machine', { machine: '*' }, 'several-machines'],
    ['machine', { machine: 'srv-9' }, 'unknown-machine'],
    ['machine', { machine: 'srv-1', ring: 'broad' }, 'empty'],
    ['subscription', { subscription: 'corp-other' }, 'unknown-subscription'],
  ])('of a step of %s is not %j', (subject, scope, code) => {
    expect(about(subject, scope)).toMatchObject({ kind: 'refused', code });
  });

  it('has an id that covers every word of it', () => {
    const offer = { stepId: 'x', statement: 'It is so.', scope: { ring: 'canary' }, until: NOW };
    const changed = [
      { ...offer, stepId: 'y' },
      { ...offer, statement: 'It is so' },
      { ...offer, scope: {} },
      { ...offer, until: NOW + 1 },
    ];
    expect(new Set([offer, ...changed].map(offerId)).size).toBe(5);
    expect(offerId({ ...offer })).toBe(offerId(offer));
  });
});

describe('how long a word holds', () => {
  it('is to the end of its last day, by the wall clock', () => {
    const until = heldUntil({ statement: '', holdsDays: 30 }, NOW, utc);
    expect(new Date(until).toISOString()).toBe('2026-12-22T23:59:00.000Z');
    expect(heldUntil({ statement: '', holdsDays: 30 }, NOW + 14 * HOUR, utc)).toBe(until);
    const west = heldUntil({ statement: '', holdsDays: 1 }, NOW, { offsetMinutes: () => -300 });
    expect(new Date(west).toISOString()).toBe('2026-11-24T04:59:00.000Z');
  });
});

const row = step({
  id: 'x',
  phase: 'onboard',
  title: '',
  why: '',
  link: '',
  subject: 'machine',
  needs: ['machine'],
  owner: 'security team',
  attestable: { statement: 'It is so.', holdsDays: 30 },
  check: ({ machine }) =>
    machine.tags['says'] === 'no'
      ? { verdict: 'not-ready', code: 'no', because: 'it is not so', fix: '' }
      : machine.tags['says'] === 'yes'
        ? { verdict: 'ready', because: 'it is so' }
        : { verdict: 'unknown', code: 'unseen', because: 'no API shows it', fix: 'Have it attested.' },
});

describe('a finding that a person vouches for', () => {
  const judged = (attestations: readonly Attestation[], says = '', now = NOW) => {
    const facts = machineFacts({ tags: { ring: 'canary', says } });
    const snapshot = { ...snapshotOf([facts], {}, now), attestations };
    return judge(row, snapshot.machines[0]!, snapshot, now);
  };

  it('is ready while the word holds, and says whose it is', () => {
    expect(judged([word])).toMatchObject({
      verdict: 'ready',
      code: 'attested',
      because: 'Person 4 vouched for it on 2026-11-22, until 2026-12-22',
    });
    expect(judged([word], '', word.until - 1).verdict).toBe('ready');
  });

  it('is unknown again once it has aged, to the millisecond, and never ready by a word about something else', () => {
    expect(judged([word], '', word.until)).toMatchObject({ verdict: 'unknown', code: 'attestation-expired' });
    expect(judged([{ ...word, scope: { ring: 'broad' } }])).toMatchObject({ verdict: 'unknown', code: 'unseen' });
    expect(judged([{ ...word, stepId: 'y' }])).toMatchObject({ verdict: 'unknown', code: 'unseen' });
  });

  it('is unknown once it is taken back, and says who took it', () => {
    const ended = { ...word, until: NOW - MINUTE, takenBack: { by: person(5), at: NOW - MINUTE } };
    expect(judged([ended])).toMatchObject({ verdict: 'unknown', code: 'attestation-taken-back' });
    expect(judged([ended]).because).toBe('Person 4 vouched for it on 2026-11-22, and Person 5 took it back on 2026-11-22; no API shows it');
    expect(judged([ended, { ...word, id: 'b', by: person(6) }])).toMatchObject({ verdict: 'ready' });
  });

  it('stays what facts say it is', () => {
    expect(judged([word], 'no')).toMatchObject({ verdict: 'not-ready', code: 'no' });
    expect(judged([word], 'yes')).toMatchObject({ verdict: 'ready', code: 'ready' });
  });

  it('rests on the word that holds longest', () => {
    const facts = snapshotOf([machineFacts()]).machines[0]!;
    const longer = { ...word, id: 'b', at: NOW - DAY, until: word.until + 1 };
    expect(attestationFor([word, longer], 'x', facts)).toBe(longer);
  });
});
