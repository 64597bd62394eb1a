import type { JsonObject } from '../../core/json.ts';
import type { Button } from '../button.ts';
import { button } from '../button.ts';
import type { Frame } from '../frame.ts';
import { isLive } from './standing.ts';
import type { SignOffPersonal, SignOffView } from './view.ts';

type Personal = Pick<Button, 'verb' | 'title' | 'tooltip'> & Partial<Pick<Button, 'style' | 'inputs'>>;

const PERSONAL: Readonly<Record<SignOffPersonal['may'], readonly Personal[]>> = {
  decide: [
    { verb: 'sign-off.approve', title: 'Approve', tooltip: 'Sign this plan, exactly as shown', style: 'positive', inputs: true },
    {
      verb: 'sign-off.reject',
      title: 'Reject…',
      tooltip: 'End this plan; write the reason in the comment',
      style: 'destructive',
      inputs: true,
    },
  ],
  'take-back': [{ verb: 'sign-off.take-back', title: 'Take back', tooltip: 'Take back your approval of this plan', style: 'destructive' }],
  withdraw: [{ verb: 'sign-off.withdraw', title: 'Withdraw', tooltip: 'Withdraw your request; nothing will run', style: 'destructive' }],
  look: [],
};

/** Everyone gets a way to their own view; only a fresh own view carries deciding buttons; nothing that ended carries any. */
export function signOffButtons(view: SignOffView, frame: Frame): JsonObject[] {
  if (!isLive(view, frame)) return [];
  const { personal } = view;
  if (personal === null) {
    const tooltip = `See what you can do about ${view.id}; only you see it`;
    return [button({ verb: 'sign-off.view', title: 'Open my view', tooltip, data: { id: view.hash } })];
  }
  if (personal.nonce === null) return [];
  const data = { id: view.hash, revision: view.revision, nonce: personal.nonce };
  return PERSONAL[personal.may].map((row) => button({ ...row, data }));
}
