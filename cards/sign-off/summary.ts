import { plain } from '../plain.ts';
import { count, list, names, number } from '../words.ts';
import type { SignOffTarget, SignOffView } from './view.ts';

/** What at most this share of the machines has in common stands out. */
const UNUSUAL = 0.1;
const MOST_LINES = 5;
const MOST_NAMES = 6;

/** Of a plan too long to name every machine: which systems, what was found, and what stands out. One sentence each. */
export function summaryLines({ targets }: Pick<SignOffView, 'targets'>): readonly string[] {
  const systems = byCount(targets, ({ os }) => os ?? '').filter(([os]) => os !== '');
  return [
    ...(systems.length === 0 ? [] : [`By system: ${list(systems.map(([os, some]) => `${number(some.length)} ${systemName(os)}`))}.`]),
    ...foundLines(targets),
    ...apartLines(targets),
    ...ownerLines(targets),
  ];
}

function foundLines(targets: readonly SignOffTarget[]): readonly string[] {
  const groups = byCount(targets, ({ found }) => found).filter(([found]) => found !== '');
  const usual = groups.filter(([, some]) => some.length > UNUSUAL * targets.length);
  const unusual = groups.filter(([, some]) => some.length <= UNUSUAL * targets.length);
  const more = unusual.length - MOST_LINES;
  return [
    ...usual.map(([found, some]) => `Found on ${number(some.length)}: ${plain(found, 240)}.`),
    ...unusual.slice(0, MOST_LINES).map(([found, some]) => `Unusual: ${named(some)}: ${plain(found, 240)}.`),
    ...(more > 0 ? [`And ${count(more, 'more unusual finding')}.`] : []),
  ];
}

function apartLines(targets: readonly SignOffTarget[]): readonly string[] {
  const sets = byCount(
    targets.filter(({ apartFrom }) => apartFrom !== null),
    ({ apartFrom }) => apartFrom as string,
  ).filter(([, some]) => some.length > 1);
  const machines = sets.reduce((sum, [, some]) => sum + some.length, 0);
  if (machines === 0) return [];
  return [`${count(machines, 'machine')} in ${count(sets.length, 'availability set')}: two of one set are never changed at once.`];
}

/** Only where owners are named at all. */
function ownerLines(targets: readonly SignOffTarget[]): readonly string[] {
  const without = targets.filter(({ owner }) => owner === null);
  if (without.length === 0 || without.length === targets.length) return [];
  return [`Without an owner tag: ${named(without)}.`];
}

function named(targets: readonly SignOffTarget[]): string {
  return names(
    targets.map((target) => plain(target.name, 64)),
    MOST_NAMES,
  );
}

function systemName(os: string): string {
  return os === 'linux' ? 'Linux' : os === 'windows' ? 'Windows' : plain(os, 30);
}

function byCount(targets: readonly SignOffTarget[], keyOf: (target: SignOffTarget) => string): (readonly [string, SignOffTarget[]])[] {
  return [...Map.groupBy(targets, keyOf)].toSorted((a, b) => b[1].length - a[1].length);
}
