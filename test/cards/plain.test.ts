import { breakable, name, plain, sentence, withoutMarkdown } from '../../cards/plain.ts';

describe('plain', () => {
  it.each([
    ['a control character', 'a\u0000b\u0007', 'ab'],
    ['text turned round', 'srv\u202Etxt.exe\u2066', 'srvtxt.exe'],
    ['nothing wide', 's\u200Br\u200Dv\uFEFF', 'srv'],
    ['several lines', 'one\r\n\n two\u2028three', 'one two three'],
    ['a mention', '<at>all</at> <AT id=1>', '< at>all< /at> < AT id=1>'],
    ['a mention in disguise', '<\u200Bat>all</\u202Eat>', '< at>all< /at>'],
    ['a date function', '{{DATE(x)}} {{{y}}}', '{ {DATE(x)}} { { {y}}}'],
    ['half a character', 'a\uD800b', 'a\uFFFDb'],
    ['two ways to write é', 'e\u0301', 'é'],
    ['a template field', '$\u007bsecret}', '$\u007bsecret}'],
    ['an ordinary name', 'SRV_01.contoso.example', 'SRV_01.contoso.example'],
  ])('makes %s harmless', (_what, text, clean) => {
    expect(plain(text)).toBe(clean);
  });

  it('cuts at the limit, counting letters and not halves of them', () => {
    expect(Array.from(plain('😀'.repeat(500)))).toHaveLength(120);
    expect(plain('x'.repeat(121))).toBe(`${'x'.repeat(119)}…`);
    expect(plain('x'.repeat(120))).toBe('x'.repeat(120));
  });

  it('does not grow a text it has cleaned already', () => {
    const once = plain('<at>x</at> {{{a}}} [y](z)');
    expect(plain(once)).toBe(once);
  });

  it('never piles marks on a letter without end', () => {
    expect(plain(`a${'\u0336'.repeat(50)}`)).toBe(`a${'\u0336'.repeat(3)}`);
  });
});

describe('names and sentences', () => {
  it('gives what has no visible letter a name', () => {
    expect(name('\u200B\u202E ')).toBe('(no name)');
  });

  it('ends a sentence once', () => {
    expect([sentence('It broke'), sentence('It broke.'), sentence('Why?'), sentence('')]).toEqual(['It broke.', 'It broke.', 'Why?', '']);
  });
});

describe('breakable', () => {
  it('adds places to break to long words only', () => {
    expect(breakable('srv-1.a')).toBe('srv-1.a');
    expect(breakable('srv-web-01.finance.contoso.example')).toBe('srv-\u200Bweb-\u200B01.\u200Bfinance.\u200Bcontoso.\u200Bexample');
  });

  it('breaks a word without any punctuation too, and changes no letter', () => {
    const word = 'x'.repeat(100);
    expect(
      breakable(word)
        .split('\u200B')
        .every((piece) => piece.length <= 32),
    ).toBe(true);
    expect(breakable(word).replaceAll('\u200B', '')).toBe(word);
  });
});

it('leaves no markdown in a fallback text', () => {
  expect(withoutMarkdown('[x](http://evil) **b** _i_ `c` <at>')).toBe('x(http: //evil) \\*\\*b\\*\\* \\_i\\_ c at');
});
