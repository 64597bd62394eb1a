import type { Phrase } from '../../core/question.ts';

const step = (value: string, ...words: string[]): Phrase[] => words.map((text) => ({ arg: 'step', value, words: text }));

/** What people call the steps beside their ids. */
export const stepPhrases: readonly Phrase[] = [
  ...step('wsus-serves-defender', 'wsus-serves-defender', 'wsus serves defender', 'wsus'),
  ...step('defender-feature-installed', 'defender-feature-installed', 'defender feature', 'feature installed'),
  ...step('updates-current', 'updates-current', 'updates current', 'updates', 'patches', 'patched'),
  ...step('rollup-current', 'rollup-current', 'rollup current', 'monthly rollup', 'rollup'),
  ...step(
    'reboot-not-pending',
    'reboot-not-pending',
    'reboot pending',
    'pending reboot',
    'restart pending',
    'pending restart',
    'need a reboot',
    'needs a reboot',
    'need a restart',
    'needs a restart',
  ),
  ...step('third-party-excludes-defender', 'third-party-excludes-defender'),
  ...step('defender-excludes-third-party', 'defender-excludes-third-party', 'defender excludes third party', 'exclusion policy'),
  ...step('arc-connected-for-onboarding', 'arc-connected-for-onboarding', 'arc connected for onboarding'),
  ...step(
    'protection-updates-current',
    'protection-updates-current',
    'protection updates',
    'defender updates',
    'definitions',
    'signatures',
  ),
  ...step('in-security-portal', 'in-security-portal', 'in security portal', 'security portal'),
  ...step('managed-by-defender', 'managed-by-defender', 'managed by defender', 'managed by'),
  ...step(
    'third-party-removed',
    'third-party-removed',
    'third party removed',
    'old product gone',
    'old product removed',
    'old av gone',
    'old av removed',
    'old antivirus gone',
    'old antivirus removed',
  ),
];
