import type { Attestation, AttestationOffer } from '../../../core/attestation.ts';
import type { Gate } from '../../../core/gate.ts';
import type { NamedPerson } from '../../../core/person.ts';
import type { Opened } from './engines.ts';
import { openFresh, places } from './engines.ts';
import { anna, bo, savedPlan, T0 } from './fixtures.ts';

const DAY = 86_400_000;
const author: NamedPerson = { ...anna, name: 'Anna “\u2028” </script>' };
const other: NamedPerson = { ...bo, name: 'Bo' };
const word = (id: string, over: Partial<Attestation> = {}): Attestation => ({
  id,
  stepId: 'wsus-serves-defender',
  statement: 'The WSUS servers “approve” Defender’s updates.',
  scope: { ring: 'canary', machine: 'srv-ä' },
  by: author,
  at: T0,
  until: T0 + 30 * DAY,
  link: 'https://contoso.example/change?id=1&x=%24%7By%7D',
  note: 'looked at the console, e\u0301 é',
  ...over,
});

describe.each(places)('what people decided, on $name', ({ databaseUrl }) => {
  let opened: Opened;
  let transact: Opened['store']['transact'];

  beforeAll(async () => {
    opened = await openFresh(databaseUrl);
    transact = (work) => opened.store.transact(work);
  }, 60_000);
  afterAll(() => opened.remove(), 30_000);

  const attestations = async (...ids: readonly string[]) =>
    (await transact((tx) => tx.decisions())).attestations.filter(({ id }) => ids.includes(id));

  describe('attestations', () => {
    it('come back as they were given, oldest first', async () => {
      const given = [word('a2', { at: T0 + 1, scope: {} }), word('a1')];
      await transact(async (tx) => {
        for (const one of given) await tx.saveAttestation(one);
      });
      expect(await attestations('a1', 'a2')).toEqual(given.toReversed());
    });

    it('hold text PostgreSQL cannot', async () => {
      await transact((tx) => tx.saveAttestation(word('odd', { note: 'a\u0000b', link: '\uD800', by: { ...author, name: '\u0000' } })));
      expect(await attestations('odd')).toMatchObject([{ note: 'a\uFFFDb', link: '\uFFFD', by: { name: '\uFFFD' } }]);
    });

    it('are ended once, by whoever comes first, and stay in the record', async () => {
      await transact((tx) => tx.saveAttestation(word('b1')));
      const end = (by: NamedPerson, at: number) => transact((tx) => tx.revokeAttestation('b1', by, at));
      const ended = await Promise.all([end(other, T0 + 5), end(other, T0 + 5)]);
      expect(ended.toSorted()).toEqual([false, true]);
      expect(await end(author, T0 + 9)).toBe(false);
      expect(await attestations('b1')).toEqual([word('b1', { until: T0 + 5, takenBack: { by: other, at: T0 + 5 } })]);
    });

    it('cannot be ended when their time is over, nor when there are none', async () => {
      await transact((tx) => tx.saveAttestation(word('c1')));
      expect(await transact((tx) => tx.revokeAttestation('c1', other, T0 + 30 * DAY))).toBe(false);
      expect(await transact((tx) => tx.revokeAttestation('c9', other, T0))).toBe(false);
      expect(await attestations('c1')).toEqual([word('c1')]);
    });

    it.each([
      `update attestations set until = until + 1 where id = 'd1'`,
      `update attestations set name = 'Somebody else' where id = 'd1'`,
      `update attestations set scope = '{}' where id = 'd1'`,
      `update attestations set statement = '' where id = 'd1'`,
      `update attestations set ended_at = null, ended_by = null where id = 'd2'`,
      `delete from attestations where id = 'd1'`,
    ])('refuse “%s”', async (statement) => {
      await transact(async (tx) => {
        if ((await tx.decisions()).attestations.some(({ id }) => id === 'd1')) return;
        await tx.saveAttestation(word('d1'));
        await tx.saveAttestation(word('d2'));
        await tx.revokeAttestation('d2', other, T0 + 1);
      });
      await expect(opened.raw(statement)).rejects.toThrow(/is refused/);
    });
  });

  describe('what can be vouched for', () => {
    it('is kept once, as it was shown', async () => {
      const offer: AttestationOffer = { id: '7'.repeat(64), stepId: 's', statement: 'It “is” so.', scope: { ring: 'canary' }, until: T0 };
      expect(await transact((tx) => tx.attestationOffer(offer.id))).toBeNull();
      await transact((tx) => tx.offerAttestation(offer));
      await transact((tx) => tx.offerAttestation({ ...offer, until: T0 + 1 }));
      expect(await transact((tx) => tx.attestationOffer(offer.id))).toEqual(offer);
    });

    it('has views of its own, used up like those of a plan', async () => {
      const id = '8'.repeat(64);
      await transact((tx) => tx.issueView(id, bo, 1, 'n', T0));
      const consume = (person: typeof bo, decision: string) => transact((tx) => tx.consumeView(id, person, 1, 'n', decision, T0));
      expect([await consume(anna, 'attest'), await consume(bo, 'attest'), await consume(bo, 'attest')]).toEqual([
        'unknown',
        'fresh',
        'used',
      ]);
    });
  });

  describe('gates', () => {
    const gates = async () => (await transact((tx) => tx.decisions())).gates;
    const close = (gate: Gate) => transact(async (tx) => tx.saveGate((await savedPlan(tx)).hash, gate));
    const gate = (ring: string, plan: string): Gate => ({ phase: 'prepare', ring, closedAt: T0, plan });

    it('are closed by the first plan, opened once, and can be closed again', async () => {
      const [first, second] = [gate('canary', 'GL-0101'), gate('canary', 'GL-0102')];
      await close(first);
      await close(second);
      expect(await gates()).toEqual([first]);
      const open = await Promise.all([transact((tx) => tx.reopenGate(first, T0 + 1)), transact((tx) => tx.reopenGate(first, T0 + 1))]);
      expect(open.toSorted()).toEqual([false, true]);
      expect(await gates()).toEqual([]);
      await close(second);
      expect(await gates()).toEqual([second]);
      expect(await transact((tx) => tx.reopenGate(first, T0 + 2))).toBe(false);
      expect(await gates()).toEqual([second]);
      expect(await opened.raw('select plan, reopened_at from gates order by plan')).toEqual([
        { plan: 'GL-0101', reopened_at: T0 + 1 },
        { plan: 'GL-0102', reopened_at: null },
      ]);
    });

    it('open for one phase of one ring', async () => {
      const pilot = gate('pilot', 'GL-0103');
      await close(pilot);
      expect(await transact((tx) => tx.reopenGate({ ...pilot, phase: 'onboard' }, T0))).toBe(false);
      expect(await transact((tx) => tx.reopenGate({ ...pilot, ring: 'broad' }, T0))).toBe(false);
      expect(await gates()).toContainEqual(pilot);
    });
  });
});
