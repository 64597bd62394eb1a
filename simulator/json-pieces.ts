const BATCH = 500;

/** The JSON text of a value in pieces, so that a large one never stands in memory as one text. Together they are what JSON.stringify gives. */
export function* jsonPieces(value: unknown): Generator<string> {
  if (Array.isArray(value) && value.length > BATCH) yield* listPieces(value);
  else if (isPlain(value)) yield* objectPieces(value);
  else yield JSON.stringify(value) ?? 'null';
}

function* listPieces(items: readonly unknown[]): Generator<string> {
  for (let from = 0; from < items.length; from += BATCH) {
    const text = JSON.stringify(items.slice(from, from + BATCH));
    yield (from === 0 ? '[' : ',') + text.slice(1, -1);
  }
  yield ']';
}

function* objectPieces(object: Record<string, unknown>): Generator<string> {
  let opening = '{';
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield `${opening}${JSON.stringify(key)}:`;
    yield* jsonPieces(value);
    opening = ',';
  }
  yield opening === '{' ? '{}' : '}';
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype && !('toJSON' in value);
}
