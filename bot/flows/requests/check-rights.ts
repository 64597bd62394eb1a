import type { Action } from '../../../core/action.ts';
import { neededRights } from '../../../core/needed-rights.ts';
import type { Refused } from '../../../core/outcome.ts';
import { refused } from '../../../core/outcome.ts';
import type { PlanTarget } from '../../../core/plan.ts';
import type { LackingRights } from '../../../core/ports.ts';
import type { Context } from '../context.ts';

/** How many places, and how many operations, are named; the rest is counted. */
const MOST_PLACES = 3;
const MOST_OPERATIONS = 2;

/** Why nothing may be planned for these targets: the writer identity lacks a right that their calls need, or its rights cannot be told. Null when it has all. */
export async function checkRights(context: Context, { permissions }: Action, targets: readonly PlanTarget[]): Promise<Refused | null> {
  const lacking = await context.rights.lacking(neededRights(targets, permissions));
  if (lacking.state === 'unread') return refused('rights-unread', `No plan was made, because ${lacking.reason}.`, lacking.fix);
  return lacking.value.length === 0 ? null : missing(lacking.value);
}

function missing(lacking: readonly LackingRights[]): Refused {
  const operations = [...new Set(lacking.flatMap((one) => one.operations))].toSorted();
  const places = lacking.map(({ where, targets }) => `${where} (${targets} ${targets === 1 ? 'target' : 'targets'})`);
  const because = `No plan was made, because the writer identity lacks ${some(operations, MOST_OPERATIONS)} in ${some(places, MOST_PLACES)}.`;
  const shown = lacking.slice(0, MOST_PLACES);
  return refused(
    'missing-role',
    because,
    nextFor(shown, lacking.length - shown.length),
    shown.flatMap(({ commands }) => commands),
  );
}

function nextFor(shown: readonly LackingRights[], more: number): string {
  const custom = shown.some((one) => one.custom.length > 0);
  return [
    'Have somebody who may assign roles there run this, and ask again.',
    custom ? 'Where no built-in role is fit, it makes one with exactly these operations.' : '',
    more === 0 ? '' : `What ${more} more ${more === 1 ? 'place lacks' : 'places lack'} is said when these are done.`,
  ]
    .filter((words) => words !== '')
    .join(' ');
}

/** `a, b and 2 more`. */
function some(names: readonly string[], most: number): string {
  const beyond = names.length - most;
  const parts = beyond > 0 ? [...names.slice(0, most), `${beyond} more`] : names;
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
