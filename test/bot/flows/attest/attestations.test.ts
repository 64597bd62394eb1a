import { askToAttest } from '../../../../bot/flows/attest/ask-to-attest.ts';
import { openAttestation } from '../../../../bot/flows/attest/attestation-in.ts';
import { giveAttestation } from '../../../../bot/flows/attest/give-attestation.ts';
import { offerAttestation } from '../../../../bot/flows/attest/offer-attestation.ts';
import { proofLink, takeLink } from '../../../../bot/flows/attest/proof-link.ts';
import { takeBackAttestation } from '../../../../bot/flows/attest/take-back-attestation.ts';
import { takeBackByWord } from '../../../../bot/flows/attest/take-back-by-word.ts';
import type { Context } from '../../../../bot/flows/context.ts';
import { createReadiness } from '../../../../bot/flows/readiness/overview.ts';
import { loadSnapshot } from '../../../../bot/flows/snapshot.ts';
import { hostileNames } from '../../../../cards/samples.ts';
import { read } from '../../../../core/evidence.ts';
import { DAY } from '../../../../core/instant.ts';
import type { JsonObject } from '../../../../core/json.ts';
import type { Person } from '../../../../core/person.ts';
import type { RenderedCard } from '../../../../core/ports.ts';
import { judge, step } from '../../../../core/step.ts';
import { prepareCluster } from '../../../services/store/engines.ts';
import { machineFacts, NOW } from '../../../support/facts.ts';
import { buttonsOf } from '../support/desk.ts';
import type { FlowBot, WorldStore } from '../support/flow-world.ts';
import { FlowWorld, member, openWorldStore } from '../support/flow-world.ts';
import { migrationText } from '../support/migration-text.ts';

jest.setTimeout(120_000);

const unseen = (id: string, holdsDays: number) =>
  step({
    id,
    phase: 'onboard',
    title: `The step ${id}`,
    why: '',
    link: '',
    subject: 'machine',
    needs: ['machine'],
    owner: 'security team',
    attestable: { statement: `It is so, says ${id}.`, holdsDays },
    check: () => ({ verdict: 'unknown', code: 'unseen', because: 'no API shows it', fix: 'Have it attested.' }),
  });

const factual = step({
  id: 'factual',
  phase: 'onboard',
  title: 'Facts alone',
  why: '',
  link: '',
  subject: 'machine',
  needs: ['machine'],
  owner: 'server owner',
  check: () => ({ verdict: 'ready', because: '' }),
});

