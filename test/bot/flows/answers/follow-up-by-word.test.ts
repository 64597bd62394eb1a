import { followUpByWord } from '../../../../bot/flows/answers/follow-up-by-word.ts';
import { DAY } from '../../../../core/instant.ts';
import { prepareCluster } from '../../../services/store/engines.ts';
import { halfWay, planOf } from '../../../support/facts.ts';
import { member, RunWatch } from '../support/run-watch.ts';

jest.setTimeout(120_000);

let watch: RunWatch;
beforeAll(() => prepareCluster());
beforeEach(async () => {
  watch = await RunWatch.open();
});
afterEach(() => watch.close());

const plan = halfWay(planOf(4));

/** Which run the words led to: the action is not known here, so the request ends with the name that was asked for. */
async function say(how: 'rest' | 'undo', named: string | null = null): Promise<string> {
  const asked = { how, plan: named, ticket: null, person: member(9) };
  const { text } = await followUpByWord(watch.context, () => Promise.reject(new Error('not asked for')), asked);
  return text;
}

async function ended(fate: 'good' | 'change-fails', over = {}) {
  const held = await watch.signed({ ...plan, ...over });
  while (await watch.step(held, (id) => (id === '/t/1' ? fate : 'good'))) await watch.send();
  return held;
}

describe('“resume” without a name', () => {
  const asked = async () => {
    const entries = await watch.context.store.transact((tx) => tx.ledger(null));
    return entries.filter(({ kind }) => kind === 'request-refused').map(({ subject }) => subject);
  };

  it('means the only run of the last days that ended early', async () => {
    await ended('good');
    const held = await ended('change-fails');
    await say('rest');
    expect(await asked()).toEqual([held.hash.slice(0, 12)]);
  });

  it('lists them when there are several, and asks for none', async () => {
    const first = await ended('change-fails');
    const second = await ended('change-fails');
    const said = await say('rest');
    expect(said).toContain('2 runs of the last 7 days');
    for (const { plan: one } of [first, second]) expect(said).toContain(one.id);
    expect(await asked()).toEqual([]);
  });

  it('passes over one that was gone on from already, and those of long ago', async () => {
    const first = await ended('change-fails');
    const second = await ended('change-fails', { follows: { hash: first.hash, plan: first.plan.id, how: 'rest' } });
    await say('rest');
    expect(await asked()).toEqual([second.hash.slice(0, 12)]);
    watch.now += 8 * DAY;
    expect(await say('rest')).toContain('No run of the last 7 days left anything');
  });
});

describe('“undo” without a name', () => {
  it('never guesses: it lists even the only one', async () => {
    const held = await ended('good');
    const said = await say('undo');
    expect(said).toContain(`${held.plan.id}, Set passive mode: ended complete`);
  });
});

describe('a name nobody gave', () => {
  it('is answered, and nothing is asked for', async () => {
    expect(await say('undo', 'GL-9999')).toContain('There is no plan GL-9999');
  });
});
