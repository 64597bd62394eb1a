import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, type Json, type StartedOutside, startedOutside } from '../../started-outside.ts';
import { REPLAYS, type Replay, SUBSCRIPTION } from './replays.ts';
import { missingShape } from './shape.ts';

/** Names of the examples and what stands for them in the estate. */
const STANDS_FOR: Readonly<Record<string, string>> = {
  '{subscription-id}': SUBSCRIPTION,
  '{subscriptionId}': SUBSCRIPTION,
  myVM: 'srv-web-01',
};
const GROUPS = { Compute: 'rg-web-prod', HybridCompute: 'rg-aarhus' };

interface Example {
  parameters: Json;
  responses: Record<string, { body: Json; headers?: Record<string, unknown> }>;
}

/** The example with its subscription, group and machine replaced by ones that exist. */
function example(file: string): Example {
  let text = JSON.stringify(JSON.parse(readFileSync(join(import.meta.dirname, `${file}.json`), 'utf8')));
  for (const [theirs, ours] of Object.entries(STANDS_FOR)) text = text.replaceAll(theirs, ours);
  text = text.replaceAll(
    /(subscriptions\/|"subscriptionId":"|"subscriptions":\[")[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
    `$1${SUBSCRIPTION}`,
  );
  const arc = file.startsWith('hybridcompute');
  text = text.replaceAll('myResourceGroup', arc ? GROUPS.HybridCompute : GROUPS.Compute).replaceAll('myMachine', 'br-aar-01');
  if (arc)
    text = text
      .replaceAll(/\{subscriptionId\}/g, '8b3e4c62-2f50-4d9c-9e73-41a09f32c003')
      .replaceAll(SUBSCRIPTION, '8b3e4c62-2f50-4d9c-9e73-41a09f32c003');
  return JSON.parse(text) as Example;
}

function filled(path: string, parameters: Json): string {
  const named: Json = { subscriptionId: String(parameters['scope'] ?? parameters['scopeId'] ?? '').split('/')[1], ...parameters };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(named[name]));
}

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
});
afterEach(() => outside.end());

async function replayed({ file, method, path, as, body, before, estate, seconds }: Replay): Promise<Answer> {
  const { parameters } = example(file);
  if (estate) expect(await outside.door('POST', '/_estate', estate)).toMatchObject({ status: 200 });
  for (const one of before ?? []) {
    const answer = await outside.arm(one.method, filled(one.path, parameters), { identity: one.as, body: one.body });
    expect([200, 201, 202]).toContain(answer.status);
  }
  if (seconds) await outside.door('POST', '/_clock', { advanceSeconds: seconds });
  const address = `${filled(path, parameters)}?api-version=${parameters['api-version']}`;
  return outside.arm(method, address, { identity: as ?? 'reader', ...(body ? { body: parameters[body] } : {}) });
}

describe('official examples', () => {
  it.each(REPLAYS)('$file is answered in the official shape', async (replay) => {
    const answer = await replayed(replay);
    const official = example(replay.file).responses[replay.status];
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: replay.status });
    const lacks = missingShape(official?.body, answer.body).filter((place) => !Object.keys(replay.lacks ?? {}).includes(place));
    expect(lacks).toEqual([]);
    for (const header of Object.keys(official?.headers ?? {})) expect(answer.headers).toHaveProperty([header.toLowerCase()]);
  });

  it('the next page is asked for with the token of the first and answered in the official shape', async () => {
    const [first] = REPLAYS.filter(({ file }) => file.includes('firstPage'));
    const page = await replayed(first!);
    const { parameters, responses } = example('resourcegraph_resources_nextPage_2022-10-01');
    const query = { ...parameters['query'], options: { $skipToken: page.body.$skipToken } };
    const next = await outside.arm('POST', `${first!.path}?api-version=${parameters['api-version']}`, { body: query });
    expect(next.status).toBe(200);
    expect(missingShape(responses['200']?.body, next.body)).toEqual([]);
    const ids = [...page.body.data, ...next.body.data].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('each example is replayed or compared', () => {
    const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.json'));
    const used = [...REPLAYS.map(({ file }) => `${file}.json`), 'resourcegraph_resources_nextPage_2022-10-01.json'];
    expect(files.filter((name) => !used.includes(name) && !name.startsWith('builtin_'))).toEqual([]);
  });
});

describe('official built-in policies', () => {
  const builtIns = readdirSync(import.meta.dirname).filter((name) => name.startsWith('builtin_'));

  it.each(builtIns)('%s reads as the official one does', async (name) => {
    const official = JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8')) as Json;
    const answer = await outside.arm('GET', `${official['id']}?api-version=2023-04-01`);
    expect(answer.status).toBe(200);
    expect(missingShape(official, answer.body)).toEqual([]);
    const { displayName, policyType, parameters } = official['properties'];
    expect(answer.body.properties).toMatchObject({ displayName, policyType });
    expect(Object.keys(answer.body.properties.parameters ?? {}).sort()).toEqual(Object.keys(parameters ?? {}).sort());
  });
});
