import type { EvidenceKind, EvidenceOf } from '../../core/evidence.ts';
import type { MachineFacts } from '../../core/machine.ts';
import { phases } from '../../core/phase.ts';
import { subjectsOf } from '../../core/snapshot.ts';
import { judge } from '../../core/step.ts';
import { actionById } from '../../playbook/actions/index.ts';
import { playbook, stepById, steps } from '../../playbook/index.ts';
import { guestFacts, machineFacts, NOW, snapshotOf } from '../support/facts.ts';

type Known = Partial<{ [K in EvidenceKind]: EvidenceOf[K] }>;
interface Case {
  readonly machine?: Partial<MachineFacts>;
  readonly evidence: Known;
  readonly code: string;
}

const arc = { kind: 'arc', status: 'Connected', configMode: 'full' } as const;
const active = { mode: 'Normal', antivirusEnabled: true, realTimeProtection: true, tamperProtected: true };
const settings = { endpointProtection: false, unifiedSolution: true, includesLinux: true };
const standard = { tier: 'Standard', subPlan: 'P2' } as const;
const none = { assignments: [] };
const assignment = (does: 'deploys-agent' | 'turns-endpoint-protection-on', enforcement: string) => ({
  assignments: [{ id: 'a', name: 'initiative', scope: 's', does, enforcement }],
});

/** For every step: evidence that makes it ready, and evidence that makes it not ready, each with the code expected. */
const cases: Record<string, { good: Case[]; bad: Case[] }> = {
  'arc-connected': {
    good: [{ machine: arc, evidence: {}, code: 'ready' }],
    bad: [
      { machine: { ...arc, status: 'Disconnected' }, evidence: {}, code: 'arc-disconnected' },
      { machine: { ...arc, status: 'Expired' }, evidence: {}, code: 'arc-expired' },
      { machine: { ...arc, configMode: 'monitor' }, evidence: {}, code: 'arc-monitor' },
      { machine: { ...arc, status: '' }, evidence: {}, code: 'arc-disconnected' },
    ],
  },
  'endpoint-protection-off': {
    good: [
      { evidence: { 'security-settings': settings, 'defender-policies': none, 'defender-plan': standard }, code: 'ready' },
      {
        evidence: {
          'security-settings': settings,
          'defender-policies': assignment('deploys-agent', 'DoNotEnforce'),
          'defender-plan': standard,
        },
        code: 'ready',
      },
      {
        evidence: {
          'security-settings': { ...settings, endpointProtection: true },
          'defender-policies': none,
          'defender-plan': { tier: 'Free', subPlan: null },
        },
        code: 'ready',
      },
    ],
    bad: [
      {
        evidence: { 'security-settings': { ...settings, endpointProtection: true }, 'defender-policies': none, 'defender-plan': standard },
        code: 'setting-on',
      },
      {
        evidence: { 'security-settings': { ...settings, endpointProtection: null }, 'defender-policies': none, 'defender-plan': standard },
        code: 'setting-on',
      },
      {
        evidence: {
          'security-settings': settings,
          'defender-policies': assignment('turns-endpoint-protection-on', 'Default'),
          'defender-plan': standard,
        },
        code: 'policy',
      },
    ],
  },
  'passive-mode-set': {
    good: [{ evidence: { guest: guestFacts({ passiveKey: 1 }) }, code: 'ready' }],
    bad: [
      { evidence: { guest: guestFacts({ passiveKey: null }) }, code: 'key-missing' },
      { evidence: { guest: guestFacts({ passiveKey: 0 }) }, code: 'key-missing' },
    ],
  },
  'endpoint-protection-on': {
    good: [
      {
        evidence: { 'security-settings': { ...settings, endpointProtection: true }, 'defender-policies': none, 'defender-plan': standard },
        code: 'ready',
      },
      {
        evidence: { 'security-settings': settings, 'defender-policies': assignment('deploys-agent', 'Default'), 'defender-plan': standard },
        code: 'ready',
      },
    ],
    bad: [
      {
        evidence: {
          'security-settings': { ...settings, endpointProtection: true },
          'defender-policies': none,
          'defender-plan': { tier: 'Free', subPlan: null },
        },
        code: 'plan-off',
      },
      {
        evidence: {
          'security-settings': settings,
          'defender-policies': assignment('deploys-agent', 'DoNotEnforce'),
          'defender-plan': standard,
        },
        code: 'setting-off',
      },
      {
        evidence: {
          'security-settings': { ...settings, endpointProtection: true, includesLinux: false },
          'defender-policies': none,
          'defender-plan': standard,
        },
        code: 'linux-excluded',
      },
    ],
  },
  'defender-extension-healthy': {
    good: [
      { evidence: { 'defender-extension': { present: true, type: 'MDE.Windows', state: 'Succeeded', version: '1.0' } }, code: 'ready' },
    ],
    bad: [
      { evidence: { 'defender-extension': { present: false } }, code: 'missing' },
      { evidence: { 'defender-extension': { present: true, type: 'MDE.Windows', state: 'Failed', version: '1.0' } }, code: 'failed' },
    ],
  },
  'passive-mode-cleared': {
    good: [
      { evidence: { guest: guestFacts({ passiveKey: null }) }, code: 'ready' },
      { evidence: { guest: guestFacts({ passiveKey: 0 }) }, code: 'ready' },
      { evidence: { guest: guestFacts({ platform: 'linux', passiveKey: 0, defender: active }) }, code: 'ready' },
    ],
    bad: [
      { evidence: { guest: guestFacts({ passiveKey: 1 }) }, code: 'key-set' },
      { evidence: { guest: guestFacts({ platform: 'linux' }) }, code: 'no-agent' },
    ],
  },
  'antivirus-active': {
    good: [{ evidence: { guest: guestFacts({ onboarded: true, defender: active }) }, code: 'ready' }],
    bad: [
      { evidence: { guest: guestFacts({ onboarded: true }) }, code: 'no-defender' },
      { evidence: { guest: guestFacts({ defender: active }) }, code: 'not-onboarded' },
      { evidence: { guest: guestFacts({ onboarded: true, defender: { ...active, mode: 'Passive Mode' } }) }, code: 'not-active' },
      { evidence: { guest: guestFacts({ onboarded: true, defender: { ...active, realTimeProtection: false } }) }, code: 'not-active' },
    ],
  },
};

