import { attestationCard, attestationSamples } from '../../cards/attestation/data.ts';
import { checklistCard, checklistSamples } from '../../cards/checklist/data.ts';
import { digestCard, digestSamples } from '../../cards/digest/data.ts';
import { listCard } from '../../cards/list/data.ts';
import { noticeCard } from '../../cards/notice/data.ts';
import { runCard, runSamples } from '../../cards/run/data.ts';
import { stepCard, stepSamples } from '../../cards/step/data.ts';
import type { RenderedCard } from '../../core/ports.ts';
import { walkCard, wordsOn } from './support/card-walk.ts';
import { frame } from './support/frames.ts';

const sampleOf = <V>(samples: readonly { name: string; view: V }[], name: string) =>
  samples.find((candidate) => candidate.name === name)!.view;
const words = ({ card }: RenderedCard) => wordsOn(card);
const executes = ({ card }: RenderedCard) => walkCard(card).found.flatMap(({ type, node }) => (type === 'Action.Execute' ? [node] : []));

describe('the checklist', () => {
  const card = checklistCard(sampleOf(checklistSamples, 'mixed'), frame);

  it('shows what is not ready first, then what is unknown, then the rest', () => {
    const shown = words(card);
    const order = [
      'The 2021 rollup is installed',
      'Automatic onboarding is off',
      'Passive mode is set',
      'Connected to Azure',
      'Updates are current',
    ];
    expect(order.map((title) => shown.indexOf(`\n${title}\n`))).toEqual(
      order.map((title) => shown.indexOf(`\n${title}\n`)).toSorted((a, b) => a - b),
    );
    expect(order.every((title) => shown.includes(`\n${title}\n`))).toBe(true);
  });

  it('sums up in one sentence', () => {
    expect(card.summary).toBe(
      'Phase 1 · Prepare, ring canary: Machines: 16 of 36 ready, 2 waived, 1 of them ends this week, 3 not ready, 15 unknown. 1 of 5 steps hold everywhere, 1 more by waiver.',
    );
  });

  it('calls a phase that nothing was judged for unknown, never ready', () => {
    const empty = checklistCard({ ...sampleOf(checklistSamples, 'mixed'), steps: [] }, frame);
    expect(words(empty)).toContain('Unknown');
    expect(empty.summary).toContain('Nothing could be judged yet');
  });

  it('says since when and why a source is unknown and what would help', () => {
    for (const shown of [words(card), card.text]) {
      expect(shown).toContain('unknown since Sun 22 Nov 08:02 CET (1 h 8 min ago) — the reader identity may not read them');
      expect(shown).toContain('Grant it Security Reader on the subscription.');
    }
  });

  it('says who mends a step and what comes next, and how the gate stands for each ring', () => {
    expect(words(card)).toContain('Mended by server owner\n · Next: ask for “Probe machines” to be signed.');
    expect(words(card)).toContain('Gate: canary open.');
    const closed = checklistCard(sampleOf(checklistSamples, 'kept up to date, closed for a ring'), frame);
    expect(words(closed)).toContain('Gate: canary closed (GL-0009, Sat 21 Nov 13:10), pilot open');
  });

  it('lets nobody vouch or request on the card that everyone sees', () => {
    const verbs = (name: string) => new Set(executes(checklistCard(sampleOf(checklistSamples, name), frame)).map(({ verb }) => verb));
    expect(verbs('kept up to date, closed for a ring')).toEqual(new Set(['checklist.details', 'checklist.filter', 'checklist.refresh']));
    expect(verbs('one person’s own, only what is not ready')).toEqual(
      new Set(['attestation.offer', 'action.request', 'checklist.details', 'checklist.filter', 'checklist.refresh']),
    );
  });

  it('counts waived machines apart from ready ones, and those that end this week', () => {
    const fleet = { ready: 412, waived: 9, 'not-ready': 6, unknown: 3, 'not-applicable': 70 };
    const counted = (waivedSoon: number) => checklistCard({ ...sampleOf(checklistSamples, 'mixed'), fleet, waivedSoon }, frame).summary;
    expect(counted(2)).toContain('412 of 430 ready, 9 waived, 2 of them end this week, 6 not ready, 3 unknown.');
    expect(counted(0)).toContain('412 of 430 ready, 9 waived, 6 not ready, 3 unknown.');
  });

  it('says on the card that stays when something was, not how long ago; an answer says both', () => {
    const living = checklistCard(sampleOf(checklistSamples, 'kept up to date, closed for a ring'), frame);
    for (const shown of [words(living), living.text]) {
      expect(shown).toMatch(/as of (Sun 22 Nov )?09:07/i);
      expect(shown).not.toMatch(/ ago\)|just now/);
    }
    expect(words(card)).toContain('as of 09:07 (3 min ago)');
  });

  it('counts every step of a view that shows only what is open, and says how many it does not show', () => {
    const view = sampleOf(checklistSamples, 'one person’s own, only what is not ready');
    const own = checklistCard(view, frame);
    expect(own.summary).toContain('1 of 5 steps hold everywhere, 1 more by waiver');
    for (const shown of [words(own), own.text]) {
      expect(shown).toContain('2 steps with nothing left to do are not shown.');
      expect(shown).not.toContain('Connected to Azure');
    }
  });

  it('can be narrowed to the ring it shows, though the file names none of it', () => {
    const view = sampleOf(checklistSamples, 'one person’s own, only what is not ready');
    const { found } = walkCard(checklistCard({ ...view, ring: 'unassigned' }, frame).card);
    const input = found.find(({ node }) => node['id'] === 'ring')?.node;
    expect(input?.['choices']).toContainEqual({ title: 'unassigned', value: input?.['value'] });
  });

  it('shows what failed and counts the rest when there is no room for every source', () => {
    const crowded = words(checklistCard(sampleOf(checklistSamples, 'forty steps'), frame));
    expect(crowded).toContain('Defender for Cloud settings (Azure Resource Manager): unknown since');
    expect(crowded).toMatch(/\d more sources? not shown/);
  });

  it('says how many steps it leaves out', () => {
    expect(words(checklistCard(sampleOf(checklistSamples, 'forty steps'), frame))).toMatch(/\d+ more steps not shown/);
  });
});

