import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Json } from '../../../core/json.ts';
import { openGate } from '../../../services/store/gate.ts';
import { parseInt8 } from '../../../services/store/int8.ts';
import { storable } from '../../../services/store/jsonb.ts';
import { witnessFileOf } from '../../../services/store/open-engine.ts';
import { takeOwnerLock } from '../../../services/store/owner-lock.ts';
import { openPostgres, placeOf } from '../../../services/store/postgres.ts';
import { openWitness, readWitness } from '../../../services/store/witness.ts';
import { log } from './engines.ts';

const folder = mkdtempSync(join(tmpdir(), 'greenlight-parts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the gate', () => {
  it('lets one in at a time, in order, also past one that fails', async () => {
    const gate = openGate(true);
    const seen: string[] = [];
    let inside = 0;
    const work = (name: string, fails: boolean) => async () => {
      inside += 1;
      expect(inside).toBe(1);
      await new Promise(setImmediate);
      inside -= 1;
      seen.push(name);
      if (fails) throw new Error(name);
    };
    const results = await Promise.allSettled([
      gate.transaction(work('a', true)),
      gate.statement(work('b', false)),
      gate.transaction(work('c', false)),
    ]);
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });

  it('refuses what would wait for itself, and everything after it was closed', async () => {
    const gate = openGate(true);
    const nothing = async () => undefined;
    await expect(gate.transaction(() => gate.statement(nothing))).rejects.toThrow('went past the open transaction');
    await expect(gate.transaction(() => gate.transaction(nothing))).rejects.toThrow('inside another one');
    await gate.close(nothing);
    await expect(gate.transaction(nothing)).rejects.toThrow('closed');
    await expect(gate.statement(nothing)).rejects.toThrow('closed');
  });
});

describe('the owner lock', () => {
  it('belongs to one and can be taken again when it was released', () => {
    const file = join(folder, 'store.lock');
    const first = takeOwnerLock(file, 'the folder', 0);
    expect(() => takeOwnerLock(file, 'the folder', 0)).toThrow(
      `The folder the folder is in use by another Greenlight (process ${process.pid}`,
    );
    first.release();
    takeOwnerLock(file, 'the folder', 0).release();
  });
});

describe('the witness', () => {
  it('goes on after a torn line and never backwards', () => {
    const file = join(folder, 'deep', 'witness.jsonl');
    const head = (seq: number) => ({ seq, hash: `h${seq}`, at: seq });
    const first = openWitness(file);
    for (const seq of [1, 3, 2]) first.record(head(seq));
    first.close();
    appendFileSync(file, '{"seq":4,"ha');
    const again = openWitness(file);
    for (const seq of [2, 3, 5]) again.record(head(seq));
    again.close();
    expect(readWitness(file)).toEqual({ heads: [head(1), head(3), head(5)], unreadable: 1 });
  });

  it('has one file per database', () => {
    const of = (databaseUrl: string | null) => witnessFileOf({ databaseUrl, dataDir: '/d' });
    const files = [of(null), of('postgres://u:p@h/a'), of('postgres://u:p@h/b')];
    expect(new Set(files).size).toBe(3);
    expect(of('postgres://u:other@h:5432/a')).toBe(files[1]);
    expect(files.join()).not.toContain('u:p');
  });
});

describe('what is stored', () => {
  it('is what was given, but for what PostgreSQL cannot hold', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const stored = JSON.stringify(storable(value as Json));
        expect(stored).not.toMatch(/\\u0000|\\ud[89a-f]/i);
        const clean = JSON.stringify(value);
        if (!/\\u0000|\\ud[89a-f]/i.test(clean)) expect(stored).toBe(clean);
      }),
    );
  });

  it('comes back as numbers, or not at all', () => {
    expect(parseInt8('1793606400000')).toBe(1_793_606_400_000);
    expect(() => parseInt8('9007199254740993')).toThrow(RangeError);
  });
});

describe('a server', () => {
  it('is named without its credentials', () => {
    expect(placeOf('postgres://user:secret@db.example:6432/green?sslmode=require')).toBe('db.example:6432/green');
    expect(() => placeOf('db.example')).toThrow('DATABASE_URL is not a URL');
  });

  it('that cannot be reached is reported with what to check', async () => {
    await expect(openPostgres('postgres://user:secret@127.0.0.1:1/none', 's', log)).rejects.toThrow(
      /^PostgreSQL at 127\.0\.0\.1:1\/none could not be reached: .*Check DATABASE_URL/,
    );
  });
});
