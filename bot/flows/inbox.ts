import type { Person } from '../../core/person.ts';
import type { OutgoingMessage, RenderedCard } from '../../core/ports.ts';

/** A message that mentioned the bot, freed of everything Teams-specific. */
export interface Said {
  /** What was typed, without the mention. */
  readonly text: string;
  /** Who typed it. `isGuest` is true also when the roster could not confirm that they are a member. */
  readonly person: Person;
  /** Teams' id of the message: a redelivery bears the same one. */
  readonly activityId: string;
  /** The message that starts the thread it stands in: replies go there. */
  readonly threadId: string;
}

/** A button pressed on a card, or a card's refresh. */
export interface Press {
  readonly verb: string;
  /** What the button carried, inputs merged in. Comes from the client: nothing in it is believed. */
  readonly data: unknown;
  readonly person: Person;
  /** The message that holds the card; null when Teams did not say. */
  readonly activityId: string | null;
  /** True when the client refreshed by itself. */
  readonly automatic: boolean;
}

/** `card` replaces the card for this person only; `message` is a short notice; `unknown` means no such button. */
export type PressReply =
  | { readonly kind: 'card'; readonly card: RenderedCard }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'unknown' };

/** Where everything from the channel ends: bot/teams calls it, flows answer. */
export interface Inbox {
  /** The answer to post in the thread; null when there is nothing to say (a redelivery). */
  said(said: Said): Promise<OutgoingMessage | null>;
  pressed(press: Press): Promise<PressReply>;
  /** What the channel sees when something broke: a sentence and a reference, never a stack. */
  broke(reference: string): OutgoingMessage;
}
