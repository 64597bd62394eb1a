import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerEntry } from '../../../core/ledger.ts';
import { openEngine } from '../../../services/store/open-engine.ts';
import { freshPlace, log, places, removePlace } from './engines.ts';
import { ledgerCommand, startChild } from './processes.ts';

describe('the embedded store and its processes', () => {
  // The commands read the schema a bot uses.
  const place = { ...freshPlace(null), schema: 'greenlight' };
  const acknowledged: Record<string, unknown>[] = [];
  const witness = join(place.dataDir, 'ledger-witness-embedded.jsonl');
  const exported = join(place.dataDir, 'exported.jsonl');
  afterAll(() => rmSync(place.dataDir, { recursive: true, force: true }));

  it('has no ledger to verify before the first start', () => {
    expect(ledgerCommand(['verify'], place.dataDir)).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('no ledger') });
  });

  it('lets nobody else at its folder', async () => {
    const child = startChild('append', place);
    const pid = (await child.next())?.['open'];
    expect(pid).toEqual(expect.any(Number));
    const complaint = new RegExp(`in use by another Greenlight \\(process ${String(pid)} .*Stop that one first`);
    expect(await startChild('append', place).complaint()).toMatch(complaint);
    expect(ledgerCommand(['verify'], place.dataDir)).toMatchObject({ status: 1, stderr: expect.stringMatching(complaint) });
    acknowledged.push(...(await child.kill()).filter(({ seq }) => seq !== undefined));
  }, 60_000);

  it('loses nothing it acknowledged to kill -9', async () => {
    for (const many of [5, 40, 15]) {
      const child = startChild('append', place);
      expect(await child.next()).toHaveProperty('open');
      for (let n = 0; n < many; n += 1) acknowledged.push((await child.next())!);
      acknowledged.push(...(await child.kill()));
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(60);

    expect(ledgerCommand(['export', exported], place.dataDir).status).toBe(0);
    const entries = readFileSync(exported, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LedgerEntry);
    const kept = new Map(entries.map(({ seq, hash }) => [seq, hash]));
    expect(acknowledged.filter(({ seq, hash }) => kept.get(seq as number) !== hash)).toEqual([]);
    expect(ledgerCommand(['verify'], place.dataDir)).toMatchObject({ status: 0, stdout: expect.not.stringContaining('WRONG') });
  }, 120_000);

  it('verifies an exported ledger by itself, and finds the entry that was altered', () => {
    expect(ledgerCommand(['verify', '--file', exported], place.dataDir)).toMatchObject({ status: 0 });
    const altered = readFileSync(exported, 'utf8').replace(/("seq":7,.*?"hash":")./, '$1x');
    writeFileSync(exported, altered);
    const { status, stdout } = ledgerCommand(['verify', '--file', exported], place.dataDir);
    expect({ status, stdout }).toEqual({ status: 1, stdout: 'WRONG The chain is broken: entry 7 was altered.\n' });
  });

  it('adds nothing when the witness saw more acknowledged than the ledger holds', async () => {
    const last = JSON.parse(readFileSync(witness, 'utf8').trim().split('\n').at(-1) as string) as { seq: number };
    appendFileSync(witness, `${JSON.stringify({ ...last, seq: last.seq + 50 })}\n{"seq":`);
    const child = startChild('append', place);
    expect(await child.next()).toHaveProperty('open');
    expect(await child.complaint()).toMatch(
      new RegExp(`Entry ${last.seq + 50} was acknowledged.*is not in the ledger.*Nothing is requested, signed or run`),
    );
    expect(await child.next()).toBeNull();
    const { status, stdout } = ledgerCommand(['verify'], place.dataDir);
    expect(status).toBe(1);
    expect(stdout).toContain(`WRONG Entry ${last.seq + 50} was acknowledged`);
  }, 30_000);
});

describe.each(places)('a delivery whose process was killed, on $name', ({ databaseUrl }) => {
  const place = freshPlace(databaseUrl);
  afterAll(() => removePlace(place));

  it('is given to another, which learns that it must not send a second time', async () => {
    const sender = startChild('send', place);
    expect(await sender.next()).toHaveProperty('open');
    const first = await sender.next();
    expect(first).toMatchObject({ claimed: true });
    await sender.kill();
    const other = startChild('deliver', place);
    expect(await other.next()).toHaveProperty('open');
    expect(await other.next()).toEqual({ ...first, claimed: false });
    await other.kill();
    const engine = await openEngine(place, log, { now: Date.now });
    const rows = await engine.db.withSchema(place.schema).selectFrom('outbox').select('state').execute();
    await engine.close();
    expect(rows).toEqual([{ state: 'unknown' }]);
  }, 90_000);
});