describe('the step', () => {
  it('names up to twenty machines a group and counts the rest', () => {
    const shown = words(stepCard(sampleOf(stepSamples, 'mixed'), frame));
    expect(shown).toContain('SRV-FIN-20, +6 more');
    expect(shown).not.toContain('SRV-FIN-21');
  });

  it('says which ring it is about', () => {
    const card = stepCard(sampleOf(stepSamples, 'a step to vouch for, one who may'), frame);
    expect(words(card)).toContain('Contoso servers · ring canary · Sun 22 Nov');
    expect(card.text).toContain('step passive-mode-set, ring canary.');
  });

  it('hands out lists that can be copied character by character', () => {
    const view = sampleOf(stepSamples, 'lists to hand out');
    const lines = view.handsOut.flatMap((list) => list.lines);
    const runs = walkCard(stepCard(view, frame).card).found.flatMap(({ type, node }) => (type === 'TextRun' ? [node['text']] : []));
    expect(runs).toEqual(expect.arrayContaining([...lines]));
  });

  it('offers the action only when there is a ring to ask for', () => {
    const view = sampleOf(stepSamples, 'mixed');
    const verbs = (rings: readonly string[]) =>
      executes(stepCard({ ...view, request: { ...view.request!, rings } }, frame)).map(({ verb }) => verb);
    expect(verbs(['canary'])).toEqual(['action.request', 'checklist.refresh']);
    expect(verbs([])).toEqual(['checklist.refresh']);
  });

  it('offers an action that is asked for as a whole without a ring', () => {
    const card = stepCard(sampleOf(stepSamples, 'asked for as a whole'), frame);
    const [ask] = executes(card);
    expect(ask).toMatchObject({ verb: 'action.request', data: { action: 'create-exclusion-policy' }, associatedInputs: 'none' });
    expect(walkCard(card.card).found.filter(({ type }) => type === 'Input.ChoiceSet')).toEqual([]);
    expect(card.text).toContain('type "create-exclusion-policy"');
  });

  it('has a button to vouch only in the own view of one who may', () => {
    const verbs = (name: string) => executes(stepCard(sampleOf(stepSamples, name), frame)).map(({ verb }) => verb);
    expect(verbs('a step to vouch for, for everyone')).toEqual(['action.request', 'checklist.details', 'checklist.refresh']);
    expect(verbs('a step to vouch for, one who may')).toContain('attestation.offer');
    expect(verbs('a step to vouch for, one who may not')).not.toContain('attestation.offer');
  });

  it('leads to Microsoft and nowhere else', () => {
    const view = sampleOf(stepSamples, 'mixed');
    const links = (link: string) =>
      walkCard(stepCard({ ...view, link }, frame).card).found.filter(({ type }) => type === 'Action.OpenUrl').length;
    const bad = [
      'http://learn.microsoft.com/',
      'https://learn.microsoft.com.evil/',
      'https://a@learn.microsoft.com/',
      'javascript:alert(1)',
      '',
    ];
    expect([links('https://learn.microsoft.com/x'), ...bad.map(links)]).toEqual([1, 0, 0, 0, 0, 0]);
  });
});

