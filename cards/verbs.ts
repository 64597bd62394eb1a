/** Every verb a button of a card can carry. */
export const cardVerbs = [
  'checklist.details',
  'checklist.filter',
  'checklist.post',
  'checklist.refresh',
  'action.request',
  'attestation.offer',
  'attestation.give',
  'attestation.view',
  'attestation.take-back',
  'sign-off.view',
  'sign-off.approve',
  'sign-off.reject',
  'sign-off.take-back',
  'sign-off.withdraw',
  'sign-off.hold',
  'sign-off.targets',
  'run.stop',
  'run.refresh',
  'run.rest',
  'run.undo',
] as const;
export type CardVerb = (typeof cardVerbs)[number];
