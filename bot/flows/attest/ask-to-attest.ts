import { attestationCard } from '../../../cards/attestation/data.ts';
import { attesterNames, attestScope, heldUntil, mayAttest } from '../../../core/attesting.ts';
import type { Refused } from '../../../core/outcome.ts';
import type { Person } from '../../../core/person.ts';
import type { RenderedCard } from '../../../core/ports.ts';
import type { Scope } from '../../../core/scope.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { notice } from '../notice.ts';
import { ledgerDenied } from '../sign-off/decide-sign-off.ts';
import { loadSnapshot } from '../snapshot.ts';
import { attestationView } from '../views/attestation.ts';
import { withRefresh } from '../with-refresh.ts';
import { attestableStep } from './attestable-step.ts';
import { takeLink } from './proof-link.ts';

/** What somebody typed to vouch for a step. */
export interface AttestWords {
  readonly step: string | null;
  readonly scope: Scope;
  /** What stands behind “because”, and maybe a link. */
  readonly reason: string;
  readonly person: Person;
}

/** Answers a sentence that wants to vouch for a step: a card that opens the asker's own view. Words alone record nothing but a denial. */
export async function askToAttest(context: Context, { step, scope, reason, person }: AttestWords): Promise<RenderedCard> {
  const found = attestableStep(context, step ?? '');
  if (found.kind !== 'ok') return refusal(context, found as Refused);
  const { row, attestable } = found.value;
  const no = mayAttest(context.migration, row.id, person);
  if (no) {
    await context.store.transact((tx) => ledgerDenied(context, tx, person, row.id, no.code, 'attest'));
    return refusal(context, no);
  }
  const snapshot = await loadSnapshot(context);
  const about = attestScope(row, scope, context.migration, snapshot);
  if (about.kind !== 'ok') return refusal(context, about as Refused);
  const { note, link } = takeLink(reason);
  const data = { step: row.id, ...about.value, ...(note === '' ? {} : { note }), ...(link === '' ? {} : { link }) };
  const said = { scope: about.value, until: heldUntil(attestable, context.clock.now(), context.zone), statement: attestable.statement };
  const stage = { kind: 'asked', by: person.name, attesters: attesterNames(context.migration, row.id), data } as const;
  const card = attestationCard(attestationView(row, said, snapshot.subscriptions, stage), frameOf(context));
  return withRefresh(card, 'attestation.offer', data, [person]);
}

function refusal(context: Context, { because, next }: Refused): RenderedCard {
  return notice(context, 'refused', because, next);
}
