/** Every verb a button of a card can carry. */
export const cardVerbs = [
  'checklist.details',
  'checklist.post',
  'checklist.refresh',
  'action.request',
  'sign-off.view',
  'sign-off.approve',
  'sign-off.reject',
  'sign-off.take-back',
  'sign-off.withdraw',
  'run.stop',
  'run.refresh',
] as const;
export type CardVerb = (typeof cardVerbs)[number];
