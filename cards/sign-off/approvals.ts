import type { Frame } from '../frame.ts';
import { name, sentence } from '../plain.ts';
import type { Mark } from '../words.ts';
import { date, list, moment } from '../words.ts';
import { decisionOf } from './standing.ts';
import type { SignOffApprover, SignOffOwners, SignOffView } from './view.ts';

/** One who may sign, or several of whom one has to. */
export interface SignerLine {
  readonly who: string;
  readonly role: string;
  readonly decision: Mark & { readonly note: string };
}

/** Approvers, then alternates with when they are asked, then owners of the machines. */
export function signerLines(view: SignOffView, frame: Frame): readonly SignerLine[] {
  return [
    ...view.approvers.map((approver) => ({
      who: name(approver.name),
      role: name(approver.role),
      decision: decisionOf(view, approver, frame),
    })),
    ...view.alternates.map((alternate) => ({
      who: name(alternate.name),
      role: `${name(alternate.role)}, alternate`,
      decision: alternateDecision(view, alternate, frame),
    })),
    ...view.owners.map((owners) => ({
      who: `Owner of ${name(owners.value)}`,
      role: list(owners.people.map((person) => name(person.name))),
      decision: ownersDecision(view, owners, frame),
    })),
  ];
}

function alternateDecision(view: SignOffView, alternate: SignOffApprover, frame: Frame): SignerLine['decision'] {
  const decision = decisionOf(view, alternate, frame);
  if (alternate.votedAt !== null || view.state !== 'pending' || frame.now >= view.alternatesAt) return decision;
  const note = [`asked ${moment(view.alternatesAt, frame)}`, decision.note].filter(Boolean).join('. ');
  return { glyph: '–', word: 'Not asked yet', colour: 'default', note };
}

function ownersDecision(view: SignOffView, { people }: SignOffOwners, frame: Frame): SignerLine['decision'] {
  const signed = people.find(({ votedAt }) => votedAt !== null);
  if (signed) {
    const counts = view.state === 'pending' || view.state === 'approved';
    const note = sentence(`${name(signed.name)}, ${date(signed.votedAt as number, frame)}${counts ? '' : ', no longer counts'}`);
    return { glyph: '✔', word: 'Approved', colour: counts ? 'good' : 'default', note };
  }
  if (view.state === 'pending') return { glyph: '○', word: 'Pending', colour: 'default', note: people.length > 1 ? 'one of them' : '' };
  return { glyph: '–', word: 'Did not sign', colour: 'default', note: '' };
}
