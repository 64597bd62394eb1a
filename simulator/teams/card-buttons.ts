import { isDeepStrictEqual } from 'node:util';
import { HttpError } from './http.ts';
import type { Card } from './types.ts';
import { type Json, record, text } from './values.ts';

export interface PressedAction {
  type: string;
  id?: string;
  title?: string;
  verb?: string;
  data?: unknown;
}

// What a card carries besides what it shows; `refresh` is no button.
const NOT_SHOWN = new Set(['refresh', 'data', 'msteams', 'authentication', 'metadata']);
const PRESSABLE = new Set(['Action.Execute', 'Action.Submit']);

/** Reads the action of a press; throws when it is none that reaches a bot. */
export function readAction(value: unknown): PressedAction {
  const { type, id, title, verb, data } = record(value);
  if (!PRESSABLE.has(text(type))) throw new HttpError(400, 'BadSyntax', 'Only Action.Execute and Action.Submit reach the bot.');
  return {
    type: text(type),
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof verb === 'string' ? { verb } : {}),
    ...(data === undefined ? {} : { data }),
  };
}

/** Whether one of the cards has this button, and inputs for all that was typed. */
export function hasButton(cards: readonly Card[], action: PressedAction, inputs: Json): boolean {
  return cards.some((card) => {
    const ids = new Set(inputIds(card));
    if (!Object.keys(inputs).every((id) => ids.has(id))) return false;
    return [...parts(card)].some((part) => PRESSABLE.has(text(part['type'])) && part['isEnabled'] !== false && isSame(part, action, ids));
  });
}

/** Every object a card shows, hidden and fallback ones included: an older client shows those. */
function* parts(value: unknown): Generator<Json> {
  if (Array.isArray(value)) {
    for (const item of value) yield* parts(item);
  } else if (typeof value === 'object' && value !== null) {
    yield value as Json;
    for (const [key, item] of Object.entries(value)) if (!NOT_SHOWN.has(key)) yield* parts(item);
  }
}

function* inputIds(card: Card): Generator<string> {
  for (const part of parts(card)) if (text(part['type']).startsWith('Input.') && text(part['id'])) yield text(part['id']);
}

function isSame(button: Json, action: PressedAction, ids: ReadonlySet<string>): boolean {
  const given = (['id', 'title'] as const).every((key) => action[key] === undefined || action[key] === button[key]);
  return given && button['type'] === action.type && button['verb'] === action.verb && isSameData(button['data'], action.data, ids);
}

// A client merges what was typed into the data, so a key that is an input's may be there, or differ.
function isSameData(own: unknown, sent: unknown, ids: ReadonlySet<string>): boolean {
  if (typeof own === 'string' || typeof sent === 'string') return own === sent;
  const without = (data: unknown): Json => Object.fromEntries(Object.entries(record(data)).filter(([key]) => !ids.has(key)));
  return isDeepStrictEqual(without(own), without(sent));
}
