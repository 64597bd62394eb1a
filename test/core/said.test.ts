import { takeSaid } from '../../core/said.ts';

describe('values told by their shape', () => {
  it.each([
    ['set passive mode for CHG0012345', { ticket: 'CHG0012345' }, 'set passive mode'],
    ['set passive mode under inc-12345 now', { ticket: 'INC-12345' }, 'set passive mode now'],
    ['probe every 6 hours for 14 days', { everyMinutes: 360, forDays: 14 }, 'probe'],
    ['probe every hour for the next 2 weeks', { everyMinutes: 60, forDays: 14 }, 'probe'],
    ['probe every 90 min', { everyMinutes: 90 }, 'probe'],
    [
      'waive x until 2027-03-31 because the vendor, of all, forbids it',
      { to: '2027-03-31', reason: 'the vendor, of all, forbids it' },
      'waive x',
    ],
    ['hold x reason: It is patched by hand', { reason: 'It is patched by hand' }, 'hold x'],
  ])('reads %s', (text, said, rest) => {
    const taken = takeSaid(text);
    expect(taken.said).toEqual(said);
    expect(taken.rest.replaceAll(/\s+/g, ' ').trim()).toBe(rest);
  });

  it.each(['probe every machine', 'check every host for problems', 'every web server', 'change 12345', 'ring to 2027', 'because'])(
    'takes nothing out of “%s”',
    (text) => {
      expect(takeSaid(text)).toEqual({ said: {}, rest: text });
    },
  );
});
