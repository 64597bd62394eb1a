import type { Evidence, EvidenceKind } from '../../../core/evidence.ts';
import { evidenceKinds, unread } from '../../../core/evidence.ts';
import type { Finding } from '../../../core/finding.ts';
import { phases } from '../../../core/phase.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { actionById } from '../../../playbook/actions/index.ts';
import { playbook, stepById, steps } from '../../../playbook/index.ts';
import { NOW } from '../../support/facts.ts';
import type { Case } from './cases/case.ts';
import { findingOf, snapshotFor } from './cases/case.ts';
import { codesOf, stepCases } from './cases/index.ts';

/** The same snapshot with other evidence of one kind for every subject; none at all for null. */
function withEvidence(snapshot: Snapshot, kind: EvidenceKind, of: Evidence<never> | null): Snapshot {
  const subjects = Object.keys(snapshot.evidence[kind] ?? {});
  const other = of === null ? {} : Object.fromEntries(subjects.map((id) => [id, of]));
  return { ...snapshot, evidence: { ...snapshot.evidence, [kind]: other } };
}

function expectWords({ because, fix, verdict }: Finding): void {
  expect(because).toMatch(/^\S(?!.*[.]$).{0,298}\S$/);
  if (verdict === 'ready') expect(fix).toBe('');
  else expect(fix).toMatch(/^[A-Z][^\n]{5,298}[.]$/);
}

describe.each(steps.map(({ id }) => id))('%s', (id) => {
  const row = stepById(id)!;
  const cases = stepCases[id]!;
  // What only a person can vouch for is never known otherwise, and never known not to be so.
  const vouchedOnly = row.needs.length === 0 && row.uses === undefined && row.around === undefined;

  it('has a case for every verdict', () => {
    expect(cases).toBeDefined();
    expect(cases.ready.length > 0 && cases['not-ready'].length > 0).toBe(!vouchedOnly);
    expect(cases.unknown.length).toBeGreaterThan(0);
  });

  describe.each(['ready', 'not-ready', 'unknown'] as const)('is %s:', (verdict) => {
    const all: readonly Case[] = cases[verdict];
    if (all.length === 0) return;
    it.each(all.map((one) => [one.name, one] as const))('%s', (_name, one) => {
      const finding = findingOf(id, snapshotFor(one));
      expect(finding).toMatchObject({ verdict, code: one.code });
      if (one.says) expect(finding.because).toMatch(one.says);
      if (one.fix) expect(finding.fix).toMatch(one.fix);
      expectWords(finding);
    });
  });

  const [good] = cases.ready;
  if (good) {
    it.each(row.needs)('is unknown when the %s was never read', (kind) => {
      const finding = findingOf(id, withEvidence(snapshotFor(good), kind, null));
      expect(finding).toMatchObject({ verdict: 'unknown', code: 'unread', because: expect.stringContaining(evidenceKinds[kind].words) });
    });

    it.each(row.needs)('is unknown when the %s cannot be read, with the reason and what would mend it', (kind) => {
      const finding = findingOf(id, withEvidence(snapshotFor(good), kind, unread('403', 'Grant Reader.', 'test', NOW - 7)));
      expect(finding).toMatchObject({ verdict: 'unknown', code: 'unread', because: '403', fix: 'Grant Reader.', asOf: NOW - 7 });
    });

    it.each(row.needs)('is unknown when the %s is too old, and not a moment earlier', (kind) => {
      const maxAge = Math.min(evidenceKinds[kind].maxAge, row.within?.[kind] ?? Infinity);
      const at = (age: number) => findingOf(id, snapshotFor({ ...good, at: { ...good.at, [kind]: NOW - age } }));
      expect(at(maxAge + 1)).toMatchObject({ verdict: 'unknown', code: 'stale', asOf: NOW - maxAge - 1 });
      expect(at(maxAge).code).not.toBe('stale');
    });
  }

  it('says why it matters in one line, links to Microsoft, and names an action that exists', () => {
    expect(row.why).toMatch(/^[A-Z][^\n]{20,180}[.]$/);
    expect(row.link).toMatch(/^https:\/\/learn\.microsoft\.com\/[a-z]/);
    if (row.action) expect(actionById(row.action)).toMatchObject({ phase: row.phase });
  });

  it('is vouched for by one sentence, which does not hold for ever', () => {
    if (!row.attestable) return;
    expect(row.attestable.statement).toMatch(/^[A-Z][^\n]{20,250}[.]$/);
    expect(row.attestable.holdsDays).toBeGreaterThanOrEqual(1);
    expect(row.attestable.holdsDays).toBeLessThanOrEqual(90);
  });

  it('wants evidence no older than its kind allows, and never so fresh that its cadence cannot keep up', () => {
    for (const [kind, within] of Object.entries(row.within ?? {})) {
      expect(within).toBeLessThan(evidenceKinds[kind as EvidenceKind].maxAge);
      expect(within).toBeGreaterThanOrEqual(2 * evidenceKinds[kind as EvidenceKind].cadence);
    }
  });

  it('needs evidence about its own kind of subject', () => {
    for (const kind of [...row.needs, ...(row.uses ?? [])]) expect(evidenceKinds[kind].subject).toBe(row.subject);
  });
});

