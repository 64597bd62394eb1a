import { plain } from '../plain.ts';
import { count, list } from '../words.ts';
import type { SignOffView } from './view.ts';

/** What the words need of a plan and its signers. */
interface Asked extends Pick<SignOffView, 'missing' | 'distinctRoles'> {
  readonly approvers: readonly { readonly role: string }[];
  readonly alternates: readonly { readonly role: string }[];
}

/** What is still missing before the plan is signed, one phrase each: `1 more signature, from another role than Change manager`. */
export function missingWords(view: Asked): readonly string[] {
  const roles = view.missing.find((item) => item.kind === 'roles');
  const signatures = view.missing.find((item) => item.kind === 'signatures');
  const owners = view.missing.flatMap((item) => (item.kind === 'owner' ? [`a signature of ${ownerWords(item.value)}`] : []));
  const wanted = roles ? otherRoles(view, roles.have, roles.need - roles.have.length) : severalRoles(view);
  if (signatures) {
    const one = signatures.count > 1 && roles ? ', among them one' : ',';
    return [`${count(signatures.count, 'more signature')}${wanted === '' ? '' : `${one} ${wanted}`}`, ...owners];
  }
  return [...(roles ? [`a signature ${wanted}`] : []), ...owners];
}

/** Those who answer for the machines with one owner tag. */
export function ownerWords(value: string): string {
  return `an owner of ${plain(value, 60)}`;
}

function severalRoles({ distinctRoles }: Asked): string {
  return distinctRoles > 1 ? `from ${distinctRoles} different roles` : '';
}

/** Roles are compared in lower case, and shown as the migration file spells them. */
function otherRoles(view: Asked, have: readonly string[], more: number): string {
  const spelt = [...view.approvers, ...view.alternates].map(({ role }) => role.trim());
  const names = have.map((role) => plain(spelt.find((one) => one.toLowerCase() === role) ?? role, 60));
  return more > 1 ? `from ${more} other roles than ${list(names)}` : `from another role than ${list(names)}`;
}
