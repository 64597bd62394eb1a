import type { JsonObject } from '../../core/json.ts';
import type { Button } from '../button.ts';
import { button } from '../button.ts';
import type { Frame } from '../frame.ts';
import { isLive } from './standing.ts';
import { MOST_NAMED } from './targets.ts';
import type { SignOffPersonal, SignOffView } from './view.ts';

type Personal = Pick<Button, 'verb' | 'title' | 'tooltip'> & Partial<Pick<Button, 'style' | 'inputs'>>;

const APPROVE: Personal = {
  verb: 'sign-off.approve',
  title: 'Approve',
  tooltip: 'Sign this plan, exactly as shown',
  style: 'positive',
  inputs: true,
};

const PERSONAL: Readonly<Record<SignOffPersonal['may'], readonly Personal[]>> = {
  decide: [
    APPROVE,
    {
      verb: 'sign-off.reject',
      title: 'Reject…',
      tooltip: 'End this plan; write the reason in the comment',
      style: 'destructive',
      inputs: true,
    },
  ],
  sign: [APPROVE],
  'take-back': [{ verb: 'sign-off.take-back', title: 'Take back', tooltip: 'Take back your approval of this plan', style: 'destructive' }],
  withdraw: [{ verb: 'sign-off.withdraw', title: 'Withdraw', tooltip: 'Withdraw your request; nothing will run', style: 'destructive' }],
  look: [],
};

const HOLD: Personal = {
  verb: 'sign-off.hold',
  title: 'Hold out…',
  tooltip: 'Keep the chosen machine out of this plan; write the reason in the comment',
  inputs: true,
};

/** Everyone gets a way to their own view; only a fresh own view carries deciding buttons; nothing that ended carries any. */
export function signOffButtons(view: SignOffView, frame: Frame): JsonObject[] {
  if (!isLive(view, frame)) return [];
  return [...deciding(view), ...(view.targets.length > MOST_NAMED ? [allTargets(view)] : [])];
}

/** The buttons but for the one that only lists the machines. */
export function deciding(view: SignOffView): JsonObject[] {
  const { personal } = view;
  if (personal === null) {
    const tooltip = `See what you can do about ${view.id}; only you see it`;
    return [button({ verb: 'sign-off.view', title: 'Open my view', tooltip, data: { id: view.hash } })];
  }
  if (personal.nonce === null) return [];
  const data = { id: view.hash, revision: view.revision, nonce: personal.nonce };
  const rows = [...PERSONAL[personal.may], ...(personal.holdable.length > 0 ? [HOLD] : [])];
  return rows.map((row) => button({ ...row, data }));
}

function allTargets({ id, hash }: SignOffView): JsonObject {
  const tooltip = `Every machine of ${id}, page by page`;
  return button({ verb: 'sign-off.targets', title: 'All machines', tooltip, data: { id: hash, page: 1 } });
}
