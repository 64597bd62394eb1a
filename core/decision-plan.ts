import type { Decides } from './decides.ts';
import type { Instant } from './instant.ts';
import { HOUR } from './instant.ts';
import type { Migration } from './migration.ts';
import type { Outcome } from './outcome.ts';
import { ok } from './outcome.ts';
import type { PersonKey } from './person.ts';
import type { PhaseId } from './phase.ts';
import type { Plan, Signers } from './plan.ts';
import { EXECUTOR } from './plan.ts';
import { signersOf } from './plan-signers.ts';
import type { Scope } from './scope.ts';
import { ACCEPTANCE } from './signers.ts';

/** Who asks when the bot itself does: no person has this id. */
export const GREENLIGHT = {
  objectId: '00000000-0000-0000-0000-000000000000',
  tenantId: '00000000-0000-0000-0000-000000000000',
  name: 'Greenlight',
} as const;

export interface DecisionRequest {
  readonly decides: Decides;
  readonly title: string;
  /** One sentence for the signers: what holds once it is signed. */
  readonly effect: string;
  /** Who and how much it concerns, in words. */
  readonly blastRadius: string;
  readonly undoWords: string;
  readonly phase: PhaseId;
  readonly scope: Scope;
  readonly requestedBy: PersonKey & { readonly name: string };
  readonly planId: string;
  readonly now: Instant;
  readonly ticket: string | null;
}

/** A plan without calls: what is signed is a decision. It goes through the very same sign-off, and takes effect when a run would begin. */
export function makeDecisionPlan(request: DecisionRequest, migration: Migration): Outcome<Plan> {
  const { decides, now } = request;
  const signers =
    decides.kind === 'accept-file' ? ok(acceptors(migration, now)) : signersOf(migration, 'reversible', [], request.requestedBy, now);
  if (signers.kind !== 'ok') return signers;
  return ok({
    schema: 'greenlight/plan/v1',
    id: request.planId,
    executor: EXECUTOR,
    migration: { id: migration.id, fileHash: migration.fileHash },
    channel: migration.channel,
    action: decides.kind,
    class: 'reversible',
    title: request.title,
    phase: request.phase,
    requestedBy: request.requestedBy,
    requestedAt: now,
    ticket: request.ticket,
    scope: request.scope,
    follows: null,
    effect: request.effect,
    blastRadius: request.blastRadius,
    undoWords: request.undoWords,
    makeSafeWords: 'Nothing has to be made safe, because nothing is changed in Azure.',
    tidies: false,
    finalWords: 'None, because nothing is changed in Azure.',
    scripts: [],
    targets: [],
    leftOut: [],
    waves: [],
    limits: { concurrency: 1, stopAfterFailures: 1, maxFailedShare: 1, maxDroppedShare: 1, soakMinutes: 0 },
    window: null,
    estimateMinutes: 0,
    signers: signers.value,
    expiresAt: now + migration.signOff.reversible.expiryHours * HOUR,
    graceSeconds: migration.graceMinutes * 60,
    standing: null,
    decides,
  });
}

/** The approvers of the file that counts until then. */
function acceptors({ approvers, alternates }: Migration, now: Instant): Signers {
  const alternatesAt = now + alternates.afterHours * HOUR;
  return { ...ACCEPTANCE, typeCount: false, approvers, alternates: alternates.people, alternatesAt, owners: [] };
}
