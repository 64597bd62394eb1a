import type { AttestationStage, AttestationView } from '../../../cards/attestation/data.ts';
import type { Attestation } from '../../../core/attestation.ts';
import type { Scope } from '../../../core/scope.ts';
import { scopeWords } from '../../../core/scope.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { AnyStep } from '../../../core/step.ts';

/** A person's word for a step at one of its stages. */
export function attestationView(
  row: AnyStep,
  said: Pick<Attestation, 'scope' | 'until'> & { readonly statement: string },
  subscriptions: Snapshot['subscriptions'],
  stage: AttestationStage,
): AttestationView {
  const { scope, until, statement } = said;
  return { phase: row.phase, stepId: row.id, title: row.title, statement, scope: attestedScope(scope, subscriptions), until, stage };
}

/** A scope in words; subscriptions are kept by id and called by name. */
export function attestedScope(scope: Scope, subscriptions: Snapshot['subscriptions']): string {
  const { subscription } = scope;
  if (subscription === undefined) return scopeWords(scope);
  const called = subscriptions.find(({ id }) => id === subscription)?.name ?? subscription;
  return scopeWords({ ...scope, subscription: called });
}
