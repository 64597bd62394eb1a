import type { ScalarFunction } from '../scalar-function.ts';
import { jsonText, toText } from '../text.ts';
import { bagOf, isArray, isBag, type Value } from '../values.ts';

function canonical(value: Value): Value {
  if (isArray(value)) return value.map(canonical);
  if (!isBag(value)) return value;
  const keys = Object.keys(value).toSorted((left, right) => (left < right ? -1 : 1));
  return bagOf(keys.map((key) => [key, canonical(value[key] ?? null)] as const));
}

/** Every character of the source that the first list holds becomes the one at its place in the second, whose last one repeats. */
const translate: ScalarFunction = (values, call) => {
  const [searched = '', replacing = '', source = ''] = values.map((value, index) =>
    toText(value, call.types[index] ?? 'dynamic', call.fail),
  );
  const replacements = Array.from(replacing);
  const places = Array.from(searched);
  return Array.from(source)
    .map((character) => {
      const place = places.indexOf(character);
      return place < 0 ? character : (replacements[place] ?? replacements.at(-1) ?? '');
    })
    .join('');
};

export const encodingFunctions: Readonly<Record<string, ScalarFunction>> = {
  /** Bytes of the text in UTF-8. */
  string_size: (values, call) => Buffer.byteLength(toText(values[0] ?? null, call.types[0] ?? 'dynamic', call.fail), 'utf8'),
  /** JSON whose keys are in order at every depth. */
  dynamic_to_json: ([value = null], call) => (value === null ? '' : jsonText(canonical(value), call.fail)),
  translate,
  strrep: (values, call) => {
    const [text, times, delimiter] = values;
    if (typeof times !== 'number' || times < 0) return call.fail('strrep() takes a number of times from 0.');
    const part = toText(text ?? null, call.types[0] ?? 'dynamic', call.fail);
    const between = toText(delimiter ?? null, call.types[2] ?? 'dynamic', call.fail);
    return Array.from({ length: times }, () => part).join(between);
  },
};
