import type { CardVerb } from '../../cards/verbs.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Person } from '../../core/person.ts';
import type { RenderedCard } from '../../core/ports.ts';

/** As many people as Teams fetches a view of their own for by itself. */
const MOST_PEOPLE = 60;

/** Lets Teams fetch each person's own view when it shows them the card. */
export function withRefresh(card: RenderedCard, verb: CardVerb, data: JsonObject, people: readonly Person[]): RenderedCard {
  const userIds = people.flatMap(({ memberId }) => (memberId === null ? [] : [memberId])).slice(0, MOST_PEOPLE);
  if (userIds.length === 0) return card;
  const action = { type: 'Action.Execute', title: 'Refresh', verb, data };
  return { ...card, card: { ...card.card, refresh: { action, userIds } } };
}