describe('the run', () => {
  it.each(['waiting', 'running'])('can be stopped by anyone while %s', (name) => {
    const view = sampleOf(runSamples, name);
    expect(executes(runCard(view, frame)).map(({ verb, data }) => [verb, data])).toEqual([
      ['run.stop', { id: view.hash }],
      ['run.refresh', { id: view.hash }],
    ]);
  });

  it.each([
    ['complete', ['run.undo']],
    ['partly', ['run.rest', 'run.undo']],
    ['halted', ['run.rest', 'run.undo']],
    ['stopped', ['run.rest', 'run.undo']],
    ['voided', ['run.rest']],
  ])('offers what is left to ask for once %s, and no stop', (name, expected) => {
    const view = sampleOf(runSamples, name);
    expect(executes(runCard(view, frame)).map(({ verb, data }) => [verb, data])).toEqual(expected.map((verb) => [verb, { id: view.hash }]));
  });

  it('says what to type instead of each of its buttons', () => {
    const { text } = runCard(sampleOf(runSamples, 'stopped'), frame);
    expect(text).toContain('Instead of "Request rest" type "request the rest of GL-0007".');
    expect(text).toContain('Instead of "Undo" type "undo GL-0007".');
  });

  it('offers no second stop', () => {
    expect(executes(runCard(sampleOf(runSamples, 'stopping'), frame)).map(({ verb }) => verb)).toEqual(['run.refresh']);
  });

  it('says until when a vote can be taken back, and what it means when its next update is late', () => {
    expect(runCard(sampleOf(runSamples, 'waiting'), frame).summary).toContain(
      'It begins Sun 22 Nov 09:12 CET (in 2 min); a vote can be taken back until then.',
    );
    const running = runCard(sampleOf(runSamples, 'running'), frame);
    for (const shown of [words(running), running.text]) {
      expect(shown).toContain('next update by Sun 22 Nov 09:15 CET (in 5 min), later means Greenlight is down: call whoever operates it.');
      expect(shown).toContain('2 machines are under way, Azure finishes what was sent');
    }
  });

  it('puts a machine that is not known to be safe above everything else', () => {
    const card = runCard(sampleOf(runSamples, 'unsafe'), frame);
    const shown = words(card);
    const at = (part: string) => shown.indexOf(part);
    expect(at('NOT KNOWN TO BE SAFE: look at it now')).toBeGreaterThan(-1);
    expect(at('SRV-FIN-09')).toBeLessThan(at('ring-1, part 1'));
    expect(at('SRV-FIN-09')).toBeLessThan(at('SRV-FIN-05'));
    expect(card.summary).toContain('1 NOT KNOWN TO BE SAFE');
    expect(shown).toContain('2 bad (1 NOT KNOWN TO BE SAFE, 1 brought back to safety)');
  });

  it('says which machines are being brought back to safety, when the window ends and why it stopped', () => {
    const shown = words(runCard(sampleOf(runSamples, 'being made safe'), frame));
    for (const part of [
      'SRV-FIN-06 ',
      'failed; being brought back to safety: the script ended with code 1.',
      '2 being brought back to safety',
      'Change window “nights” ends Sun 22 Nov 09:09 CET',
      'Reason: the change window “nights” has ended.',
    ]) {
      expect(shown).toContain(part);
    }
  });

  it('says until when a ring soaks', () => {
    const shown = words(runCard(sampleOf(runSamples, 'soaking'), frame));
    expect(shown).toContain('Begins after the soak, Mon 23 Nov 07:10 CET (in 22 h).');
    expect(shown).toContain('1 held out of it');
  });

  it('says how the final verification stands', () => {
    const waiting = runCard(sampleOf(runSamples, 'awaiting final verification'), frame);
    expect(words(waiting)).toContain('Final verification: 1 of 2 confirmed, due by Mon 23 Nov 08:10 CET (in 23 h).');
    const contradicted = words(runCard(sampleOf(runSamples, 'contradicted'), frame));
    expect(contradicted).toContain('1 of 2 confirmed, 1 CONTRADICTED.');
    expect(contradicted).not.toContain('Complete');
    expect(words(runCard(sampleOf(runSamples, 'complete'), frame))).not.toContain('Final verification');
  });

  it('counts every machine once', () => {
    const { counts } = sampleOf(runSamples, 'running');
    expect(words(runCard(sampleOf(runSamples, 'running'), frame))).toContain(
      `${counts.verified} verified · ${counts.bad} bad · ${counts.underWay} under way · ${counts.planned} still to come · ${counts.dropped} left out`,
    );
  });

  it.each(runSamples)('has every machine in exactly one count ($name)', ({ view }) => {
    const { total, restored, unsafe, ...places } = view.counts;
    expect(Object.values(places).reduce((sum, n) => sum + n, 0)).toBe(total);
    expect(restored + unsafe).toBeLessThanOrEqual(places.bad);
  });

  it('shows the waves around the open one when there are too many, and every name in the text', () => {
    const card = runCard(sampleOf(runSamples, 'hundred waves'), frame);
    expect(words(card)).toContain('wave 51 ');
    expect(words(card)).toMatch(/and \d+ more waves/);
  });
});

