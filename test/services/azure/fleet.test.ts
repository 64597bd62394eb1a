import { queries } from '../../../services/azure/queries.ts';
import { azureKinds } from './azure-kinds.ts';
import { type ConnectedOutside, connectOutside, type Logged } from './connected-outside.ts';

/** A fleet of three thousand under the quota and the limits that Azure documents, with real waiting. */
let world: ConnectedOutside;
beforeAll(async () => {
  world = await connectOutside({ estate: '3000', queries: 15, limits: 'documented', patience: { readMs: 120_000 } });
}, 120_000);
afterAll(() => world.end());

interface Asked extends Logged {
  readonly body: { readonly query: string; readonly options: { readonly $top: number; readonly $skipToken?: string } };
}

async function graphRequests(): Promise<readonly Asked[]> {
  return (await world.requests()).filter(({ operation }) => operation.includes('ResourceGraph')) as readonly Asked[];
}
/** How many rows a query has, asked without the reader's clients. */
async function rowsOf(query: string): Promise<number> {
  for (;;) {
    const { status, headers, body } = await world.query(query, { options: { resultFormat: 'objectArray', $top: 1 } });
    if (status === 200) return (body as { totalRecords: number }).totalRecords;
    await new Promise((resolve) => setTimeout(resolve, Number(headers['retry-after'] ?? 1) * 1_000));
  }
}

test('a round of every kind asks no page twice and is never throttled', async () => {
  const collections = await Promise.all(azureKinds.map((kind) => world.client.collectors[kind]()));
  expect(collections.map(({ kind, failure }) => [kind, failure])).toEqual(collections.map(({ kind }) => [kind, null]));
  expect((await world.requests()).filter(({ status }) => status === 429)).toEqual([]);
  const asked = await graphRequests();
  expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 200));
  const names = new Set(asked.map(({ body }) => Object.entries(queries).find(([, text]) => text === body.query)?.[0]));
  let needed = 0;
  for (const name of names) needed += Math.max(1, Math.ceil((await rowsOf(queries[name as keyof typeof queries])) / 1_000));
  expect(needed).toBeGreaterThan(15);
  expect(asked.length).toBeLessThanOrEqual(1.05 * needed);
  const machines = collections.find(({ kind }) => kind === 'machine');
  expect(Object.keys(machines?.subjects ?? {})).toHaveLength(3_000);
}, 240_000);

test.each([{ lostPage: 'rows' }, { lostPage: 'link' }, { truncated: true }, { reset: 'body' }])(
  'a page that a fault (%j) hits on the way is asked for again, and nothing is missing',
  async (fault) => {
    await world.door('POST', '/_faults', { match: { path: 'ResourceGraph', body: 'skipToken' }, fault, times: 1 });
    const before = (await graphRequests()).length;
    const { subjects, failure } = await world.client.collectors.machine();
    expect(failure).toBeNull();
    expect(Object.keys(subjects)).toHaveLength(3_000);
    const tokens = (await graphRequests()).slice(before).map(({ body }) => body.options.$skipToken ?? 'first');
    expect(tokens).toEqual(['first', tokens[1], tokens[1], tokens[3]]);
    expect(new Set(tokens).size).toBe(3);
  },
  60_000,
);

test('a page that stays lost is said, and no machine is taken for one that has nothing', async () => {
  await world.door('POST', '/_faults', { match: { path: 'ResourceGraph', body: 'softwarepatches' }, fault: { lostPage: 'rows' } });
  const { subjects, failure } = await world.client.collectors.updates();
  await world.door('DELETE', '/_faults');
  expect(failure?.reason).toMatch(/sent 0 of \d+ rows/);
  expect(subjects).toEqual({});
}, 60_000);
