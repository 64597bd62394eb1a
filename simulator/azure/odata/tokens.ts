/** A query option that cannot be understood; each API wraps it in its own error. */
export class ODataError extends Error {}

export type TokenKind = 'name' | 'text' | 'number' | 'instant' | 'guid' | 'mark';

export interface Token {
  kind: TokenKind;
  /** Of a text without its quotes. */
  value: string;
  /** Where it begins, from 0. */
  at: number;
}

const SHAPES: [TokenKind, RegExp][] = [
  ['text', /'((?:[^']|'')*)'/y],
  ['guid', /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/iy],
  ['instant', /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:\d{2})?/y],
  ['number', /-?\d+(?:\.\d+)?/y],
  ['name', /[A-Za-z_][\w.]*(?:\/[A-Za-z_]\w*)*/y],
  ['mark', /[(),:]/y],
];

/** Takes a $filter apart; throws ODataError. */
export function tokensOf(text: string): Token[] {
  const found: Token[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const token = tokenAt(text, at);
    found.push(token.token);
    at = skipSpace(text, token.end);
  }
  return found;
}

function tokenAt(text: string, at: number): { token: Token; end: number } {
  for (const [kind, shape] of SHAPES) {
    shape.lastIndex = at;
    const hit = shape.exec(text);
    if (hit) return { token: { kind, value: kind === 'text' ? (hit[1] ?? '').replaceAll("''", "'") : hit[0], at }, end: shape.lastIndex };
  }
  throw new ODataError(`Syntax error: character '${text[at]}' is not valid at position ${at} in '${text}'.`);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? '')) at += 1;
  return at;
}
