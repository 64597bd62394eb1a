import type { Json, JsonObject } from '../core/json.ts';
import { plain } from './plain.ts';
import type { CardVerb } from './verbs.ts';

export interface Button {
  readonly verb: CardVerb;
  /** Short: longer titles are cut on phones. */
  readonly title: string;
  readonly tooltip: string;
  readonly data: JsonObject;
  readonly style?: 'positive' | 'destructive';
  /** True when the inputs of the card go with the press. */
  readonly inputs?: boolean;
}

/** The longest text a button carries: what somebody typed. */
const LONGEST_CARRIED = 2_000;

/**
 * A universal action, with what older clients send instead: the same data and the verb beside it. What it carries is as harmless as what is
 * shown: a name comes back as `plain` leaves it.
 */
export function button({ verb, title, tooltip, data: carried, style, inputs = false }: Button): JsonObject {
  const harmless = ([key, value]: readonly [string, Json]) => [key, typeof value === 'string' ? plain(value, LONGEST_CARRIED) : value];
  const data: JsonObject = Object.fromEntries(Object.entries(carried).map(harmless));
  const look = {
    title,
    tooltip: plain(tooltip),
    ...(style ? { style } : {}),
    ...(inputs ? {} : { associatedInputs: 'none' }),
  };
  return {
    type: 'Action.Execute',
    verb,
    ...look,
    data,
    fallback: { type: 'Action.Submit', ...look, data: { ...data, verb } },
  };
}
