import type { StepCases } from './case.ts';
import { cutOverCases } from './cut-over.ts';
import { onboardCases } from './onboard.ts';
import { prepareCases } from './prepare.ts';

/** For every step: when it is ready, when it is not, and when the facts do not tell. */
export const stepCases: Readonly<Record<string, StepCases>> = { ...prepareCases, ...onboardCases, ...cutOverCases };

/** The codes a step can say by itself, by verdict. */
export function codesOf({ 'not-ready': bad, unknown }: StepCases): {
  readonly 'not-ready': readonly string[];
  readonly unknown: readonly string[];
} {
  const codes = (cases: StepCases['ready']) => [...new Set(cases.map(({ code }) => code))].filter((code) => code !== 'unread').toSorted();
  return { 'not-ready': codes(bad), unknown: codes(unknown) };
}
