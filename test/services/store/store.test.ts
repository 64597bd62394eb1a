import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection, Evidence } from '../../../core/evidence.ts';
import { read, unread } from '../../../core/evidence.ts';
import type { ExtensionFacts } from '../../../core/facts/defender.ts';
import type { LedgerDraft } from '../../../core/ledger.ts';
import { firstBreak } from '../../../core/ledger.ts';
import { planHash } from '../../../core/plan.ts';
import type { OutboxMessage, Tx } from '../../../core/ports.ts';
import { selfTest } from '../../../services/store/self-test.ts';
import type { Opened } from './engines.ts';
import { openFresh, places } from './engines.ts';
import { anna, bo, extension, machine, planCalled, savedPlan, savedRun, T0 } from './fixtures.ts';

const draft = (subject: string): LedgerDraft => ({ at: T0, kind: 'request', actor: { id: 't/o', name: 'Zoë' }, subject, data: { n: 0.1 } });
const message = (key: string, how: OutboxMessage['how'] = 'post'): Omit<OutboxMessage, 'id'> => ({ how, key, data: { key }, at: T0 });

describe.each(places)('the store on $name', ({ databaseUrl }) => {
  let opened: Opened;
  let transact: Opened['store']['transact'];

  beforeAll(async () => {
    opened = await openFresh(databaseUrl);
    transact = (work) => opened.store.transact(work);
  }, 60_000);
  afterAll(() => opened.remove(), 30_000);

  /** Does the work and takes it back. */
  async function undone<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    let result: T | undefined;
    const attempt = transact(async (tx) => {
      result = await work(tx);
      throw new Error('taken back');
    });
    await expect(attempt).rejects.toThrow('taken back');
    return result as T;
  }

  describe('ledger', () => {
    it('chains entries without gaps, also those of transactions that run side by side', async () => {
      await Promise.all(Array.from({ length: 12 }, (_, index) => transact((tx) => tx.appendLedger(draft(`side-${index % 3}`)))));
      const { entries, head, some } = await transact(async (tx) => ({
        entries: await tx.ledger(null),
        head: await tx.ledgerHead(),
        some: await tx.ledger('side-1'),
      }));
      expect(firstBreak(entries)).toBeNull();
      expect(entries.length).toBeGreaterThanOrEqual(12);
      expect(head).toEqual({ seq: entries.length, hash: entries.at(-1)?.hash });
      expect(some.map(({ subject }) => subject)).toEqual(['side-1', 'side-1', 'side-1', 'side-1']);
    });

    it('keeps nothing of a transaction that failed, and moves the head back', async () => {
      const before = await transact((tx) => tx.ledgerHead());
      const gone = await undone((tx) => tx.appendLedger(draft('never')));
      const kept = await transact((tx) => tx.appendLedger(draft('after')));
      expect(kept.seq).toBe(before.seq + 1);
      expect(kept.prev).toBe(before.hash);
      expect(kept.hash).not.toBe(gone.hash);
    });

    it.each(['update ledger set data = data', 'delete from ledger', 'truncate ledger', 'delete from ledger_head', 'truncate ledger_head'])(
      'refuses “%s”',
      async (statement) => {
        await transact((tx) => tx.appendLedger(draft('kept')));
        await expect(opened.raw(statement)).rejects.toThrow(/is refused: rows are only ever added/);
      },
    );

    it.each([
      ['the head moved by hand', "update ledger_head set seq = seq - 1, hash = repeat('1', 64)"],
      ['a head given up', "update ledger_head set hash = repeat('0', 64)"],
      [
        'an entry that leaves a gap',
        `insert into ledger select seq + 2, hash, repeat('2', 64), at, kind, actor_id, actor_name, subject, data from ledger order by seq desc limit 1`,
      ],
      [
        'a second entry after an older one',
        `insert into ledger select seq + 1, prev, repeat('2', 64), at, kind, actor_id, actor_name, subject, data from ledger order by seq desc limit 1`,
      ],
      ['an entry put in at the front', `insert into ledger values (1, repeat('0', 64), repeat('2', 64), 1, 'vote', null, null, 's', '{}')`],
    ])('refuses %s', async (_what, statement) => {
      const before = await transact((tx) => tx.appendLedger(draft('kept')));
      await expect(opened.raw(statement)).rejects.toThrow(/is refused/);
      expect(await transact((tx) => tx.ledgerHead())).toEqual({ seq: before.seq, hash: before.hash });
    });

    it('keeps a card once, byte for byte, under its own sha256 and no other, and for ever', async () => {
      const card = { type: 'AdaptiveCard', body: [{ text: 'e\u0301 é \u2028 \u0000 \uD800 “q”' }], n: 0.1 };
      const twice = await transact(async (tx) => [await tx.keepCard(card), await tx.keepCard(card)]);
      const text = JSON.stringify(card);
      const name = createHash('sha256').update(text).digest('hex');
      expect(twice).toEqual([name, name]);
      expect(await opened.raw(`select card from ledger_cards where sha256 = '${name}'`)).toEqual([{ card: text }]);
      for (const statement of ['update ledger_cards set card = card', 'delete from ledger_cards', 'truncate ledger_cards'])
        await expect(opened.raw(statement)).rejects.toThrow(/is refused: rows are only ever added/);
      await expect(opened.raw(`insert into ledger_cards values (repeat('a', 64), '{}')`)).rejects.toThrow(/check constraint/);
    });

    it('names people as of then, with a user principal name only where there was one', async () => {
      const actors = [null, { id: 't/o', name: 'Zoë' }, { id: 't/o', name: 'Zoë', upn: 'zoe@contoso.example' }];
      await transact(async (tx) => {
        for (const actor of actors) await tx.appendLedger({ ...draft('named'), actor });
      });
      expect((await transact((tx) => tx.ledger('named'))).map(({ actor }) => actor)).toEqual(actors);
      expect(firstBreak(await transact((tx) => tx.ledger(null)))).toBeNull();
    });

    it('stores text PostgreSQL cannot hold, and hashes what it stored', async () => {
      const data = { reason: 'a\u0000b\uD800c', list: ['\u0000'] };
      const entry = await transact((tx) => tx.appendLedger({ ...draft('odd'), data }));
      const [stored] = await transact((tx) => tx.ledger('odd'));
      expect(stored).toEqual(entry);
      expect(stored?.data).toEqual({ reason: 'a\uFFFDb\uFFFDc', list: ['\uFFFD'] });
      expect(firstBreak(await transact((tx) => tx.ledger(null)))).toBeNull();
    });
  });

  describe('transactions', () => {
    it('refuses one inside another instead of waiting for itself', async () => {
      await expect(transact(() => transact((tx) => tx.ledgerHead()))).rejects.toThrow('begun inside another one');
      await expect(transact((tx) => tx.ledgerHead())).resolves.toBeDefined();
    });
  });

  describe('plans', () => {
    it('names them in order and uses a name that was taken back again', async () => {
      const gone = await undone((tx) => tx.nextPlanId());
      expect(gone).toMatch(/^GL-\d{4}$/);
      expect(await transact((tx) => tx.nextPlanId())).toBe(gone);
    });

    it('gives back a plan with the hash that people sign', async () => {
      const { hash, plan } = await transact(savedPlan);
      const loaded = await transact((tx) => tx.planNamed(plan.id));
      expect(planHash(loaded!.plan)).toBe(hash);
      expect(loaded).toMatchObject({ hash, version: 1, signOff: { state: 'pending' } });
    });

    it('refuses to save one under a hash that is not its own', async () => {
      const plan = planCalled('GL-9999');
      await expect(transact((tx) => tx.insertPlan('0'.repeat(64), plan, { planHash: '0'.repeat(64) } as never))).rejects.toThrow(/hash/);
    });

    it('refuses to change one, and to use one that was changed all the same', async () => {
      const { hash, plan } = await transact(savedPlan);
      const change = `update plans set plan = jsonb_set(plan, '{effect}', '"all"') where hash = '${hash}'`;
      await expect(opened.raw(change)).rejects.toThrow(/is refused/);
      await opened.raw('alter table plans disable trigger plans_frozen');
      await opened.raw(change);
      await opened.raw('alter table plans enable trigger plans_frozen');
      await expect(transact((tx) => tx.plan(hash))).rejects.toThrow(/altered/);
      await opened.raw('alter table plans disable trigger user');
      await opened.raw(`delete from plans where id = '${plan.id}'`);
      await opened.raw('alter table plans enable trigger user');
    });

    it('saves a sign-off once per version when several decide at the same moment', async () => {
      const { hash, signOff } = await transact(savedPlan);
      const votes = [anna, bo].map((person) => ({ ...signOff, votes: [{ person, at: T0 }] }));
      const saved = await Promise.all(votes.map((next) => transact((tx) => tx.saveSignOff(next, 1))));
      expect(saved.filter(Boolean)).toHaveLength(1);
      expect(await transact((tx) => tx.plan(hash))).toMatchObject({ version: 2, signOff: votes[saved.indexOf(true)]! });
    });

    it('lists as open what is pending or approved with a run that has not begun', async () => {
      const [pending, rejected, waiting, running] = await transact(async (tx) => [
        await savedPlan(tx),
        await savedPlan(tx),
        await savedRun(tx),
        await savedRun(tx),
      ]);
      await transact(async (tx) => {
        await tx.saveSignOff({ ...rejected.signOff, state: 'rejected' }, 1);
        for (const { planHash: hash } of [waiting, running])
          await tx.saveSignOff({ ...(await tx.plan(hash))!.signOff, state: 'approved' }, 1);
        await tx.stopRun({ ...running, state: 'running' }, 1);
      });
      const open = (await transact((tx) => tx.openPlans())).map(({ hash }) => hash);
      expect(open).toEqual(expect.arrayContaining([pending.hash, waiting.planHash]));
      expect(open).not.toContain(rejected.hash);
      expect(open).not.toContain(running.planHash);
    });
  });

  describe('views', () => {
    it('tells the first view of a revision from the next ones', async () => {
      const { hash } = await transact(savedPlan);
      const issue = (nonce: string, revision: number) => transact((tx) => tx.issueView(hash, bo, revision, nonce, T0));
      expect(await issue('n1', 1)).toBe(true);
      expect(await issue('n2', 1)).toBe(false);
      expect(await issue('n3', 2)).toBe(true);
      expect((await Promise.all(['n4', 'n5', 'n6'].map((nonce) => issue(nonce, 3)))).filter(Boolean)).toHaveLength(1);
    });

    it('knows the newest look until a time, the very first when all were later, and none of others or of other plans', async () => {
      const [{ hash }, other] = await transact(async (tx) => [await savedPlan(tx), await savedPlan(tx)]);
      const lookedAt = (plan: string, person: typeof bo, before: number) => transact((tx) => tx.lookedAt(plan, person, before));
      expect(await lookedAt(hash, bo, T0)).toBeNull();
      for (const [nonce, revision, after] of [
        ['a', 1, 10],
        ['b', 1, 20],
        ['c', 2, 30],
      ] as const)
        await transact((tx) => tx.issueView(hash, bo, revision, nonce, T0 + after));
      expect(await lookedAt(hash, bo, T0 + 29)).toBe(T0 + 20);
      expect(await lookedAt(hash, bo, T0 + 30)).toBe(T0 + 30);
      expect(await lookedAt(hash, bo, T0)).toBe(T0 + 10);
      expect([await lookedAt(hash, anna, T0 + 99), await lookedAt(other.hash, bo, T0 + 99)]).toEqual([null, null]);
    });

    it('uses a nonce up once, for its own person, plan and revision only', async () => {
      const [{ hash }, other] = await transact(async (tx) => [await savedPlan(tx), await savedPlan(tx)]);
      await transact((tx) => tx.issueView(hash, bo, 1, 'secret', T0));
      const consume = (...[plan, person, revision, nonce]: [string, typeof bo, number, string]) =>
        transact((tx) => tx.consumeView(plan, person, revision, nonce, 'approve', T0));
      expect(await consume(hash, anna, 1, 'secret')).toBe('unknown');
      expect(await consume(other.hash, bo, 1, 'secret')).toBe('unknown');
      expect(await consume(hash, bo, 2, 'secret')).toBe('unknown');
      expect(await consume(hash, bo, 1, 'guess')).toBe('unknown');
      const pressedTwice = await Promise.all([consume(hash, bo, 1, 'secret'), consume(hash, bo, 1, 'secret')]);
      expect(pressedTwice.toSorted()).toEqual(['fresh', 'used']);
    });

    it('tells a repeat of a press from another decision on the same view', async () => {
      const { hash } = await transact(savedPlan);
      await transact((tx) => tx.issueView(hash, bo, 1, 'once', T0));
      const consume = (decision: string) => transact((tx) => tx.consumeView(hash, bo, 1, 'once', decision, T0));
      expect([await consume('approve'), await consume('approve'), await consume('reject')]).toEqual(['fresh', 'used', 'used-otherwise']);
    });

    it('keeps a bounded number of unused views, the newest ones', async () => {
      const { hash } = await transact(savedPlan);
      await transact(async (tx) => {
        for (let n = 0; n < 70; n += 1) await tx.issueView(hash, bo, 1, `view-${n}`, T0);
      });
      const [row] = await opened.raw(`select count(*) as views from views where subject = '${hash}'`);
      expect(row).toEqual({ views: 51 });
      expect(await transact((tx) => tx.consumeView(hash, bo, 1, 'view-69', 'approve', T0))).toBe('fresh');
      expect(await transact((tx) => tx.consumeView(hash, bo, 1, 'view-3', 'approve', T0))).toBe('unknown');
    });
  });

  describe('runs', () => {
    it('has one per plan', async () => {
      const run = await transact(savedRun);
      expect(await transact((tx) => tx.insertRun({ ...run, startsAt: T0 + 1 }))).toBe(false);
      expect(await transact((tx) => tx.run(run.planHash))).toEqual({ run, version: 1 });
    });

    it('belongs to one owner until its lease ends, and the one before can save nothing then', async () => {
      const run = await transact(savedRun);
      const claim = (owner: string) => transact((tx) => tx.claimRun(run.planHash, owner));
      const first = await claim('one');
      expect(await claim('one')).toBe(first);
      expect(await claim('two')).toBeNull();
      await opened.raw(`update runs set lease_until = now() - interval '1 second' where plan_hash = '${run.planHash}'`);
      const second = await claim('two');
      expect(second).toBeGreaterThan(first!);
      expect(await claim('one')).toBeNull();
      expect(await transact((tx) => tx.saveRun({ ...run, wave: 1 }, 1, first!))).toBe(false);
      expect(await transact((tx) => tx.saveRun({ ...run, wave: 2 }, 1, second!))).toBe(true);
      expect(await transact((tx) => tx.run(run.planHash))).toMatchObject({ version: 2, run: { wave: 2 } });
    });

    it('gives the same owner a new fence when its lease had ended meanwhile', async () => {
      const { planHash: hash } = await transact(savedRun);
      const first = await transact((tx) => tx.claimRun(hash, 'one'));
      await opened.raw(`update runs set lease_until = now() - interval '1 second' where plan_hash = '${hash}'`);
      expect(await transact((tx) => tx.claimRun(hash, 'one'))).toBe(first! + 1);
    });

    it('saves nothing on an old version; a stop asks for no fence', async () => {
      const run = await transact(savedRun);
      const fence = await transact((tx) => tx.claimRun(run.planHash, 'one'));
      const stop = { by: null, at: T0, reason: 'asked' };
      expect(await transact((tx) => tx.stopRun({ ...run, stop }, 1))).toBe(true);
      expect(await transact((tx) => tx.saveRun(run, 1, fence!))).toBe(false);
      expect(await transact((tx) => tx.stopRun(run, 1))).toBe(false);
      expect((await transact((tx) => tx.run(run.planHash)))?.run.stop).toEqual(stop);
    });

    it('lists open runs and the latest ones', async () => {
      const [first, second] = await transact(async (tx) => [await savedRun(tx), await savedRun(tx)]);
      await transact((tx) => tx.stopRun({ ...first, state: 'finished' }, 1));
      const open = (await transact((tx) => tx.openRuns())).map(({ run }) => run.planHash);
      expect(open).toContain(second.planHash);
      expect(open).not.toContain(first.planHash);
      const latest = await transact((tx) => tx.latestRuns(2));
      expect(latest.map(({ run }) => run.planHash)).toEqual([second.planHash, first.planHash]);
    });

    it('locks targets for one open run at a time, all of them or none', async () => {
      const [a, b] = await transact(async (tx) => [await savedRun(tx), await savedRun(tx)]);
      const hold = (hash: string, ...ids: string[]) => transact((tx) => tx.holdTargets(hash, ids));
      expect(await hold(a.planHash, 't1', 't2')).toEqual([]);
      expect(await hold(a.planHash, 't2', 't1')).toEqual([]);
      expect(await hold(b.planHash, 't3', 't2', 't0')).toEqual(['t2']);
      expect(await hold(a.planHash, 't3')).toEqual([]);
      await transact((tx) => tx.releaseTargets(a.planHash));
      expect(await hold(b.planHash, 't2', 't3')).toEqual([]);
      expect(await hold(a.planHash, 't2')).toEqual(['t2']);
      await transact((tx) => tx.stopRun({ ...b, state: 'finished' }, 1));
      expect(await hold(a.planHash, 't2')).toEqual([]);
    });
  });

  describe('journal', () => {
    it('commits an intent once', async () => {
      const { planHash: hash } = await transact(savedRun);
      const intent = (at: number) => transact((tx) => tx.journalIntent(hash, 't', 'c', at));
      const first = await intent(T0);
      const again = await intent(T0 + 1);
      expect(first).toMatchObject({ fresh: true, row: { attempt: 1, outcome: 'open', intentAt: T0, outcomeAt: null } });
      expect(again).toEqual({ fresh: false, row: first.row });
      const sideBySide = await Promise.all([1, 2].map(() => transact((tx) => tx.journalIntent(hash, 't', 'd', T0))));
      expect(sideBySide.filter(({ fresh }) => fresh)).toHaveLength(1);
    });

    it('keeps what settled, whatever is said later', async () => {
      const { planHash: hash } = await transact(savedRun);
      await transact(async (tx) => {
        await tx.journalIntent(hash, 't', 'c', T0);
        await tx.journalOutcome(hash, 't', 'c', 'ambiguous', T0 + 1, 'timed out');
        await tx.journalOutcome(hash, 't', 'c', 'settled', T0 + 2, 'ok\u0000');
        await tx.journalOutcome(hash, 't', 'c', 'ambiguous', T0 + 3, 'late');
      });
      const [row] = await transact((tx) => tx.journal(hash));
      expect(row).toMatchObject({ outcome: 'settled', outcomeAt: T0 + 2, detail: 'ok\uFFFD' });
      await expect(transact((tx) => tx.journalRetry(hash, 't', 'c', T0))).rejects.toThrow(/settled/);
    });

    it('counts a retry and opens the call again', async () => {
      const { planHash: hash } = await transact(savedRun);
      await transact((tx) => tx.journalIntent(hash, 't', 'c', T0));
      await transact((tx) => tx.journalOutcome(hash, 't', 'c', 'ambiguous', T0 + 1, 'timed out'));
      await transact((tx) => tx.journalRetry(hash, 't', 'c', T0 + 2));
      expect(await transact((tx) => tx.journal(hash))).toMatchObject([{ attempt: 2, outcome: 'open', intentAt: T0 + 2, outcomeAt: null }]);
    });

    it('refuses an outcome without an intent', async () => {
      const { planHash: hash } = await transact(savedRun);
      await expect(transact((tx) => tx.journalOutcome(hash, 't', 'c', 'settled', T0, ''))).rejects.toThrow(/no intent/);
    });
  });

  describe('evidence', () => {
    const inventory = (at: number, names: readonly string[], failure: Collection<'machine'>['failure'] = null): Collection<'machine'> => ({
      kind: 'machine',
      source: 'resource graph',
      collectedAt: at,
      subjects: Object.fromEntries(names.map((name) => [machine(name).id, read(machine(name), 'resource graph', at)])),
      failure,
    });
    const forbidden = (since: number) => unread('Azure refused', 'grant Reader', 'resource graph', since);
    const m1 = machine('m1').id;
    const m2 = machine('m2').id;

    it('gives back what was read, and forgets a machine that is gone', async () => {
      await transact((tx) => tx.saveCollection(inventory(T0, ['m1', 'm2', 'm3'])));
      await transact((tx) => tx.saveCollection(inventory(T0 + 1, ['m1', 'm2'])));
      const known = await transact((tx) => tx.evidence());
      expect(known.evidence.machine).toEqual(inventory(T0 + 1, ['m1', 'm2']).subjects);
      expect(known.machines).toEqual([machine('m1'), machine('m2')]);
      expect(known.sources).toEqual([{ kind: 'machine', source: 'resource graph', readAt: T0 + 1, failure: null }]);
    });

    it('turns unread while a source fails, keeps since when, and keeps the last facts', async () => {
      await transact((tx) => tx.saveCollection(inventory(T0 + 2, ['m2'], forbidden(T0 + 2))));
      await transact((tx) => tx.saveCollection(inventory(T0 + 9, [], forbidden(T0 + 9))));
      const blind = await transact((tx) => tx.evidence());
      expect(blind.evidence.machine).toEqual({ [m1]: forbidden(T0 + 2), [m2]: forbidden(T0 + 9) });
      expect(blind.machines).toEqual([machine('m1'), machine('m2')]);
      expect(blind.sources[0]).toEqual({ kind: 'machine', source: 'resource graph', readAt: T0 + 1, failure: forbidden(T0 + 2) });
    });

    it('gives the reason for machines a failing source was never read for', async () => {
      const failure = unread('Azure refused', 'grant Reader', 'extensions', T0);
      await transact((tx) =>
        tx.saveCollection({ kind: 'defender-extension', source: 'extensions', collectedAt: T0, subjects: {}, failure }),
      );
      expect((await transact((tx) => tx.evidence())).evidence['defender-extension']).toEqual({ [m1]: failure, [m2]: failure });
    });

    it('reads again after the failure', async () => {
      await transact((tx) => tx.saveCollection(inventory(T0 + 20, ['m1'])));
      const known = await transact((tx) => tx.evidence());
      expect(known.evidence.machine).toEqual(inventory(T0 + 20, ['m1']).subjects);
      expect(known.machines).toEqual([machine('m1')]);
      expect(known.sources.find(({ kind }) => kind === 'machine')).toMatchObject({ readAt: T0 + 20, failure: null });
    });

    it('keeps since when a single subject cannot be read, until it can', async () => {
      const save = (fact: Evidence<ExtensionFacts>) => transact((tx) => tx.saveEvidence('defender-extension', m1, fact));
      const known = async () => (await transact((tx) => tx.evidence())).evidence['defender-extension']?.[m1];
      await save(read(extension, 'extensions', T0 + 2));
      await save(unread('timed out', 'ask again', 'extensions', T0 + 3));
      await save(unread('Azure refused', 'grant Reader', 'extensions', T0 + 4));
      expect(await known()).toEqual(unread('Azure refused', 'grant Reader', 'extensions', T0 + 3));
      await save(read(extension, 'extensions', T0 + 4));
      await save(unread('timed out', 'ask again', 'extensions', T0 + 5));
      expect(await known()).toMatchObject({ since: T0 + 5 });
    });

    it('does not let a reading from before count for what became doubtful since', async () => {
      const save = (fact: Evidence<ExtensionFacts>) => transact((tx) => tx.saveEvidence('defender-extension', m2, fact));
      const known = async () => (await transact((tx) => tx.evidence())).evidence['defender-extension']?.[m2];
      await save(read(extension, 'extensions', T0 + 5));
      await save(unread('it was changed', 'ask again', 'GL-0001', T0 + 8));
      await save(read(extension, 'extensions', T0 + 7));
      expect(await known()).toMatchObject({ state: 'unread', since: T0 + 8 });
      await save(read(extension, 'extensions', T0 + 8));
      expect(await known()).toMatchObject({ state: 'read', observedAt: T0 + 8 });
    });

    it('remembers the newest reading there ever was, also while it is not relied on', async () => {
      const m9 = '/machines/m9';
      const last = () => transact((tx) => tx.lastReading('defender-extension', m9));
      const save = (fact: Evidence<ExtensionFacts>) => transact((tx) => tx.saveEvidence('defender-extension', m9, fact));
      expect(await last()).toBeNull();
      await save(unread('timed out', 'ask again', 'extensions', T0));
      expect(await last()).toBeNull();
      await save(read(extension, 'extensions', T0 + 1));
      await save(unread('it was changed', 'ask again', 'GL-0001', T0 + 2));
      expect(await last()).toMatchObject({ state: 'read', value: extension, observedAt: T0 + 1 });
    });

    it('does not let an older reading replace a newer one', async () => {
      const facts = (version: string, at: number) => read({ ...extension, version }, 'extensions', at);
      await transact(async (tx) => {
        await tx.saveEvidence('defender-extension', m1, facts('2.0', T0 + 7));
        await tx.saveEvidence('defender-extension', m1, facts('1.0', T0 + 6));
      });
      expect((await transact((tx) => tx.evidence())).evidence['defender-extension']?.[m1]).toEqual(facts('2.0', T0 + 7));
    });
  });

  describe('messages', () => {
    it('knows a message that is delivered again, for a day', async () => {
      const known = (id: string) => transact((tx) => tx.wasDelivered(id));
      await transact((tx) => tx.rememberDelivery('activity-1', T0));
      await transact((tx) => tx.rememberDelivery('activity-1', T0 + 1));
      expect([await known('activity-1'), await known('activity-2')]).toEqual([true, false]);
      await transact((tx) => tx.rememberDelivery('activity-2', T0 + 24 * 3_600_000 + 2));
      expect([await known('activity-1'), await known('activity-2')]).toEqual([false, true]);
    });

    it('edits a card in place and knows the one posted last', async () => {
      await transact(async (tx) => {
        await tx.saveCard({ key: 'run:a', activityId: '1', postedAt: T0, text: 'one' });
        await tx.saveCard({ key: 'run:b', activityId: '2', postedAt: T0 + 1, text: 'two' });
        await tx.saveCard({ key: 'run:a', activityId: '1', postedAt: T0, text: 'one, edited' });
      });
      expect(await transact((tx) => tx.card('run:a'))).toEqual({ key: 'run:a', activityId: '1', postedAt: T0, text: 'one, edited' });
      expect(await transact((tx) => tx.card('run:c'))).toBeNull();
      expect((await transact((tx) => tx.lastCard()))?.key).toBe('run:b');
    });

    it('gives a message that may be posted once to one sender only, and never again once that one is gone', async () => {
      const id = await transact((tx) => tx.outbox(message('one', 'post-once')));
      const claims = await Promise.all([1, 2].map(() => transact((tx) => tx.claimOutbox(id))));
      expect(claims.filter((claim) => claim !== null)).toEqual([{ id, ...message('one', 'post-once') }]);
      const [row] = await opened.raw(`select state from outbox where id = '${id}'`);
      expect(row).toEqual({ state: 'unknown' });
      await transact((tx) => tx.finishOutbox(id, 'sent', 'it was slow'));
      expect(await transact((tx) => tx.claimOutbox(id))).toBeNull();
      expect(await opened.raw(`select state, detail from outbox where id = '${id}'`)).toEqual([{ state: 'sent', detail: 'it was slow' }]);
    });

    it.each(['post', 'edit'] as const)('gives a message to %s to another sender when the first one died with it', async (how) => {
      const id = await transact((tx) => tx.outbox(message('again', how)));
      expect((await transact((tx) => tx.claimOutbox(id)))?.id).toBe(id);
      expect((await transact((tx) => tx.claimOutbox(id)))?.id).toBe(id);
      await transact((tx) => tx.finishOutbox(id, 'sent', ''));
      expect(await transact((tx) => tx.claimOutbox(id))).toBeNull();
    });

    it('takes back into the queue what was certainly not sent, even what may be posted once only', async () => {
      const id = await transact((tx) => tx.outbox(message('retry', 'post-once')));
      expect((await transact((tx) => tx.outboxMessage(id)))?.id).toBe(id);
      await transact((tx) => tx.claimOutbox(id));
      await transact((tx) => tx.finishOutbox(id, 'queued', 'Teams asked to wait'));
      expect((await transact((tx) => tx.claimOutbox(id)))?.id).toBe(id);
      expect(await transact((tx) => tx.outboxMessage(id))).toBeNull();
    });

    it('keeps one waiting edit a card, and every post', async () => {
      const ids = await transact(async (tx) => {
        const made: string[] = [];
        for (const how of ['post', 'edit', 'edit'] as const) made.push(await tx.outbox(message('same', how)));
        return made;
      });
      expect(ids[2]).toBe(ids[1]);
      expect(ids[1]).not.toBe(ids[0]);
      await transact((tx) => tx.claimOutbox(ids[1]!));
      const next = await transact((tx) => tx.outbox(message('same', 'edit')));
      expect(next).not.toBe(ids[1]);
    });

    it('delivers what was committed, in order, tries again what failed, and never what was taken back', async () => {
      const delivered: string[] = [];
      const failing = new Set<string>();
      const gone = await undone((tx) => tx.outbox(message('gone')));
      await opened.jobs.start(async (id) => {
        if (failing.delete(id)) throw new Error('not now');
        delivered.push(id);
      });
      const ids = await transact(async (tx) => {
        const made: string[] = [];
        for (let n = 0; n < 6; n += 1) made.push(await tx.outbox(message(`in order ${n}`)));
        failing.add(made[5]!);
        return made;
      });
      while (!delivered.includes(ids[5]!)) await sleep(50);
      await opened.jobs.stop();
      expect(delivered).not.toContain(gone);
      expect(delivered.filter((id) => ids.includes(id))).toEqual(ids);
      expect(failing.size).toBe(0);
    });
  });

  describe('digests and notes', () => {
    it('gives a digest slot to the first who claims it', async () => {
      const claims = await Promise.all([1, 2, 3].map((n) => transact((tx) => tx.claimSlot('daily', T0, T0 + n))));
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await transact((tx) => tx.claimSlot('weekly', T0, T0))).toBe(true);
      expect(await transact((tx) => tx.claimSlot('daily', T0 + 1, T0))).toBe(true);
      await transact((tx) => tx.finishSlot('daily', T0, 'posted'));
      expect(await transact((tx) => tx.slots('daily', 5))).toEqual([
        { occurrence: T0 + 1, state: 'claimed' },
        { occurrence: T0, state: 'posted' },
      ]);
      await expect(transact((tx) => tx.finishSlot('daily', 5, 'posted'))).rejects.toThrow(/never claimed/);
    });

    it('gives a slot free again when its transaction failed', async () => {
      await undone((tx) => tx.claimSlot('failed', T0, T0));
      expect(await transact((tx) => tx.claimSlot('failed', T0, T0))).toBe(true);
    });

    it.each([['text'], [7.5], [[1, 'two', null]], [{ deep: { er: true } }], [null]])('keeps the note %j', async (value) => {
      await transact((tx) => tx.saveNote('n', value));
      expect(await transact((tx) => tx.note('n'))).toEqual(value);
      expect(await transact((tx) => tx.note('other'))).toBeNull();
    });
  });

  describe('durability', () => {
    it('says that a commit waits for the disk', () => {
      expect(opened.engine).toMatchObject({ durable: true });
    });
  });

  if (databaseUrl === null) {
    it('makes the disk write at every commit', async () => {
      const before = opened.database.fsyncs()!;
      await transact((tx) => tx.appendLedger(draft('on disk')));
      expect(opened.database.fsyncs()).toBeGreaterThan(before);
    });

    it('refuses to start on an engine whose commits do not reach the disk', async () => {
      await expect(selfTest({ ...opened.database, fsyncs: () => 0 })).rejects.toThrow(/a commit did not reach the disk/);
      await opened.raw('set synchronous_commit = off');
      await expect(selfTest(opened.database)).rejects.toThrow(/synchronous_commit is off instead of on/);
      await opened.raw('set synchronous_commit = on');
      await expect(selfTest(opened.database)).resolves.toBeUndefined();
    });
  } else {
    it('repeats a transaction that met another one in the opposite order', async () => {
      const [a, b] = await transact(async (tx) => [await savedPlan(tx), await savedPlan(tx)]);
      let holders = 0;
      const lockBoth = (first: string, second: string) =>
        transact(async (tx) => {
          await tx.plan(first);
          holders += 1;
          while (holders < 2) await sleep(5);
          await tx.plan(second);
          return tx.appendLedger(draft('met'));
        });
      await Promise.all([lockBoth(a.hash, b.hash), lockBoth(b.hash, a.hash)]);
      expect(holders).toBeGreaterThanOrEqual(3);
    });
  }
});
