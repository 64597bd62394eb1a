import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SUBSCRIPTIONS } from '../../simulator/estates/sample-frame.ts';
import { type Json, type StartedOutside, script, startedOutside } from './started-outside.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'outside-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

async function restarted(outside: StartedOutside): Promise<StartedOutside> {
  await outside.close();
  return startedOutside({ dataDir });
}

test('keys, secrets, the estate, the clock and running scripts survive a restart', async () => {
  const first = await startedOutside({ dataDir });
  await first.door('POST', '/_clock', { rate: 0 });
  await first.door('POST', '/_clock', { to: '2026-05-01T10:00:00Z' });
  await first.door('POST', '/_estate', { machines: [{ name: 'srv-web-02', lies: true }] });
  const path = `/subscriptions/${SUBSCRIPTIONS.prod}/resourceGroups/rg-web-prod/providers/Microsoft.Compute/virtualMachines/srv-web-01/runCommands/x?api-version=2026-04-01`;
  const properties = {
    source: { script: script('set-passive-mode') },
    parameters: [
      { name: 'State', value: 'on' },
      { name: 'Nonce', value: 'n' },
    ],
  };
  await first.arm('PUT', path, { identity: 'writer', body: { location: 'westeurope', properties } });
  const token = await first.token('reader');

  const second = await restarted(first);
  try {
    expect(second.ready.identities).toEqual(first.ready.identities);
    expect((await second.door('GET', '/_clock')).body).toMatchObject({ iso: '2026-05-01T10:00:00.000Z', rate: 0 });
    expect((await second.arm('GET', '/subscriptions?api-version=2022-12-01', { token })).status).toBe(200);
    await second.door('POST', '/_clock', { advanceSeconds: 15 });
    const { machines } = (await second.door('GET', '/_estate')).body;
    const named = (name: string) => machines.find((machine: Json) => machine['name'] === name);
    expect(named('srv-web-02').lies).toBe(true);
    expect(named('srv-web-01').guest.passiveKey).toBe(1);
  } finally {
    await second.close();
  }
});

test('the clock never shows less after a restart than before it', async () => {
  const first = await startedOutside({ dataDir });
  await first.door('POST', '/_clock', { rate: 60 });
  const before = (await first.door('GET', '/_clock')).body.now;
  const second = await restarted(first);
  try {
    expect((await second.door('GET', '/_clock')).body.now).toBeGreaterThanOrEqual(before);
  } finally {
    await second.close();
  }
});