describe('the playbook', () => {
  it('has every step of the guide, in order', () => {
    expect(playbook.map(({ phase, steps: rows }) => [phase, rows.map(({ id }) => id)])).toEqual([
      [
        'prepare',
        [
          'arc-connected',
          'endpoint-protection-off',
          'passive-mode-set',
          'wsus-serves-defender',
          'defender-feature-installed',
          'updates-current',
          'rollup-current',
          'reboot-not-pending',
        ],
      ],
      [
        'onboard',
        [
          'third-party-excludes-defender',
          'defender-excludes-third-party',
          'arc-connected-for-onboarding',
          'endpoint-protection-on',
          'defender-extension-healthy',
          'protection-updates-current',
        ],
      ],
      ['cut-over', ['in-security-portal', 'managed-by-defender', 'third-party-removed', 'passive-mode-cleared', 'antivirus-active']],
    ]);
  });

  it('has the three phases in order, and every step in its own', () => {
    expect(playbook.map(({ phase }) => phase)).toEqual([...phases]);
    for (const { phase, steps: rows } of playbook) expect(rows.every((row) => row.phase === phase)).toBe(true);
  });

  it('names every step once, and has cases for nothing else', () => {
    expect(Object.keys(stepCases).toSorted()).toEqual(steps.map(({ id }) => id).toSorted());
  });

  it('holds a step through its own phase at least', () => {
    for (const { phase, holdsThrough } of steps) {
      if (holdsThrough) expect(phases.indexOf(holdsThrough)).toBeGreaterThanOrEqual(phases.indexOf(phase));
    }
  });

  it('means one thing by one code: the same words in a fix wherever a code is not about a step’s own matter', () => {
    const owners = new Map<string, Set<string>>();
    for (const [id, cases] of Object.entries(stepCases)) {
      for (const code of Object.values(codesOf(cases)).flat()) owners.set(code, (owners.get(code) ?? new Set()).add(id));
    }
    const shared = [...owners].filter(([, ids]) => ids.size > 1).map(([code]) => code);
    expect(shared.toSorted()).toEqual([
      'arc-disconnected',
      'arc-expired',
      'arc-monitor',
      'arc-status-unread',
      'assessment-failed',
      'assessment-old',
      'clean-proves-nothing',
      'never-assessed',
      'no-defender',
      'not-in-azure',
      'not-onboarded',
      'products-unchecked',
      'setting-not-listed',
      'sources-disagree',
    ]);
  });

  it('lets only what a licence decides be switched off', () => {
    expect(steps.filter(({ optional }) => optional).map(({ id }) => id)).toEqual(['managed-by-defender']);
  });
});
