import type { AnyJson } from '../../support/rehearsal.ts';

const LONG = 'x'.repeat(100_000);
const ATOMS: readonly AnyJson[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  ' ',
  '\u0000',
  '\u202e',
  '../../etc/passwd',
  "'; drop table ledger; --",
  `$${'{data}'}`,
  '<at>all</at>',
  LONG,
  [],
  {},
  [[]],
  ['prepare'],
  { phase: null },
  { phase: 'prepare', step: LONG },
  { phase: 'prepare', step: ['a'] },
  { phase: { toString: 'prepare' }, step: 'x' },
  { phase: 'prepare', step: 'x', id: 'a' },
  { hasOwnProperty: 1, toString: null, valueOf: {} },
  { length: 1e9, 0: 'x' },
];
const PLACES = ['data', 'value', 'action'] as const;
const VERBS = ['', 'sign-off.approve ', 'SIGN-OFF.APPROVE', 'toString', 'hasOwnProperty', 'run.stop\u0000'];

/** So many odd things that may stand in the place of a press, the same each time; none is a press of a deciding button. */
export function oddValues(count: number): { where: (typeof PLACES)[number]; value: AnyJson }[] {
  return Array.from({ length: count }, (_, index) => {
    const atom = ATOMS[index % ATOMS.length];
    const where = PLACES[Math.floor(index / ATOMS.length) % PLACES.length] ?? 'data';
    const verb = VERBS[index % VERBS.length];
    const round = Math.floor(index / (ATOMS.length * PLACES.length));
    if (round === 0) return { where, value: atom };
    if (round === 1)
      return { where, value: where === 'action' ? { verb, data: atom } : { action: { verb: atom, data: atom }, trigger: atom } };
    return { where: 'action' as const, value: { type: 'Action.Execute', verb, data: { nested: { atom, list: [atom, index] } } } };
  });
}
