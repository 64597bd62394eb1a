import { unread } from '../../core/evidence.ts';
import { judge, step } from '../../core/step.ts';
import { machineFacts, NOW, snapshotOf } from '../support/facts.ts';

const row = step({
  id: 'x',
  phase: 'prepare',
  title: '',
  why: '',
  link: '',
  subject: 'machine',
  needs: ['machine', 'guest'],
  appliesTo: { os: ['windows-server-2019'] },
  check: () => ({ verdict: 'ready', because: 'fine' }),
});
const guest = {
  platform: 'windows',
  vmId: 'vm-1',
  host: '',
  passiveKey: 1,
  onboarded: false,
  defender: null,
  rebootPending: false,
  thirdParty: [],
} as const;
const HOUR = 3_600_000;

describe('a finding', () => {
  it('is unknown while evidence is unread, with the reason and the fix', () => {
    const facts = machineFacts();
    const snapshot = snapshotOf([facts], { guest });
    const blind = {
      ...snapshot,
      evidence: { ...snapshot.evidence, guest: { [facts.id]: unread('403', 'grant Reader', 'probe', NOW - 5) } },
    };
    expect(judge(row, blind.machines[0]!, blind, NOW)).toMatchObject({
      verdict: 'unknown',
      code: 'unread',
      because: '403',
      fix: 'grant Reader',
      asOf: NOW - 5,
    });
  });

  it('is unknown when nobody has looked yet', () => {
    const snapshot = snapshotOf([machineFacts()]);
    expect(judge(row, snapshot.machines[0]!, snapshot, NOW)).toMatchObject({ verdict: 'unknown', code: 'unread' });
  });

  it('turns unknown, never ready, when its evidence grows old', () => {
    const snapshot = snapshotOf([machineFacts()], { guest });
    expect(judge(row, snapshot.machines[0]!, snapshot, NOW + HOUR).verdict).toBe('ready');
    expect(judge(row, snapshot.machines[0]!, snapshot, NOW + 3 * HOUR)).toMatchObject({ verdict: 'unknown', code: 'stale', asOf: NOW });
  });

  it.each([
    [null, 'unknown', 'os-unread'],
    ['unsupported', 'not-ready', 'unsupported'],
    ['linux', 'not-applicable', 'other-os'],
    ['windows-server-2019', 'ready', 'ready'],
  ] as const)('of a machine with the operating system %s is %s', (os, verdict, code) => {
    const snapshot = snapshotOf([machineFacts({ os })], { guest });
    expect(judge(row, snapshot.machines[0]!, snapshot, NOW)).toMatchObject({ verdict, code });
  });
});
