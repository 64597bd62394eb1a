import type { Fail } from './fail.ts';

/** Patterns are RE2; what JavaScript reads differently is refused rather than guessed. */
const refused: readonly (readonly [RegExp, string])[] = [
  [/\(\?(=|!|<=|<!)/, 'Look-around'],
  [/\\[1-9]|\\k</, 'A back-reference'],
  [/\[\[:/, 'A POSIX class'],
  [/\\[^dDsSwWbBnrtfvx\W_0-9]/, 'This escape'],
];

export type RegexReader = (pattern: string, flags: string, text: string) => RegExp;

/** Compiles each pattern once. The engines differ on which letters and digits beyond ASCII a class holds, so such a text is refused. */
export function regexReader(fail: Fail): RegexReader {
  const compiled = new Map<string, RegExp>();
  return (pattern, flags, text) => {
    if (/\\[dDwWbB]/.test(pattern) && /\P{ASCII}/u.test(text)) fail(`'${pattern}' on text beyond ASCII is not implemented.`);
    const key = `${flags} ${pattern}`;
    const regex = compiled.get(key) ?? compileRegex(pattern, flags, fail);
    compiled.set(key, regex);
    regex.lastIndex = 0;
    return regex;
  };
}

function compileRegex(pattern: string, flags: string, fail: Fail): RegExp {
  const withoutBackslashes = pattern.replaceAll('\\\\', '');
  for (const [form, name] of refused) {
    if (form.test(withoutBackslashes)) fail(`${name} in the regular expression '${pattern}' is not implemented.`);
  }
  const inline = /^\(\?([ims]+)\)/.exec(pattern);
  const body = (inline ? pattern.slice(inline[0].length) : pattern).replaceAll('(?P<', '(?<');
  if (/\(\?[a-zA-Z-]+[):]/.test(body)) fail('A flag inside a regular expression is implemented at its start only.');
  try {
    return new RegExp(body, [...new Set(flags + (inline?.[1] ?? ''))].join(''));
  } catch {
    return fail(`The regular expression '${pattern}' is not valid.`);
  }
}
