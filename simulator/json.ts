/** Deeper than this no API of Azure reads JSON; it also keeps whoever walks the value from running out of stack. */
const DEEPEST = 64;

/** Parses JSON; throws SyntaxError for text that is none or is nested too deeply. */
export function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (depthOf(text) > DEEPEST) throw new SyntaxError(`The reader's MaxDepth of ${DEEPEST} has been exceeded.`);
  return value;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  // Strings are skipped whole: what looks like a bracket in them is none.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/g)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
