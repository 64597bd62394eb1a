import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { ClientSecretCredential } from '@azure/identity';
import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Answer, type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

const MACHINES = "resources | where type in~ ('microsoft.compute/virtualmachines','microsoft.hybridcompute/machines')";
const IDS = `${MACHINES} | project id`;
const SIZE = 5_000;

let outside: StartedOutside;
let replaced = 0;
beforeAll(async () => {
  outside = await startedOutside({ estate: String(SIZE) });
  setDefaultCACertificates([...getCACertificates('bundled'), readFileSync(outside.ready.caFile, 'utf8')]);
  await outside.door('POST', '/_clock', { rate: 0 });
});
afterAll(() => outside.end());

const idsOf = ({ body }: Answer): string[] => body.data.map((row: Json) => String(row['id']).toLowerCase());
const page = (query: string, options: Json, more: Json = {}, identity: 'reader' | 'writer' = 'reader') =>
  outside.query(query, { options, ...more }, { identity });

/** Every page of a query, whatever happens between the first and the second. */
async function walk(query: string, $top: number, between = async (): Promise<unknown> => null): Promise<Answer[]> {
  const pages = [await page(query, { $top })];
  await between();
  for (let token = pages[0]!.body.$skipToken; token; token = pages.at(-1)!.body.$skipToken)
    pages.push(await page(query, { $skipToken: token }));
  return pages;
}

/** One virtual machine goes away and another one comes. */
async function replaceOne(): Promise<{ gone: string; added: string }> {
  const { body: estate } = await outside.door('GET', '/_estate');
  const old = estate.machines.find(({ kind }: Json) => kind === 'vm');
  replaced += 1;
  const name = `replacement-${replaced}`;
  const { kind, subscriptionId, resourceGroup, os } = old;
  const answer = await outside.door('POST', '/_estate', { remove: [old.id], add: [{ name, kind, subscriptionId, resourceGroup, os }] });
  expect(answer.status).toBe(200);
  return { gone: old.id.toLowerCase(), added: old.id.toLowerCase().replace(/[^/]+$/, name) };
}

test('the official client reads 5,000 machines in no order page by page: none is lost, none comes twice', async () => {
  const { tenantId, clientId, clientSecret } = outside.ready.identities.reader;
  const authority = { authorityHost: outside.ready.azure, disableInstanceDiscovery: true };
  const client = new ResourceGraphClient(new ClientSecretCredential(tenantId, clientId, clientSecret, authority), {
    endpoint: outside.ready.azure,
  });
  const seen: string[] = [];
  const sizes: number[] = [];
  let skipToken: string | undefined;
  let changed: Awaited<ReturnType<typeof replaceOne>> | undefined;
  do {
    const options = { top: 1_000, resultFormat: 'objectArray' as const, ...(skipToken !== undefined && { skipToken }) };
    const answer = await client.resources({ query: IDS, options });
    const rows = answer.data as { id: string }[];
    seen.push(...rows.map(({ id }) => id.toLowerCase()));
    sizes.push(rows.length);
    expect([answer.totalRecords, answer.resultTruncated]).toEqual([SIZE, 'false']);
    skipToken = answer.skipToken;
    changed ??= await replaceOne();
  } while (skipToken);
  expect(sizes).toEqual([1_000, 1_000, 1_000, 1_000, 1_000]);
  expect(new Set(seen).size).toBe(SIZE);
  expect(seen).not.toEqual(seen.toSorted());
  // The answer is that of its first page: what came afterwards is in the next one.
  expect(seen).toContain(changed.gone);
  expect(seen).not.toContain(changed.added);
  const fresh = (await walk(IDS, 1_000)).flatMap(idsOf);
  expect([fresh.includes(changed.gone), fresh.includes(changed.added), new Set(fresh).size]).toEqual([false, true, SIZE]);
});

test('other queries in between change nothing in the pages still to come', async () => {
  const others = async () => {
    for (let nth = 0; nth < 5; nth += 1) await page(`${MACHINES} | project id, nth = ${nth}`, { $top: 10 });
    await replaceOne();
  };
  const pages = await walk(IDS, 1_000, others);
  expect(new Set(pages.flatMap(idsOf)).size).toBe(SIZE);
  expect(pages.map(({ body }) => body.count)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000]);
});

test('a page may be asked for again', async () => {
  const first = await page(IDS, { $top: 200 });
  const [once, again] = [await page(IDS, { $skipToken: first.body.$skipToken }), await page(IDS, { $skipToken: first.body.$skipToken })];
  expect(idsOf(again)).toEqual(idsOf(once));
  expect(idsOf(once).some((id) => idsOf(first).includes(id))).toBe(false);
});

test('the token carries size and place, and both may be overridden', async () => {
  const query = `${IDS} | order by id asc`;
  const all = idsOf(await page(query, { $top: 1_000 }));
  const { $skipToken } = (await page(query, { $top: 10 })).body;
  expect(idsOf(await page(query, { $skipToken }))).toEqual(all.slice(10, 20));
  expect(idsOf(await page(query, { $skipToken, $top: 3 }))).toEqual(all.slice(10, 13));
  expect(idsOf(await page(query, { $skipToken, $top: 3, $skip: 100 }))).toEqual(all.slice(100, 103));
  expect(idsOf(await page(query, { $skip: 990, $top: 20 })).slice(0, 10)).toEqual(all.slice(990));
});

test('the last page has no token and is not truncated', async () => {
  const last = (await walk(IDS, 1_000)).at(-1)!;
  expect([last.body.$skipToken, last.body.resultTruncated]).toEqual([undefined, 'false']);
  const beyond = await page(IDS, { $skip: SIZE + 5, $top: 10 });
  expect([beyond.body.count, beyond.body.totalRecords, beyond.body.$skipToken]).toEqual([0, SIZE, undefined]);
});

test('tables are paged as well', async () => {
  const first = await page(IDS, { $top: 3, resultFormat: 'table' });
  const second = await page(IDS, { $skipToken: first.body.$skipToken, resultFormat: 'table' });
  expect(second.body.data.columns).toEqual([{ name: 'id', type: 'string' }]);
  expect(second.body.data.rows).toHaveLength(3);
  expect(second.body.data.rows).not.toEqual(first.body.data.rows);
});

test.each<[string, (token: string) => Promise<Answer>]>([
  ['another query', ($skipToken) => page(`${IDS} | order by id asc`, { $skipToken })],
  ['another scope', ($skipToken) => page(IDS, { $skipToken }, { subscriptions: [SUBSCRIPTIONS.prod] })],
  ['another filter', ($skipToken) => page(IDS, { $skipToken, authorizationScopeFilter: 'AtScopeExact' })],
  ['another caller', ($skipToken) => page(IDS, { $skipToken }, {}, 'writer')],
  ['nobody', () => page(IDS, { $skipToken: 'eyAibm8iOiAibHVjayJ9' })],
  ['nothing', () => page(IDS, { $skipToken: '' })],
])('refuses a token of %s', async (_, ask) => {
  const { $skipToken } = (await page(IDS, { $top: 10 })).body;
  const answer = await ask($skipToken);
  expect([answer.status, answer.body.error.details[0].code]).toEqual([400, 'InvalidSkipToken']);
});

test('every page costs a query of the quota', async () => {
  const pages = await walk(IDS, 1_000);
  const remaining = pages.map(({ headers }) => Number(headers['x-ms-user-quota-remaining']));
  const used = remaining.map((value, index) => (index === 0 ? 1 : remaining[index - 1]! - value));
  // A window may end in between.
  expect(used.filter((one) => one === 1).length).toBeGreaterThanOrEqual(pages.length - 1);
});
