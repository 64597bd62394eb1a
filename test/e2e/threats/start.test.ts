import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Outside, rehearsalEnvironment } from '../../../bot/rehearsal.ts';
import { overrideNames } from '../../../services/settings-table.ts';
import { House } from './support/house.ts';

jest.setTimeout(60_000);

const house = new House();
beforeAll(() => house.start());
afterAll(() => house.stop());

type Environment = Record<string, string>;
const whole = (): Environment => {
  const outside = JSON.parse(readFileSync(join(house.rehearsal.dataDir, 'rehearsal.json'), 'utf8')) as Outside;
  return rehearsalEnvironment(outside, {});
};
/** As a production would be set, but for what is added. */
const production = (more: Environment): Environment => ({
  ...Object.fromEntries(Object.entries(whole()).filter(([name]) => !overrideNames.includes(name as never))),
  NODE_ENV: 'production',
  ...more,
});

describe('does not start, says which setting, and listens to nobody', () => {
  it.each<[string, () => Environment, RegExp]>([
    ['T10 without an app id', () => ({ ...whole(), MICROSOFT_APP_ID: '' }), /MICROSOFT_APP_ID is missing/],
    [
      'T11 as production with the keys of a pretend Teams',
      () => production({ TEAMS_OPENID_METADATA: 'http://127.0.0.1:1/keys' }),
      /only a rehearsal sets this/,
    ],
    ['T11 as production with all that a rehearsal sets', () => ({ ...whole(), NODE_ENV: 'production' }), /NODE_ENV is production/],
    [
      'T11 with keys from another machine',
      () => ({ ...whole(), TEAMS_OPENID_METADATA: 'https://evil.example/keys' }),
      /TEAMS_OPENID_METADATA/,
    ],
  ])('%s', async (_what, environment, says) => {
    const { code, output, errors } = await start(environment());
    expect(code).toBeGreaterThan(0);
    expect(output).toBe('');
    expect(errors).toMatch(says);
    expect(errors).not.toMatch(/\bat .*\.ts:\d/);
  });
});

it('T21 an approver who was removed after signing does not count, T13 and a key server that hangs holds nobody up', async () => {
  const [lukas, ingrid, jonas] = ['lukas', 'ingrid', 'jonas'].map((name) => house.somebody(name));
  const plan = await house.people.requestPlan(lukas!.id, 'probe machine srv-web-01');
  await house.people.decide(ingrid!.id, plan, 'sign-off.approve');
  await house.people.decide(jonas!.id, plan, 'sign-off.approve');
  await house.people.news(lukas!.id, new RegExp(`${plan.id} .*is signed`));

  await house.rehearsal.killBot();
  const file = house.rehearsal.ready.migrationFile;
  writeFileSync(file, withoutApprover(readFileSync(file, 'utf8'), ingrid!.id));
  await house.rehearsal.fault({ match: { server: 'teams', path: 'openidconfiguration' }, fault: { never: true } });
  const since = (await house.rehearsal.log()).length;
  await house.start();

  const greeting = house.activities.message(lukas!, 'help');
  const answers = await Promise.all(Array.from({ length: 50 }, () => house.act(greeting)));
  for (const { status, text, ms } of answers) {
    expect([status, text]).toEqual([503, expect.stringMatching(/^\{"reference":"\w{8}"\}$/)]);
    // Somebody who hangs holds a key look-up for 5 s.
    expect(ms).toBeLessThan(4_000);
  }
  expect((await house.wire.get('/readyz')).status).toBe(503);
  const health = await house.wire.get('/healthz');
  expect([health.status, health.ms < 4_000]).toEqual([200, true]);
  const looks = (await house.rehearsal.log()).slice(since).filter(({ path }) => path.endsWith('openidconfiguration'));
  expect(looks.length).toBeLessThanOrEqual(2);

  await house.rehearsal.clock({ advanceSeconds: 300 });
  await house.people.news(lukas!.id, new RegExp(`${plan.id} .*(is void|no longer)`));
  await house.rehearsal.clock({ advanceSeconds: 300 });
  await house.isUnharmed();
});

function withoutApprover(yaml: string, id: string): string {
  const lines = yaml.split('\n');
  const at = lines.findIndex((line) => line.includes(id));
  if (at < 0) throw new Error('the migration file does not name this approver');
  const begins = lines.slice(0, at + 1).findLastIndex((line) => /^\s*- /.test(line));
  const next = lines.findIndex((line, index) => index > begins && (/^\s*- /.test(line) || /^\S/.test(line)));
  return lines.filter((_line, index) => index < begins || index >= next).join('\n');
}

it('T11 a production with nothing filled in begins no rehearsal', async () => {
  const { code, output, errors } = await start({ NODE_ENV: 'production' }, ['--json']);
  expect([code, output]).toEqual([1, '']);
  expect(errors).toMatch(/NODE_ENV is production, and no setting is filled in/);
});

async function start(
  environment: Environment,
  args = ['--bot-only', '--json'],
): Promise<{ code: number | null; output: string; errors: string }> {
  const folder = join(house.rehearsal.dataDir, 'another');
  mkdirSync(folder, { recursive: true });
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, '../../../bot/main.ts'), ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...environment, DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const told = { output: '', errors: '' };
  child.stdout?.on('data', (chunk: Buffer) => (told.output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (told.errors += chunk.toString()));
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { code, ...told };
}
