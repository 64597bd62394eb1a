import { button } from '../../cards/button.ts';
import { exactRun, run } from '../../cards/text-run.ts';

describe('a run of text', () => {
  it('cleans what it is given, whoever forgot to', () => {
    expect(run('<at>a</at>\n\u202E{{b}}')).toEqual({ type: 'TextRun', text: '< at>a< /at> { {b}}' });
    expect(exactRun('<at>a</at>\n\u202E{{b}}')).toMatchObject({ text: '< at>a< /at> { {b}}' });
  });

  it('keeps the spaces that part it from its neighbours', () => {
    expect(run(' · ')['text']).toBe(' · ');
    expect(run('')['text']).toBe(' ');
  });

  it('may be broken on a narrow screen, unless it is to be compared or copied', () => {
    const path = '/subscriptions/11111111-1111-4111-8111-111111111111';
    expect(run(path)['text']).toContain('\u200B');
    expect(exactRun(path)['text']).toBe(path);
  });

  it('says how it looks only where that differs', () => {
    expect(run('a', { bold: true, colour: 'default', size: 'small' })).toEqual({
      type: 'TextRun',
      text: 'a',
      weight: 'bolder',
      size: 'small',
    });
  });
});

describe('a button', () => {
  it('carries the same for older clients, with the verb beside it', () => {
    const data = { id: 'a', revision: 1 };
    expect(button({ verb: 'run.stop', title: 'Stop', tooltip: 'Stop <at>all</at>', data, style: 'destructive' })).toEqual({
      type: 'Action.Execute',
      verb: 'run.stop',
      title: 'Stop',
      tooltip: 'Stop < at>all< /at>',
      style: 'destructive',
      associatedInputs: 'none',
      data,
      fallback: {
        type: 'Action.Submit',
        title: 'Stop',
        tooltip: 'Stop < at>all< /at>',
        style: 'destructive',
        associatedInputs: 'none',
        data: { ...data, verb: 'run.stop' },
      },
    });
  });
});
