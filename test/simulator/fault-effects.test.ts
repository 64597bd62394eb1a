import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { SUBSCRIPTIONS } from '../../simulator/estates/sample-frame.ts';
import { type Json, type StartedOutside, script, startedOutside } from './started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
  await outside.door('POST', '/_clock', { rate: 0 });
  await Promise.all([outside.token('reader'), outside.token('writer')]);
});
afterEach(() => outside.end());

const SUB = `/subscriptions/${SUBSCRIPTIONS.prod}`;
const LIST = '/subscriptions?api-version=2022-12-01';
const SETTING = `${SUB}/providers/Microsoft.Security/settings/MCAS?api-version=2022-05-01`;
const off = { kind: 'DataExportSettings', properties: { enabled: false } };
const vm = (name: string) => `${SUB}/resourceGroups/rg-app-prod/providers/Microsoft.Compute/virtualMachines/${name}`;
const run = (name: string) => `${vm(name)}/runCommands/wb-1?api-version=2024-11-01`;
const command = { location: 'westeurope', properties: { source: { script: script('probe-windows') } } };

const fault = async (input: Json): Promise<string> => (await outside.door('POST', '/_faults', input)).body.id;
const turnOff = () => outside.arm('PUT', SETTING, { identity: 'writer', body: off });
const isOn = async () => (await outside.arm('GET', SETTING)).body.properties.enabled;
const last = (method: string) => outside.log.since(0).findLast((entry) => entry.method === method);

/** The answer as bytes: what came, and whether the connection held. */
async function raw(path: string): Promise<{ text: string; whole: boolean; announced: number }> {
  const token = await outside.token('reader');
  const url = `${outside.ready.azure}${path}`;
  return new Promise((resolve, reject) => {
    const req = request(url, { ca: readFileSync(outside.ready.caFile), headers: { authorization: `Bearer ${token}` } });
    req.on('error', reject);
    req.on('response', (res) => {
      let text = '';
      res.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const end = (whole: boolean) => resolve({ text, whole, announced: Number(res.headers['content-length']) });
      res.on('end', () => end(true));
      res.on('error', () => end(false));
    });
    req.end();
  });
}

test('a 429 comes with the Retry-After it was given, or with none', async () => {
  await fault({ fault: { status: 429, retryAfter: 4 }, times: 1 });
  await fault({ fault: { status: 429 }, times: 1 });
  expect((await outside.arm('GET', LIST)).headers['retry-after']).toBe('4');
  const bare = await outside.arm('GET', LIST);
  expect([bare.status, bare.headers['retry-after']]).toEqual([429, undefined]);
});

test('a late answer is late, and what it is about happened at once', async () => {
  await fault({ match: { method: 'PUT' }, fault: { slowMs: 300, late: true }, times: 1 });
  const began = performance.now();
  const answer = turnOff();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await isOn()).toBe(false);
  expect((await answer).status).toBe(200);
  expect(performance.now() - began).toBeGreaterThan(290);
});

test('a slow one does nothing until its time has come', async () => {
  await fault({ match: { method: 'PUT' }, fault: { slowMs: 300 }, times: 1 });
  const answer = turnOff();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await isOn()).toBe(true);
  await answer;
  expect(await isOn()).toBe(false);
});

test.each([
  ['before it has done anything', {}, true],
  ['after it has taken effect', { after: true }, false],
])('a request that is never answered %s', async (_, more, enabled) => {
  await fault({ match: { method: 'PUT' }, fault: { never: true, ...more }, times: 1 });
  const outcome = await Promise.race([turnOff(), new Promise((resolve) => setTimeout(() => resolve('nothing'), 250))]).catch(String);
  expect(outcome).toBe('nothing');
  expect(await isOn()).toBe(enabled);
});

test('a reset in the body leaves half of what was announced', async () => {
  const honest = await raw(LIST);
  await fault({ match: { path: '^/subscriptions\\?' }, fault: { reset: 'body' }, times: 1 });
  const cut = await raw(LIST);
  expect(cut).toEqual({ text: honest.text.slice(0, cut.text.length), whole: false, announced: honest.text.length });
  expect(cut.text.length).toBe(Math.floor(honest.text.length / 2));
  expect(last('GET')?.status).toBe(0);
});

test('a truncated answer is complete HTTP and no JSON', async () => {
  await fault({ fault: { truncated: true }, times: 1 });
  const cut = await raw(LIST);
  expect(cut.whole).toBe(true);
  expect(() => JSON.parse(cut.text)).toThrow();
});

describe('a lost page', () => {
  const query = 'resources | project id | order by id asc';
  const page = (more: Json = {}) => outside.query(query, { options: { $top: 10, ...more } });
  test('has no rows, and the next is where it should be', async () => {
    const [first, second] = [await page(), await page({ $skip: 10 })];
    await fault({ fault: { lostPage: 'rows' }, times: 1 });
    const lost = await page();
    expect(lost.body).toMatchObject({ data: [], count: 0, totalRecords: first.body.totalRecords });
    const next = await page({ $skipToken: lost.body.$skipToken });
    expect(next.body.data).toEqual(second.body.data);
  });
  test('has no way to the next', async () => {
    await fault({ fault: { lostPage: 'link' }, times: 1 });
    const lost = await page();
    expect(lost.body.data).toHaveLength(10);
    expect(lost.body.$skipToken).toBeUndefined();
  });
  test('is not spent on an answer that has no pages', async () => {
    const id = await fault({ fault: { lostPage: 'link' }, times: 1 });
    await outside.arm('GET', SETTING);
    expect((await outside.door('GET', '/_faults')).body).toMatchObject([{ id, seen: 1, hits: 0, times: 1 }]);
  });
});