describe('the digest', () => {
  const view = sampleOf(digestSamples, 'usual');
  const shown = words(digestCard(view, frame));

  it('says in words how each phase moved', () => {
    expect(shown).toContain('21 more');
    expect(shown).toContain('4 fewer');
    expect(shown).toContain('first digest');
  });

  it('prints the whole head of the ledger', () => {
    expect(shown).toContain(view.ledger.hash);
    expect(digestCard(view, frame).text).toContain(`Ledger entry 1042, sha256 ${view.ledger.hash}`);
  });

  it('shows a question mark instead of a share when nothing was judged', () => {
    const empty = digestCard(sampleOf(digestSamples, 'nothing known'), frame);
    expect(
      walkCard(empty.card)
        .found.filter(({ node }) => node['size'] === 'extraLarge')
        .map(({ node }) => node['text']),
    ).toEqual(['?', '?', '?']);
  });

  it('carries a notice when an earlier one was missed', () => {
    const late = digestCard(sampleOf(digestSamples, 'asked for, late'), frame);
    expect(words(late)).toContain('was not posted: the bot was down.');
    expect(late.text).toContain('Notice: the digest of Sat 21 Nov 08:00 was not posted');
  });
});

describe('the attestation', () => {
  it('shows where the proof is kept so that it can be copied as it is', () => {
    const card = attestationCard(sampleOf(attestationSamples, 'given'), frame);
    const link = 'https://contoso.example/changes/CHG0012345?view=evidence&page=1';
    expect(walkCard(card.card).found.map(({ node }) => node['text'])).toContain(link);
    expect(card.text.split('\n')).toContain(`Proof: ${link}`);
  });
});

describe('the list', () => {
  it('opens only what has a hash', () => {
    const items = [
      { id: 'GL-0001', hash: 'a'.repeat(64), title: 'one', detail: '' },
      { id: 'GL-0002', hash: null, title: 'two', detail: '' },
    ];
    const found = executes(listCard({ title: 'Plans', sentence: 'Two', items }, frame));
    expect(found.map(({ verb, data }) => [verb, data])).toEqual([['sign-off.view', { id: 'a'.repeat(64) }]]);
  });
});

describe('the notice', () => {
  it('says what happened, what to do next, and what to quote', () => {
    const card = noticeCard({ tone: 'error', sentence: 'The store did not answer', next: 'Press again', reference: 'k7f2-09qz' }, frame);
    expect(card.text).toBe('The store did not answer.\nSomething broke.\nPress again.\nReference: k7f2-09qz');
    expect(words(card)).toContain('k7f2-09qz');
  });
});
