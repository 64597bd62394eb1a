import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerHalted } from '../../../core/ledger.ts';
import { openStore } from '../../../services/store/open-store.ts';
import { readWitness } from '../../../services/store/witness.ts';
import { freshPlace, log, places, removePlace } from './engines.ts';
import { savedPlan, T0 } from './fixtures.ts';

const draft = { at: T0, kind: 'vote', actor: null, subject: 's', data: {} } as const;

jest.setTimeout(60_000);

describe.each(places)('a store that is older than its witness, on $name', ({ databaseUrl }) => {
  const base = freshPlace(databaseUrl);
  const place = { ...base, witnessFile: join(base.dataDir, 'elsewhere', 'witness.jsonl') };
  const open = () => openStore({ ...place, log, clock: { now: Date.now } });
  afterAll(() => removePlace(base));

  it('has its witness where it was told to, and is not halted while they agree', async () => {
    const opened = await open();
    const last = await opened.store.transact(async (tx) => [await tx.appendLedger(draft), await tx.appendLedger(draft)][1]);
    await opened.store.close();
    expect(readWitness(place.witnessFile).heads).toEqual([{ seq: 2, hash: last?.hash, at: T0 }]);
    const again = await open();
    expect(again.halted).toBeNull();
    await again.store.close();
  });

  it.each([
    ['saw more', { seq: 9, hash: 'a'.repeat(64), at: T0 }, /Entry 9 was acknowledged, the witness says, but is not in the ledger/],
    ['saw another entry', { seq: 2, hash: 'b'.repeat(64), at: T0 }, /Entry 2 is not the one the witness saw acknowledged/],
  ])(
    'records nothing when the witness %s, keeps nothing of a change that cannot be recorded, and says what to do',
    async (_what, head, says) => {
      const before = readFileSync(place.witnessFile, 'utf8');
      appendFileSync(place.witnessFile, `${JSON.stringify(head)}\n`);
      const opened = await open();
      expect(opened.halted?.message).toMatch(says);
      expect(opened.halted?.next).toMatch(/put the newest copy of the store in place and start again.*move witness\.jsonl away/);
      let hash = '';
      const change = opened.store.transact(async (tx) => {
        ({ hash } = await savedPlan(tx));
        return tx.appendLedger(draft);
      });
      await expect(change).rejects.toBeInstanceOf(LedgerHalted);
      const left = await opened.store.transact(async (tx) => [await tx.plan(hash), await tx.ledgerHead()] as const);
      expect(left).toMatchObject([null, { seq: 2 }]);
      await opened.store.close();
      expect(readFileSync(place.witnessFile, 'utf8')).toBe(`${before}${JSON.stringify(head)}\n`);
      rmSync(place.witnessFile);
      appendFileSync(place.witnessFile, before);
    },
  );

  it('goes on where it is once the witness is out of the way', async () => {
    rmSync(place.witnessFile);
    const opened = await open();
    expect(await opened.store.transact((tx) => tx.appendLedger(draft))).toMatchObject({ seq: 3 });
    await opened.store.close();
  });
});
