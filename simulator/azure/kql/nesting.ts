/** Beyond this many brackets in each other the parser takes seconds, then minutes. */
const DEEPEST = 200;

/** Place of the bracket that goes too deep; -1 when none does. Texts and comments are skipped whole. */
export function tooDeepAt(query: string): number {
  let depth = 0;
  for (const match of query.matchAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|[([{]|[)\]}]/g)) {
    const [token] = match;
    if ('([{'.includes(token)) depth += 1;
    else if (')]}'.includes(token)) depth -= 1;
    if (depth > DEEPEST) return match.index;
  }
  return -1;
}