describe('the word of a person', () => {
  let opened: WorldStore;
  let world: FlowWorld;
  let bot: FlowBot;
  let context: Context;
  let tests = 0;
  let nonces = 0;
  // Each test has two steps of its own, so that all of them share one store.
  let excluded = unseen('excluded', 30);
  let served = unseen('served', 10);
  let before = 0;

  beforeAll(async () => {
    await prepareCluster();
    opened = await openWorldStore(process.env['TEST_DATABASE_URL'] ?? null);
    world = new FlowWorld(opened);
    world.write(migrationText());
    bot = await world.bot();
    const nonce = () => {
      nonces += 1;
      return nonces.toString(16).padStart(32, '0');
    };
    context = Object.assign(bot.context, { ids: { nonce, reference: () => 'REFERENC' } }) as Context;
    await context.store.transact(async (tx) => {
      const subjects = Object.fromEntries(
        ['srv-1', 'srv-2'].map((name, index) => {
          const facts = machineFacts({ id: `/m/${index}`, name, tags: { ring: index === 0 ? 'canary' : 'broad' } });
          return [facts.id, read(facts, 'test', world.now)];
        }),
      );
      await tx.saveCollection({ kind: 'machine', source: 'test', collectedAt: world.now, subjects, failure: null });
    });
  });
  beforeEach(async () => {
    tests += 1;
    excluded = unseen(`excluded-${tests}`, 30);
    served = unseen(`served-${tests}`, 10);
    context = Object.assign(bot.context, { steps: [excluded, served, factual] }) as Context;
    world.now = NOW;
    await bot.send();
    before = (await context.store.transact((tx) => tx.ledgerHead())).seq;
  });
  afterAll(async () => {
    world.remove();
    await opened.remove();
  });

  const pressOf = ({ card }: RenderedCard, verb: string): JsonObject | undefined => buttonsOf(card).find((one) => one.verb === verb)?.data;
  const offer = (who: Person, over: object = {}) => offerAttestation(context, { step: excluded.id, ...over }, who, false);
  const verdicts = async (row = excluded) => {
    const snapshot = await loadSnapshot(context);
    return snapshot.machines.map((machine) => judge(row, machine, snapshot, world.now).verdict);
  };
  const given = async () =>
    (await loadSnapshot(context)).attestations.filter(({ stepId }) => stepId === excluded.id || stepId === served.id);
  async function vouch(who: Person, said: JsonObject = {}, over: object = {}): Promise<RenderedCard> {
    return giveAttestation(context, { ...pressOf(await offer(who, over), 'attestation.give'), ...said }, who);
  }
  const denials = async () => {
    const entries = await context.store.transact((tx) => tx.ledger(null));
    return entries
      .filter(({ seq, kind }) => seq > before && kind === 'denied')
      .map(({ data }) => `${data['decision'] as string}: ${data['code'] as string}`);
  };

  describe('asked for in a sentence', () => {
    const ask = (who: Person, over: object = {}) =>
      askToAttest(context, { step: excluded.id, scope: {}, reason: '', person: who, ...over });

    it('records nothing, and opens the own view of whoever asked', async () => {
      const card = await ask(member(1), { scope: { ring: 'canary' }, reason: 'I looked, https://contoso.example/CHG1.' });
      expect(pressOf(card, 'attestation.offer')).toEqual({
        step: excluded.id,
        ring: 'canary',
        note: 'I looked, .',
        link: 'https://contoso.example/CHG1',
      });
      expect(card.card['refresh']).toMatchObject({ action: { verb: 'attestation.offer' }, userIds: ['29:1'] });
      expect(pressOf(card, 'attestation.give')).toBeUndefined();
      expect(await given()).toEqual([]);
    });

    it.each<[string, Person, object, RegExp]>([
      ['a guest', member(1, { isGuest: true }), {}, /Only members/],
      ['somebody who is not listed', member(9), {}, /names others.*Person 1, Person 2, Person 3/s],
      ['a step that facts decide', member(1), { step: 'factual' }, /facts alone/],
      ['a step there is none of', member(1), { step: 'nothing' }, /can be vouched for: excluded-\d+, served-\d+/],
      ['a ring there is none of', member(1), { scope: { ring: 'finance' } }, /no ring called/],
      ['a pattern of names', member(1), { scope: { machine: 'srv-*' } }, /fits 2 machines/],
    ])('is refused to %s', async (_who, who, over, words) => {
      const card = await ask(who, over);
      expect(card.text).toMatch(words);
      expect(buttonsOf(card.card)).toEqual([]);
    });
  });

  describe('given by a press', () => {
    it('is exactly what the view said, with its ledger entry and a post', async () => {
      await vouch(member(1), { note: 'looked\n at it', link: ' https://contoso.example/1 ' }, { ring: 'canary' });
      const [word] = await given();
      const until = Date.UTC(2026, 11, 22, 22, 59);
      expect(word).toMatchObject({
        stepId: excluded.id,
        statement: `It is so, says ${excluded.id}.`,
        scope: { ring: 'canary' },
        at: world.now,
        until,
      });
      expect(word).toMatchObject({ by: { name: 'Person 1' }, note: 'looked at it', link: 'https://contoso.example/1' });
      expect(await verdicts()).toEqual(['ready', 'unknown']);
      expect(await verdicts(served)).toEqual(['unknown', 'unknown']);
      const entries = await context.store.transact((tx) => tx.ledger(word!.id));
      expect(entries.find(({ kind }) => kind === 'attestation')).toMatchObject({
        actor: { name: 'Person 1' },
        data: { event: 'given', step: excluded.id, scope: { ring: 'canary' }, until, statement: `It is so, says ${excluded.id}.` },
      });
      await bot.send();
      expect(world.posts.at(-1)?.words).toMatch(/Person 1 vouched for “The step excluded-\d+” in ring canary, until Tue 22 Dec 23:59 CET/);
    });

    it('counts once, however often it is pressed, and from two views of the same too', async () => {
      const press = pressOf(await offer(member(1)), 'attestation.give')!;
      const other = pressOf(await offer(member(1)), 'attestation.give')!;
      await Promise.all([giveAttestation(context, press, member(1)), giveAttestation(context, press, member(1))]);
      await giveAttestation(context, other, member(1));
      await giveAttestation(context, other, member(1));
      expect(await given()).toHaveLength(1);
      expect(await denials()).toEqual([]);
    });

    it('does not come back by pressing again what was taken back', async () => {
      const [first, second] = [pressOf(await offer(member(1)), 'attestation.give')!, pressOf(await offer(member(1)), 'attestation.give')!];
      await giveAttestation(context, first, member(1));
      await giveAttestation(context, second, member(1));
      const [word] = await given();
      await takeBackAttestation(context, pressOf(await openAttestation(context, word!.id, member(1)), 'attestation.take-back'), member(1));
      await giveAttestation(context, first, member(1));
      await giveAttestation(context, second, member(1));
      expect(await verdicts()).toEqual(['unknown', 'unknown']);
      expect(await given()).toHaveLength(1);
    });

    it.each<[string, (press: JsonObject, other: JsonObject) => JsonObject, Person, string]>([
      ['another attester’s view', (press) => press, member(2), 'stale-view'],
      ['somebody who is not listed', (press) => press, member(9), 'not-attester'],
      ['a listed person of another tenant', (press) => press, { ...member(1), tenantId: member(5).objectId }, 'not-attester'],
      ['one whom Teams does not confirm', (press) => press, member(1, { isGuest: true }), 'guest'],
      ['a nonce that was guessed', (press) => ({ ...press, nonce: 'f'.repeat(32) }), member(1), 'stale-view'],
      ['the nonce of another step', (press, other) => ({ ...press, nonce: other['nonce']! }), member(1), 'stale-view'],
      ['an offer there is none of', (press) => ({ ...press, id: 'a'.repeat(64) }), member(1), 'unknown-offer'],
      ['a scope in the press', (press) => ({ ...press, scope: {} }), member(1), 'altered-data'],
      ['a name in the press', (press) => ({ ...press, by: 'Person 2' }), member(1), 'altered-data'],
      ['no data at all', () => ({}), member(1), 'altered-data'],
    ])('is refused and recorded: %s', async (_what, forge, who, code) => {
      const press = pressOf(await offer(member(1)), 'attestation.give')!;
      const other = pressOf(await offerAttestation(context, { step: served.id }, member(1), false), 'attestation.give')!;
      await giveAttestation(context, forge(press, other), who);
      expect(await given()).toEqual([]);
      expect(await denials()).toEqual([`attest: ${code}`]);
    });

    it('is refused to one who is no longer listed when it is pressed', async () => {
      const press = pressOf(await offer(member(1)), 'attestation.give')!;
      const { migration } = context;
      const fewer = { ...migration, approvers: migration.approvers.slice(1) };
      const later = Object.defineProperty({ ...context }, 'migration', { value: fewer });
      await giveAttestation(later, press, member(1));
      expect(await given()).toEqual([]);
      expect(await denials()).toEqual(['attest: not-attester']);
    });

    it('is refused when the statement is another one by now, or its time is over', async () => {
      const press = pressOf(await offer(member(1)), 'attestation.give')!;
      const reworded = { ...excluded, attestable: { statement: 'It is otherwise.', holdsDays: 30 } };
      await giveAttestation({ ...context, migration: context.migration, steps: [reworded] }, press, member(1));
      world.now += 31 * DAY;
      await giveAttestation(context, press, member(1));
      expect(await denials()).toEqual(['attest: statement-changed', 'attest: over']);
      expect(await given()).toEqual([]);
    });

    it('keeps what was typed when the link is none, and counts after it is mended', async () => {
      const card = await vouch(member(1), { note: 'my note', link: 'javascript:alert(1)' });
      expect(card.text).toMatch(/Not done: A link to the proof begins with https/);
      expect(JSON.stringify(card.card)).toContain('my note');
      await giveAttestation(context, { ...pressOf(card, 'attestation.give'), link: 'https://contoso.example' }, member(1));
      expect(await given()).toMatchObject([{ link: 'https://contoso.example' }]);
    });

    it('is unknown again when its time is over', async () => {
      await vouch(member(1));
      const [word] = await given();
      const snapshot = await loadSnapshot(context);
      const [machine] = snapshot.machines;
      const fresh = { ...snapshot, evidence: { machine: { [machine!.id]: read(machine!.facts, 'test', word!.until) } } };
      expect(judge(excluded, machine!, fresh, word!.until - 1).verdict).toBe('ready');
      expect(judge(excluded, machine!, fresh, word!.until)).toMatchObject({ verdict: 'unknown', code: 'attestation-expired' });
    });

    it('is shown, not offered again, to a client that refreshes by itself', async () => {
      await vouch(member(1));
      const again = await offerAttestation(context, { step: excluded.id }, member(1), true);
      expect(pressOf(again, 'attestation.give')).toBeUndefined();
      expect(again.text).toMatch(/Person 1 vouched for/);
      expect(pressOf(await offer(member(1)), 'attestation.give')).toBeDefined();
    });

    it.each(hostileNames)('carries %j as text only', async (bad) => {
      const who = { ...member(1), name: bad };
      await vouch(who, { note: bad.slice(0, 1_999) });
      await bot.send();
      const { card, words } = world.posts.at(-1)!;
      expect(words).not.toMatch(/<\/?at\b|\{\{/i);
      expect(JSON.stringify(card)).not.toMatch(/"type":"(Image|Action\.OpenUrl)"/);
    });
  });

  describe('taken back', () => {
    async function takeBack(who: Person, said: JsonObject = {}): Promise<RenderedCard> {
      const [word] = await given();
      return takeBackAttestation(
        context,
        { ...pressOf(await openAttestation(context, word!.id, who), 'attestation.take-back'), ...said },
        who,
      );
    }

    it('is ended by its author, and told', async () => {
      await vouch(member(1));
      await takeBack(member(1), { reason: 'the policy was changed' });
      expect(await verdicts()).toEqual(['unknown', 'unknown']);
      await bot.send();
      expect(world.posts.at(-1)).toMatchObject({
        words: expect.stringMatching(/Person 1 took back their word for “The step excluded-\d+”.*the policy was changed/),
        mentions: [],
      });
      const [word] = await given();
      const entries = await context.store.transact((tx) => tx.ledger(word!.id));
      expect(entries.filter(({ kind }) => kind === 'attestation').map(({ data }) => data['event'])).toEqual(['given', 'taken-back']);
    });

    it('is ended by another attester, and its author is told', async () => {
      await vouch(member(1));
      await takeBack(member(2));
      await bot.send();
      expect(world.posts.at(-1)?.mentions).toEqual(['Person 1']);
    });

    it('offers no button to others, and refuses their press', async () => {
      await vouch(member(1));
      const [word] = await given();
      expect(pressOf(await openAttestation(context, word!.id, member(9)), 'attestation.take-back')).toBeUndefined();
      const press = pressOf(await openAttestation(context, word!.id, member(1)), 'attestation.take-back')!;
      for (const who of [member(9), member(2), member(1, { isGuest: true })]) await takeBackAttestation(context, press, who);
      await takeBackAttestation(context, { ...press, nonce: 'f'.repeat(32) }, member(1));
      await takeBackAttestation(context, { ...press, id: 'a'.repeat(64) }, member(1));
      expect(await denials()).toEqual([
        'take-back: not-attester',
        'take-back: stale-view',
        'take-back: guest',
        'take-back: stale-view',
        'take-back: unknown-attestation',
      ]);
      expect(await verdicts()).toEqual(['ready', 'ready']);
    });

    it('is found by a word, which ends nothing by itself', async () => {
      expect((await takeBackByWord(context, createReadiness(context), excluded.id, true, member(1))).text).toMatch(/No word for/);
      await vouch(member(1));
      expect((await takeBackByWord(context, createReadiness(context), excluded.id, true, member(2))).text).toMatch(/No word of yours/);
      const card = await takeBackByWord(context, createReadiness(context), excluded.id, true, member(1));
      expect(pressOf(card, 'attestation.view')).toEqual({ id: (await given())[0]!.id });
      expect(pressOf(card, 'attestation.take-back')).toBeUndefined();
      expect(await verdicts()).toEqual(['ready', 'ready']);
    });
  });
});

describe('a link to the proof', () => {
  it.each(['', 'https://contoso.example/a?b=c#d', ' https://contoso.example '])('may be “%s”', (typed) => {
    expect(proofLink(typed)).toEqual({ kind: 'ok', value: typed.trim() });
  });

  it.each([
    'http://contoso.example',
    'javascript:alert(1)',
    'contoso.example',
    'https://a b',
    'https://user:secret@contoso.example',
    'data:,x',
  ])('is never “%s”', (typed) => {
    expect(proofLink(typed)).toMatchObject({ kind: 'refused', code: 'bad-link' });
  });

  it('is set apart from the words around it', () => {
    expect(takeLink('see https://a.example/x, it is there')).toEqual({ note: 'see , it is there', link: 'https://a.example/x' });
    expect(takeLink('no link')).toEqual({ note: 'no link', link: '' });
  });
});
