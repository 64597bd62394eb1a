import type { JsonObject } from '../core/json.ts';
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

/** A universal action, with what older clients send instead: the same data and the verb beside it. */
export function button({ verb, title, tooltip, data, style, inputs = false }: Button): JsonObject {
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
