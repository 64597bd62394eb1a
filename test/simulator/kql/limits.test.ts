import { createKqlEngine, huntingLimits, KqlError, type QueryLimits, resourceGraphLimits } from '../../../simulator/azure/kql/index.ts';
import { huntingSchema } from './hunting-tables.ts';
import { schema } from './tables.ts';

interface LimitCase {
  readonly limit: string;
  readonly query: string;
  readonly code: string;
  /** What a tenant with more of it has. */
  readonly raised: Partial<QueryLimits>;
}

const operators = resourceGraphLimits.operators ?? new Set<string>();
const joinKinds = resourceGraphLimits.joinKinds ?? new Set<string>();

const cases: readonly LimitCase[] = [
  {
    limit: 'operators outside the whitelist',
    query: 'samples | project-keep n',
    code: 'UnsupportedOperator',
    raised: { operators: new Set([...operators, 'ProjectKeepOperator']) },
  },
  {
    limit: 'other join kinds',
    query: 'samples | join kind=leftanti (samples | project n) on n',
    code: 'UnsupportedJoinFlavor',
    raised: { joinKinds: new Set([...joinKinds, 'leftanti']) },
  },
  {
    limit: 'a table joined twice',
    query: 'samples | join (resources) on name | join (resources) on name',
    code: 'DisallowedMaxNumberOfRemoteTables',
    raised: { remoteTablesOnce: false },
  },
  {
    limit: 'a fourth join',
    query: `samples${' | join (samples | project n) on n'.repeat(4)}`,
    code: 'TooManyJoins',
    raised: { joins: 4 },
  },
  {
    limit: 'a fourth union leg',
    query: 'samples | project name | union (samples | project n), (samples | project r), samples, (samples | project d)',
    code: 'TooManyUnionLegs',
    raised: { unionLegs: 4 },
  },
  {
    limit: 'a fourth mv-expand',
    query: `samples${' | mv-expand d'.repeat(4)}`,
    code: 'TooManyMvExpands',
    raised: { mvExpands: 4 },
  },
  {
    limit: 'a row limit above 400',
    query: 'samples | mv-expand d limit 401',
    code: 'MvExpandRowLimit',
    raised: { mvExpandRowsMax: 1000 },
  },
];

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof KqlError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('limits of Resource Graph', () => {
  test.each(cases)('refuses $limit, unless the limit is raised', ({ query, code, raised }) => {
    expect(codeOf(() => createKqlEngine(schema).check(query))).toBe(code);
    expect(codeOf(() => createKqlEngine(schema, { ...resourceGraphLimits, ...raised }).check(query))).toBe('accepted');
  });

  test.each([
    ['join', 'samples | join (samples | project n) on n', { joins: 0 }, 'TooManyJoins'],
    ['union', 'samples | union samples', { unionLegs: 0 }, 'TooManyUnionLegs'],
    ['mv-expand', 'samples | mv-expand d', { mvExpands: 0 }, 'TooManyMvExpands'],
    ['operator', 'samples | project-rename m = n', { operators: new Set(['FilterOperator']) }, 'UnsupportedOperator'],
  ] as const)('can be lowered: no %s at all', (_what, query, lowered, code) => {
    expect(codeOf(() => createKqlEngine(schema).check(query))).toBe('accepted');
    expect(codeOf(() => createKqlEngine(schema, { ...resourceGraphLimits, ...lowered }).check(query))).toBe(code);
  });

  test('three joins, three union legs, three mv-expands and a row limit of 400 are taken', () => {
    const engine = createKqlEngine(schema);
    expect(codeOf(() => engine.check(`samples${' | join (samples | project n) on n'.repeat(3)}`))).toBe('accepted');
    expect(codeOf(() => engine.check('samples | union samples, samples, samples'))).toBe('accepted');
    expect(codeOf(() => engine.check(`samples${' | mv-expand d limit 400'.repeat(3)}`))).toBe('accepted');
  });

  test('joins and unions inside other joins count too', () => {
    const nested = 'samples | join (samples | join (samples | join (samples | join (samples | project n) on n) on n) on n) on n';
    expect(codeOf(() => createKqlEngine(schema).check(nested))).toBe('TooManyJoins');
  });

  test('the rows an mv-expand makes of one row without being told can be set', () => {
    const rows = { samples: [{ name: 'long', d: Array.from({ length: 500 }, (_, index) => index) }] };
    const counted = (limits: QueryLimits) => createKqlEngine(schema, limits).run('samples | mv-expand d | count', rows, 0).rows;
    expect(counted(resourceGraphLimits)).toEqual([[128]]);
    expect(counted({ ...resourceGraphLimits, mvExpandRowsDefault: 10 })).toEqual([[10]]);
    expect(counted(huntingLimits)).toEqual([[500]]);
  });
});

describe('limits of advanced hunting', () => {
  const engine = createKqlEngine(huntingSchema, huntingLimits);

  test.each([
    ['let', 'let x = 1; DeviceInfo | take x', 'UnsupportedStatement'],
    ['an operator that is not implemented', 'DeviceInfo | serialize', 'UnsupportedOperator'],
    ['a join kind that does not exist', 'DeviceInfo | join kind=outer (DeviceInfo) on DeviceId', 'KS005'],
    ['a function that is not implemented', 'DeviceInfo | project parse_xml(DeviceName)', 'KS211'],
  ])('refuses %s', (_what, query, code) => {
    expect(codeOf(() => engine.check(query))).toBe(code);
  });
});
