import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerQuestion } from '../../../bot/flows/answers/answer-question.ts';
import type { Collecting } from '../../../bot/flows/collect-evidence.ts';
import { createCollecting } from '../../../bot/flows/collect-evidence.ts';
import type { Context } from '../../../bot/flows/context.ts';
import { DAY } from '../../../core/instant.ts';
import { phases, phaseTitles } from '../../../core/phase.ts';
import { actions } from '../../../playbook/actions/index.ts';
import { steps } from '../../../playbook/index.ts';
import { phrases, questions } from '../../../playbook/questions/index.ts';
import { createServerListCollector } from '../../../services/server-list.ts';
import { member } from '../../bot/flows/support/flow-world.ts';
import { amiss, happenings, seenAs } from '../../support/every-state.ts';
import { TruthWorld } from './truth-world.ts';

jest.setTimeout(240_000);

/** Read by a person and kept: what the sample estate is answered with. `GOLDEN=write` writes them anew, to be read again before they are committed. */
const FOLDER = join(__dirname, 'golden');
const WRITES = process.env['GOLDEN'] === 'write';

let world: TruthWorld;
let context: Context;
let collecting: Collecting;
beforeAll(async () => {
  world = await TruthWorld.start('sample', 7);
  await world.look();
  const { migration, clock, log, store } = world.context;
  const list = await createServerListCollector({ source: () => migration.serverList, clock, log })();
  await store.transact((tx) => tx.saveCollection(list));
  context = {
    ...world.context,
    rehearsal: true,
    actions,
    questions,
    phrases,
    collectors: {},
  } as Partial<Context> as Context;
  collecting = createCollecting(context, 'golden');
});
afterAll(() => world.end());

async function answer(text: string): Promise<string> {
  const said = await answerQuestion(context, collecting, text, member(9, { isGuest: true }));
  return `${typeof said === 'string' ? said : said.text}\n`;
}

function golden(name: string, text: string): void {
  const file = join(FOLDER, `${name}.txt`);
  if (WRITES) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(existsSync(file) ? readFileSync(file, 'utf8') : `${file} is missing`);
}

it.each(phases)('where the sample estate stands with %s', async (phase) => {
  const text = await answer(`where are we with phase ${phases.indexOf(phase) + 1}?`);
  expect(text).toContain(phaseTitles[phase]);
  golden(phase, text);
});

it.each(steps.map(({ id, title }) => [id, title] as const))('the step %s of the sample estate', async (id, title) => {
  const text = await answer(title);
  expect(text).toContain(`step ${id}`);
  golden(id, text);
});

it('shows every step failing, unknown and passing', async () => {
  const doors = {
    estate: (change: object) => world.outside.door('POST', '/_estate', change),
    fault: (fault: object) => world.outside.door('POST', '/_faults', fault),
    now: () => world.outside.clock.now(),
    vouch: async (stepId: string) => {
      const at = context.clock.now();
      const word = { id: 'word', stepId, statement: '', scope: {}, by: member(1), link: '', note: '', at, until: at + DAY };
      await context.store.transact((tx) => tx.saveAttestation(word));
    },
  };
  const ids = steps.map(({ id }) => id);
  const seen = new Set<string>();
  for (const { happens } of happenings) {
    await happens?.(doors);
    await world.look();
    await collecting.readiness.judge();
    for (const { of, verdict } of await context.store.transact((tx) => tx.counted('step', ids, {}))) seen.add(seenAs(of, verdict));
  }
  expect(amiss(seen)).toEqual([]);
});