test('the addresses of an operation lead to another host', async () => {
  await fault({ match: { method: 'PUT' }, fault: { offOrigin: true }, times: 1 });
  const { headers } = await outside.arm('PUT', run('srv-app-01'), { identity: 'writer', body: command });
  expect(headers['azure-asyncoperation']).toMatch(/^https:\/\/evil\.example\/subscriptions\//);
  expect(headers['location']).toMatch(/^https:\/\/evil\.example\//);
});

test('a request is carried out twice, the caller hears once, and the log has both', async () => {
  await fault({ match: { method: 'DELETE' }, fault: { duplicate: true }, times: 1 });
  await outside.arm('PUT', run('srv-app-01'), { identity: 'writer', body: command });
  expect((await outside.arm('DELETE', run('srv-app-01'), { identity: 'writer' })).status).toBe(202);
  const deletes = outside.log.since(0).filter(({ method }) => method === 'DELETE');
  expect(deletes.map(({ status, repeated }) => [status, repeated])).toEqual([
    [202, undefined],
    [204, true],
  ]);
});

describe('which requests', () => {
  test.each([
    [{ machine: 'SRV-APP-01' }, ['srv-app-01']],
    [{ operation: 'virtualMachines/read$', path: 'srv-app-02' }, ['srv-app-02']],
    [{ identity: 'reader' }, ['srv-app-01', 'srv-app-02']],
    [{ identity: 'writer' }, []],
    [{ server: 'teams' }, []],
  ])('match %j', async (match, hit) => {
    await fault({ match, fault: { status: 503 } });
    const names = ['srv-app-01', 'srv-app-02'];
    const answers = await Promise.all(names.map((name) => outside.arm('GET', `${vm(name)}?api-version=2024-11-01`)));
    expect(names.filter((_, index) => answers[index]?.status === 503)).toEqual(hit);
  });
  test('a rate hits the same ones for the same seed, about as many as it says, and the door counts them', async () => {
    async function hits(seed: number): Promise<number[]> {
      const other = await startedOutside({ seed, limits: 'off' });
      try {
        await other.door('POST', '/_faults', { match: { path: '^/subscriptions' }, fault: { status: 500 }, rate: 0.2 });
        const statuses: number[] = [];
        for (let count = 0; count < 200; count += 1) statuses.push((await other.arm('GET', LIST)).status);
        const [shown] = (await other.door('GET', '/_faults')).body;
        expect(shown).toMatchObject({ seen: 200, hits: statuses.filter((status) => status === 500).length, rate: 0.2 });
        return statuses;
      } finally {
        await other.end();
      }
    }
    const first = await hits(7);
    const struck = first.filter((status) => status === 500).length;
    expect(struck).toBeGreaterThan(20);
    expect(struck).toBeLessThan(60);
    expect(await hits(7)).toEqual(first);
    expect(await hits(8)).not.toEqual(first);
  });
});

describe('several at once', () => {
  const count = 'resources | where name == "srv-app-01" | count';
  test('a lag stays while a throttle comes and goes', async () => {
    const machine = (await outside.query('resources | where name == "srv-app-01" | project id')).body.data[0].id;
    await outside.door('POST', '/_clock', { advanceSeconds: 300 });
    await outside.door('POST', '/_estate', { remove: [machine] });
    await fault({ fault: { lagSeconds: 120 }, times: 1 });
    await fault({ fault: { status: 429, retryAfter: 1 }, times: 1 });
    expect((await outside.query(count)).status).toBe(429);
    expect((await outside.query(count)).body.data).toEqual([{ Count: 1 }]);
    expect((await outside.query(count)).body.data).toEqual([{ Count: 0 }]);
  });
  test('a delay goes before a refusal, and the log names both', async () => {
    const slow = await fault({ fault: { slowMs: 200 }, times: 1 });
    const refusal = await fault({ fault: { status: 503 }, times: 1 });
    const began = performance.now();
    expect((await outside.arm('GET', LIST)).status).toBe(503);
    expect(performance.now() - began).toBeGreaterThan(190);
    expect(last('GET')).toMatchObject({
      fault: slow,
      faults: [
        { id: slow, kind: 'slow' },
        { id: refusal, kind: 'status' },
      ],
    });
  });
  test('a refused request uses up nothing else', async () => {
    const lie = await fault({ fault: { lie: true }, times: 1 });
    await fault({ match: { method: 'PUT' }, fault: { status: 500 }, times: 1 });
    await outside.arm('PUT', run('srv-app-01'), { identity: 'writer', body: command });
    expect((await outside.door('GET', '/_faults')).body).toMatchObject([{ id: lie, hits: 0, times: 1 }]);
  });
});
