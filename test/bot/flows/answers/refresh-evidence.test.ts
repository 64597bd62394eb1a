import { answerQuestion } from '../../../../bot/flows/answers/answer-question.ts';
import type { Collecting } from '../../../../bot/flows/collect-evidence.ts';
import type { Freshness } from '../../../../bot/flows/collecting/freshness.ts';
import { REFRESHED } from '../../../../bot/flows/collecting/freshness.ts';
import type { Context } from '../../../../bot/flows/context.ts';
import { MINUTE } from '../../../../core/instant.ts';
import { phrases, questions } from '../../../../playbook/questions/index.ts';
import { prepareCluster } from '../../../services/store/engines.ts';
import { EvidenceWorld } from '../support/evidence-world.ts';
import type { WorldStore } from '../support/flow-world.ts';
import { openWorldStore } from '../support/flow-world.ts';
import { member } from '../support/run-watch.ts';

jest.setTimeout(120_000);

const KINDS = ['defender-extension', 'machine', 'security-settings', 'server-list'] as const;

describe('asked to read everything again', () => {
  let opened: WorldStore;
  let world: EvidenceWorld;
  beforeAll(async () => {
    await prepareCluster();
    opened = await openWorldStore(null);
  });
  beforeEach(async () => {
    world = new EvidenceWorld(opened);
    await world.empty();
    await world.bot('schedule').tick();
    world.now += MINUTE;
    world.reads.length = 0;
  });
  afterAll(() => opened.remove());

  /** What is answered; the patience of the answer is real time, so that it can be cut short. */
  async function ask(
    text: string,
    patienceMs = REFRESHED.patienceMs,
  ): Promise<{ words: string; asked: readonly (Freshness | undefined)[] }> {
    const { context, collecting } = world.bot('asked');
    const asked: (Freshness | undefined)[] = [];
    const look: Collecting['look'] = (kinds, how) => {
      asked.push(how);
      return collecting.look(kinds, { ...how, patienceMs });
    };
    const answer = await answerQuestion({ ...context, questions, phrases } as Context, { ...collecting, look }, text, member(9));
    return { words: typeof answer === 'string' ? answer : answer.text, asked };
  }

  it.each(['refresh', 'read everything again', 'collect now'])('reads every kind anew at “%s”, whatever is known of it', async (text) => {
    const { words, asked } = await ask(text);
    expect(world.reads.toSorted()).toEqual([...KINDS]);
    expect(asked).toEqual([REFRESHED]);
    expect(words).toContain('4 of 4 sources were read anew.');
  });

  it('names each source with the time of this reading', async () => {
    const { words } = await ask('refresh');
    expect(words.match(/\(test\): as of Sun 22 Nov 10:01 CET \(just now\)/g)).toHaveLength(4);
    expect(words).toContain('inventory (test)');
    expect(words).not.toContain('10:00');
    expect(words).toContain('the probe has to be signed');
  });

  it('says which could not be read, why, and what mends it', async () => {
    world.broken.add('security-settings');
    const { words } = await ask('refresh');
    expect(words).toContain('3 of 4 sources were read anew; 1 could not be read.');
    expect(words).toMatch(/Defender for Cloud settings \(test\): unknown since .* 10:01 .*no role\. Grant it\. Last read in full .* 10:00/);
  });

  it('says what goes on being read, with what is known from before, and does not wait for it', async () => {
    const finish = world.hold('machine');
    const { words } = await ask('refresh', 1_000).finally(finish);
    await world.settled();
    expect(words).toContain('3 of 4 sources were read anew; 1 is still being read, and shown as known before.');
    expect(words).toMatch(/inventory \(test\): as of .* 10:00 .* It is being read now; ask again in a minute\./);
  });
});
