import type { JsonObject } from '../../core/json.ts';
import { plain } from '../plain.ts';
import type { SignOffView } from './view.ts';

/** A list longer than this is typed into instead. */
export const MOST_CHOICES = 100;

/** The fields of a person's own view: a comment, the number of targets where it is asked for, and a machine to hold out. */
export function inputs({ personal }: SignOffView, hasButtons: boolean, choices: number): JsonObject {
  const signs = hasButtons && (personal?.may === 'decide' || personal?.may === 'sign');
  const holdable = hasButtons ? (personal?.holdable ?? []) : [];
  const listed = holdable.length > 0 && holdable.length <= choices;
  return {
    hasTyped: signs && Boolean(personal?.typeCount),
    hasChoices: listed,
    choices: listed ? holdable.map(({ value, name }) => ({ title: plain(name, 80) || '(no name)', value })) : [],
    hasHoldName: holdable.length > 0 && !listed,
    hasComment: signs || holdable.length > 0,
    commentLabel: labelOf(personal?.may === 'decide', holdable.length > 0),
    comment: hasButtons ? plain(personal?.comment ?? '', 500) : '',
  };
}

function labelOf(rejects: boolean, holds: boolean): string {
  const required = [...(rejects ? ['to reject'] : []), ...(holds ? ['to hold a machine out'] : [])].join(' and ');
  return `Comment (${required === '' ? '' : `required ${required}, `}kept in the ledger)`;
}
