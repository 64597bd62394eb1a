import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call } from '../../../core/plan.ts';
import { callNonce, expandCall, planHash } from '../../../core/plan.ts';
import { runCommand } from '../../../playbook/actions/run-command.ts';
import { scripts } from '../../../playbook/scripts/index.ts';
import type { Azure } from '../../../services/azure/index.ts';
import { connectAzure } from '../../../services/azure/index.ts';
import { readMigration } from '../../../services/migration-file.ts';
import { type Outside, startOutside } from '../../../simulator/outside.ts';
import { planFor, target } from './plans.ts';
import { memoryLog } from './pretend-arm.ts';

let outside: Outside;
let subscriptions: readonly { readonly id: string; readonly name: string }[];

beforeAll(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'greenlight-outside-'));
  const start = Date.parse('2026-03-02T08:00:00Z');
  outside = await startOutside({ port: 0, estate: 'sample', seed: 1, dataDir, bot: null, start, queries: 1_000 });
  const parsed = await readMigration(outside.ready.migrationFile);
  if (parsed.kind !== 'ok') throw new Error(JSON.stringify(parsed.errors));
  subscriptions = parsed.migration.subscriptions;
});
afterAll(() => outside.close());
afterEach(() => faults({ method: 'DELETE' }));

/** As a process that has just started: it remembers nothing of what was sent before. */
function newProcess(): Azure {
  const { identities, azure, caFile } = outside.ready;
  const elsewhere = { teamsServiceUrl: '', teamsOpenidMetadata: '', teamsLogin: '', clockUrl: '' };
  const rehearsal = { azureEndpoint: azure, azureAuthority: azure, caFile, ...elsewhere };
  return connectAzure({
    settings: { reader: identities.reader, writer: identities.writer, rehearsal },
    subscriptions,
    clock: outside.clock,
    log: memoryLog(),
    patience: { pause: () => Promise.resolve() },
  });
}

function faults(init: RequestInit): Promise<Response> {
  return fetch(`${outside.ready.teams}/_faults`, init);
}

/** A signed probe of a machine of this kind that would answer. */
async function probeOf(kind: 'arc' | 'azure-vm', id: string) {
  const { subjects } = await newProcess().collectors.machine();
  const all = Object.values(subjects).flatMap((evidence) => (evidence.state === 'read' ? [evidence.value] : []));
  const running = (status: string) => status.toLowerCase() === 'connected' || status.toLowerCase().endsWith('running');
  const facts = all.find(
    (one) => one.kind === kind && one.os === 'windows-server-2019' && running(one.status) && one.configMode !== 'monitor',
  );
  if (!facts) throw new Error(`the sample has no such ${kind}`);
  const call: Call = runCommand(facts, scripts.probeWindows, id, 'look inside the machine', {});
  const only = target(facts.id, [call], { fingerprint: { vmId: facts.vmId ?? '', osType: 'windows', location: facts.location } });
  const plan = { ...planFor([only]), scripts: [scripts.probeWindows] };
  const hash = planHash(plan);
  return { plan, hash, only, call: expandCall(plan, hash, only.id, call), nonce: callNonce(hash, only.id, call.id) };
}

describe.each(['azure-vm', 'arc'] as const)('a run command on %s', (kind) => {
  test('is followed to its end by a process that did not send it and kept no operation address', async () => {
    const { plan, hash, only, call, nonce } = await probeOf(kind, 'crash');
    const since = outside.log.since(0).at(-1)?.seq ?? 0;
    expect(await newProcess().writer.send(plan, hash, only, call)).toEqual({ kind: 'accepted' });
    const put = outside.log.since(since).find(({ method, path }) => method === 'PUT' && path.includes('runCommands'));
    expect([201, 202]).toContain(put?.status);
    expect(await newProcess().writer.readBack(call)).toEqual({ kind: 'running' });
    outside.clock.move({ advanceSeconds: 60 });
    const back = await newProcess().writer.readBack(call);
    expect(back).toMatchObject({ kind: 'succeeded', output: expect.stringContaining(nonce) });
    const followed = outside.log.since(since).filter(({ path }) => /operations|operationStatus|operationResults/i.test(path));
    expect(followed).toEqual([]);
  });

  test('is followed to its end when the answer to the PUT never came', async () => {
    const { plan, hash, only, call, nonce } = await probeOf(kind, 'lost');
    const fault = { match: { method: 'PUT', path: 'runCommands' }, fault: { reset: true, after: true }, times: 1 };
    await faults({ method: 'POST', body: JSON.stringify(fault) });
    expect((await newProcess().writer.send(plan, hash, only, call)).kind).toBe('ambiguous');
    outside.clock.move({ advanceSeconds: 60 });
    expect(await newProcess().writer.readBack(call)).toMatchObject({ kind: 'succeeded', output: expect.stringContaining(nonce) });
  });

  test('an operation address on another host is not followed, and nothing is lost by it', async () => {
    const { plan, hash, only, call } = await probeOf(kind, 'astray');
    const since = outside.log.since(0).at(-1)?.seq ?? 0;
    await faults({ method: 'POST', body: JSON.stringify({ fault: { offOrigin: `${outside.ready.teams}/astray` } }) });
    const azure = newProcess();
    expect(await azure.writer.send(plan, hash, only, call)).toEqual({ kind: 'accepted' });
    outside.clock.move({ advanceSeconds: 60 });
    expect((await azure.writer.readBack(call)).kind).toBe('succeeded');
    const seen = outside.log.since(since);
    expect(seen.find(({ method, path }) => method === 'PUT' && path.includes('runCommands'))?.faults).toHaveLength(1);
    expect(seen.filter(({ server, path }) => server === 'teams' && path.includes('astray'))).toEqual([]);
  });
});