function findingOf(stepId: string, { machine, evidence }: Pick<Case, 'machine' | 'evidence'>, at = NOW) {
  const row = stepById(stepId)!;
  const snapshot = snapshotOf([machineFacts(machine)], evidence);
  return judge(row, subjectsOf(snapshot, row.subject)[0]!, snapshot, at);
}

describe.each(steps.map(({ id }) => id))('%s', (id) => {
  const row = stepById(id)!;
  const { good, bad } = cases[id] ?? { good: [], bad: [] };

  it('has a good and a bad case here', () => {
    expect(good.length).toBeGreaterThan(0);
    expect(bad.length).toBeGreaterThan(0);
  });

  it.each(good)('is ready: $code', (given) => {
    expect(findingOf(id, given)).toMatchObject({ verdict: 'ready' });
  });

  it.each(bad)('is not ready: $code', (given) => {
    const finding = findingOf(id, given);
    expect(finding).toMatchObject({ verdict: 'not-ready', code: given.code });
    expect(finding.fix).not.toBe('');
  });

  it.each(row.needs.map((kind) => [kind]))('is unknown when the %s was never read', (kind) => {
    const { machine, evidence } = good[0]!;
    const row_ = stepById(id)!;
    const snapshot = snapshotOf([machineFacts(machine)], evidence);
    const { [kind]: _gone, ...rest } = snapshot.evidence;
    const subject = subjectsOf(snapshot, row_.subject)[0]!;
    expect(judge(row_, subject, { ...snapshot, evidence: rest }, NOW)).toMatchObject({ verdict: 'unknown', code: 'unread' });
  });

  it('is unknown when its evidence is days old', () => {
    expect(findingOf(id, good[0]!, NOW + 5 * 24 * 3_600_000)).toMatchObject({ verdict: 'unknown', code: 'stale' });
  });

  it('says why it matters, links to Microsoft, and names an action that exists', () => {
    expect(row.why).toMatch(/\.$/);
    expect(row.link).toMatch(/^https:\/\/learn\.microsoft\.com\//);
    if (row.action) expect(actionById(row.action)).toBeDefined();
  });
});

describe('the playbook', () => {
  it('has the three phases in order, and every step in its own', () => {
    expect(playbook.map(({ phase }) => phase)).toEqual([...phases]);
    for (const { phase, steps: rows } of playbook) expect(rows.every((row) => row.phase === phase)).toBe(true);
  });

  it('names every step once', () => {
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
  });
});
