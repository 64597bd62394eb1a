import { answerQuestion } from '../../../../bot/flows/answers/answer-question.ts';
import { createCollecting } from '../../../../bot/flows/collect-evidence.ts';
import type { Context } from '../../../../bot/flows/context.ts';
import { digestWords } from '../../../../bot/flows/protection/gap-digest.ts';
import { read } from '../../../../core/evidence.ts';
import type { DeviceFacts } from '../../../../core/facts/devices.ts';
import { DAY } from '../../../../core/instant.ts';
import { phrases, questions } from '../../../../playbook/questions/index.ts';
import { prepareCluster } from '../../../services/store/engines.ts';
import { deviceFacts, utc } from '../../../support/facts.ts';
import { GapWatch } from '../support/gap-watch.ts';
import { member } from '../support/run-watch.ts';

jest.setTimeout(240_000);

let gaps: GapWatch;
beforeAll(async () => {
  await prepareCluster();
  gaps = await GapWatch.open();
});
beforeEach(() => gaps.beginAnew());
afterAll(() => gaps.close());

async function ask(text: string): Promise<string> {
  const context = { ...gaps.watch.context, questions, phrases, steps: [], zone: utc } as Context;
  const answer = await answerQuestion(context, createCollecting(context, 'test'), text, member(9));
  return typeof answer === 'string' ? answer : answer.text;
}

describe('asked for machines with two active engines', () => {
  const QUESTION = 'anything running two active AVs right now?';

  it('lists them with owner, since when, source, next step and blind spot', async () => {
    await gaps.known('srv-1', 'srv-2', 'srv-3');
    await gaps.machine('srv-4');
    await gaps.probe('srv-1', 'both');
    await gaps.probe('srv-2', 'nothing');
    gaps.wait(40 * 60);
    await gaps.probe('srv-1', 'both');
    const words = await ask(QUESTION);
    expect(words).toContain(
      'Two active engines: 1 machine with two active engines, as far as known; 1 of 4 machines cannot be judged now.',
    );
    expect(words).toMatch(/Read as: .*condition both-active/);
    expect(words).toMatch(
      /- srv-1, ring canary, owner Team Blue \(Person 4\): at least 40 min, still going on\. Began between 10:00 and 10:01/,
    );
    expect(words).toContain('Seen by the probe of the machine.');
    expect(words).toContain('Next: Request passive mode for it, or, where the cut-over has begun, have CrowdStrike removed.');
    expect(words).toContain('1 machine cannot be judged: the probe of the machine has not been read yet.');
    expect(words).not.toContain('srv-2');
  });

  it('takes what it cannot see for no all-clear', async () => {
    await gaps.known('srv-1');
    await gaps.machine('srv-2');
    expect(await ask(QUESTION)).toContain('No machine is known to be in one; 1 of 2 machines cannot be judged now.');
    await gaps.probe('srv-2', 'defender');
    expect(await ask(QUESTION)).toContain('None among 2 machines.');
    gaps.wait((DAY + 1_000) / 1_000);
    expect(await ask(QUESTION)).toContain('2 of 2 machines cannot be judged now');
  });

  it('names those whose sources disagree, because one of the two says that something is wrong', async () => {
    await gaps.known('srv-1');
    const seen = deviceFacts({ antivirusMode: 'active', modeSeen: gaps.watch.now });
    await gaps.watch.context.store.transact((tx) =>
      tx.saveEvidence('device', '/t/srv-1', read<DeviceFacts>(seen, 'Defender hunting', gaps.watch.now)),
    );
    expect(await ask(QUESTION)).toContain(
      'srv-1: the probe saw Defender Antivirus passive, and Defender hunting saw it active at that time or later. Request the probe again.',
    );
    const card = await ask('how is machine srv-1');
    expect(card).toMatch(/Protection:\nUnknown\. The probe saw/);
    expect(card).toContain('- CrowdStrike: running (probe of the machine, ');
    expect(card).toContain('- Defender Antivirus: active, sensor Active (Defender hunting, ');
  });
});

describe('asked for machines without an active engine', () => {
  it('says that not detected is not the same as not there', async () => {
    await gaps.known('srv-1');
    await gaps.probe('srv-1', 'nothing');
    const words = await ask('which servers have no antivirus');
    expect(words).toContain('No active engine detected: 1 machine without an active engine that was detected');
    expect(words).toContain('a product the probe does not know cannot be excluded');
  });

  it('narrows it down to a ring', async () => {
    await gaps.known('srv-1', 'srv-2');
    await gaps.machine('srv-2', { tags: { ring: 'broad' } });
    for (const name of ['srv-1', 'srv-2']) await gaps.probe(name, 'nothing');
    const words = await ask('is anything unprotected in ring broad?');
    expect(words).toContain('srv-2');
    expect(words).not.toContain('srv-1');
  });

  it('answers for days gone by, in which machines that are well now were not', async () => {
    await gaps.known('srv-1');
    await gaps.probe('srv-1', 'nothing');
    gaps.wait(600);
    await gaps.probe('srv-1', 'defender');
    expect(await ask('is anything unprotected?')).toContain('None among 1 machine');
    expect(await ask('was anything unprotected since 2026-11-22?')).toMatch(
      /at some time in that span[\s\S]*srv-1, ring canary, .*up to 11 min/,
    );
    expect(await ask('was anything unprotected since 2026-11-23?')).toContain('No gap is known in that time');
    expect(await ask('protection gaps between 2026-11-20 and 2026-11-21')).toContain('No gap is known in that time');
    expect(await ask('how is machine srv-1')).toMatch(/- Gap: no active engine detected, up to 11 min\./);
  });
});

describe('the digest', () => {
  it('counts what goes on and what ended since the one before, and says nothing where there is nothing', async () => {
    expect(digestWords([], 0)).toBeNull();
    await gaps.known('srv-1', 'srv-2', 'srv-3');
    for (const name of ['srv-1', 'srv-2', 'srv-3']) await gaps.probe(name, 'nothing');
    gaps.wait(180);
    await gaps.probe('srv-1', 'nothing');
    gaps.wait(60);
    for (const name of ['srv-1', 'srv-2']) await gaps.probe(name, 'defender');
    const all = await gaps.gaps();
    expect(digestWords(all, gaps.watch.now - 1)).toBe(
      '1 machine without an active engine that was detected as far as known; 2 gaps ended since the digest before, the longest 3 to 5 min',
    );
    expect(digestWords(all, gaps.watch.now + 1)).toBe('1 machine without an active engine that was detected as far as known');
  });
});
