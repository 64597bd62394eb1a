import { createSigningKeys, type SigningKeys } from '../../../bot/teams/signing-keys.ts';
import { message } from './support/activities.ts';
import { type PretendTeams, startPretendTeams } from './support/pretend-teams.ts';
import { post, type Setup, setUp } from './support/setup.ts';
import { createSigner, type Signer } from './support/tokens.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describe('the keys', () => {
  let teams: PretendTeams;
  let signer: Signer;
  let elapsed = 0;
  let keys: SigningKeys;
  beforeEach(async () => {
    teams = await startPretendTeams();
    signer = await createSigner(() => teams.url);
    teams.keys = [{ ...signer.jwk, endorsements: ['msteams'] }];
    elapsed = 0;
    keys = createSigningKeys({ metadataUrl: teams.metadataUrl, log: quiet, elapsed: () => elapsed });
  });
  afterEach(() => teams.close());

  it('are fetched once for all who ask together', async () => {
    const found = await Promise.all(Array.from({ length: 50 }, () => keys.find('key-1')));
    expect(found.every((key) => typeof key === 'object')).toBe(true);
    expect(teams.metadataFetches()).toBe(1);
  });

  it('T13: a flood of unknown names costs two fetches a minute', async () => {
    for (let i = 0; i < 1_000; i += 1) expect(await keys.find(`junk-${i}`)).toBe('unknown');
    expect(teams.metadataFetches()).toBe(2);
    elapsed += 61_000;
    for (let i = 0; i < 1_000; i += 1) await keys.find(`junk-${i}`);
    expect(teams.metadataFetches()).toBe(4);
  });

  it('T13: a name that was missed is not looked up again within the minute', async () => {
    await keys.find('key-1');
    elapsed += 61_000;
    await keys.find('later');
    await keys.find('later');
    expect(teams.metadataFetches()).toBe(2);
  });

  it('find a new key when it is first used', async () => {
    await keys.find('key-1');
    const second = await createSigner(() => teams.url, 'key-2');
    teams.keys.push({ ...second.jwk, endorsements: ['msteams'] });
    expect(typeof (await keys.find('key-2'))).toBe('object');
  });

  it('T13: that cannot be fetched are unavailable, and asked for at most twice a minute', async () => {
    teams.faults.push({ when: (_method, path) => path === '/metadata', answer: { status: 503 }, times: 1_000 });
    for (let i = 0; i < 100; i += 1) expect(await keys.find('key-1')).toBe('unavailable');
    expect(teams.metadataFetches()).toBe(2);
    expect(keys.ready()).toBe(false);
  });

  it('T13: a key server that hangs keeps nobody waiting for more than two seconds', async () => {
    teams.faults.push({ when: (_method, path) => path === '/metadata', answer: 'hang', times: 9 });
    const begin = performance.now();
    expect(await Promise.all([keys.find('key-1'), keys.find('key-1')])).toEqual(['unavailable', 'unavailable']);
    expect(performance.now() - begin).toBeLessThan(2_000);
  });

  it('are used for three days while they cannot be confirmed, and not longer', async () => {
    await keys.find('key-1');
    teams.faults.push({ when: (_method, path) => path === '/metadata', answer: { status: 503 }, times: 1_000 });
    elapsed = 71 * 3_600_000;
    expect(typeof (await keys.find('key-1'))).toBe('object');
    elapsed = 73 * 3_600_000;
    expect(await keys.find('key-1')).toBe('unavailable');
  });

  it.each([
    ['without endorsements', undefined],
    ['with none', []],
    ['for other channels', ['webchat', 'directline']],
    ['with a word instead of a list', 'msteams'],
  ])('T12: %s are not for Teams', async (_what, endorsements) => {
    const other = await createSigner(() => teams.url, 'other');
    teams.keys.push({ ...other.jwk, endorsements });
    expect(await keys.find('other')).toBe('unknown');
  });

  it('are not taken from another site than the one that announces them', async () => {
    const evil = await startPretendTeams();
    evil.keys = teams.keys;
    const metadata = { jwks_uri: `${evil.url}keys` };
    teams.faults.push({ when: (_method, path) => path === '/metadata', answer: { status: 200, body: metadata }, times: 10 });
    expect(await keys.find('key-1')).toBe('unavailable');
    await evil.close();
  });
});

describe('a host without keys', () => {
  let setup: Setup;
  afterEach(() => setup.close());

  it('T13: asks to come again, stays alive, and is not ready', async () => {
    setup = await setUp();
    const stranger = await createSigner(() => setup.teams.url, 'stranger');
    const token = await stranger.sign();
    const flood = Array.from({ length: 300 }, () => post(setup.host, message(setup.teams.url), `Bearer ${token}`));
    const statuses = new Set((await Promise.all(flood)).map(({ status }) => status));
    expect([...statuses].every((status) => status === 401 || status === 503)).toBe(true);
    expect(setup.teams.metadataFetches()).toBeLessThanOrEqual(2);
    expect((await fetch(`${setup.host.url}/healthz`)).status).toBe(200);
    expect((await setup.act(message(setup.teams.url))).status).toBe(200);
  });

  it('T14: junk tenants leave nothing behind', async () => {
    setup = await setUp();
    const unsigned = (tid: number): string => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${part({ alg: 'RS256', kid: `k${tid}` })}.${part({ iss: `https://sts.windows.net/${tid}/`, tid, ver: '1.0' })}.c2ln`;
    };
    for (let i = 0; i < 600; i += 1) expect((await post(setup.host, {}, `Bearer ${unsigned(i)}`)).status).toBe(401);
    expect(setup.teams.metadataFetches()).toBeLessThanOrEqual(2);
    expect(setup.logged.filter((line) => line.includes('turned away')).length).toBeLessThanOrEqual(2);
  });
});
