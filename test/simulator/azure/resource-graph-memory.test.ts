import { type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

const QUERY =
  "resources | where type =~ 'microsoft.hybridcompute/machines' | project id, status = tostring(properties.status) | order by id asc";

let outside: StartedOutside;
afterEach(() => outside.end());

async function breakAll(): Promise<void> {
  const { body: estate } = await outside.door('GET', '/_estate');
  const machines = estate.machines.filter((machine: Json) => machine['arc'] !== null);
  const change = { machines: machines.map(({ id }: Json) => ({ id, arc: { status: 'Error' } })) };
  expect((await outside.door('POST', '/_estate', change)).status).toBe(200);
}
const rows = async (query: string, options: Json): Promise<Json[]> => (await outside.query(query, { options })).body.data;

test.each<[string, Json, number, boolean]>([
  ['the answer of a token is kept', {}, 0, true],
  ['the answer of a token outlives seven others', {}, 7, true],
  ['the eighth other answer drops it', {}, 8, false],
  ['as many answers are kept as the rules say', { keptResults: 1 }, 1, false],
  ['as many rows are kept as the rules say', { keptRows: 30 }, 3, false],
])('%s', async (_, graph, others, kept) => {
  outside = await startedOutside({ graph });
  const first = await outside.query(QUERY, { options: { $top: 5 } });
  for (let nth = 0; nth < others; nth += 1) await outside.query(`${QUERY} | project id, nth = ${nth}`, { options: { $top: 5 } });
  await breakAll();
  const second = await rows(QUERY, { $skipToken: first.body.$skipToken });
  expect(second).toHaveLength(5);
  expect(second.some(({ status }) => status === 'Error')).toBe(!kept);
});

test('an answer nobody has asked about for ten minutes is not kept, one in use is', async () => {
  outside = await startedOutside();
  await outside.door('POST', '/_clock', { rate: 0 });
  const { $skipToken } = (await outside.query(QUERY, { options: { $top: 5 } })).body;
  const kept = await rows(QUERY, { $skipToken });
  await breakAll();
  for (const seconds of [9 * 60, 9 * 60, 10 * 60]) {
    await outside.door('POST', '/_clock', { advanceSeconds: seconds });
    expect(await rows(QUERY, { $skipToken })).toEqual(kept);
  }
  await outside.door('POST', '/_clock', { advanceSeconds: 10 * 60 + 1 });
  const fresh = await rows(QUERY, { $top: 5, $skip: 5 });
  expect(fresh).not.toEqual(kept);
  expect(await rows(QUERY, { $skipToken })).toEqual(fresh);
});

test('an answer that is asked anew has the order it had while nothing changes', async () => {
  outside = await startedOutside({ graph: { keptForMs: 0 } });
  const query = 'resourcecontainers | project id';
  const { $skipToken } = (await outside.query(query, { options: { $top: 3 } })).body;
  const second = await rows(query, { $skipToken });
  await outside.door('POST', '/_clock', { advanceSeconds: 1 });
  expect(await rows(query, { $skipToken })).toEqual(second);
});
