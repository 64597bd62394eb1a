import type { Migration } from '../../../core/migration.ts';
import { UNASSIGNED } from '../../../core/migration.ts';
import type { PhaseId } from '../../../core/phase.ts';
import { phases } from '../../../core/phase.ts';
import type { Scope } from '../../../core/scope.ts';
import { ringCalled } from '../ring-called.ts';

/** What a living checklist is about. */
export interface Living {
  readonly phase: PhaseId;
  /** Null for all rings. */
  readonly ring: string | null;
}

/** The key of its card: `checklist:prepare`, `checklist:prepare:canary`. */
export function livingKey({ phase, ring }: Living): string {
  return ring === null ? `checklist:${phase}` : `checklist:${phase}:${ring}`;
}

/** Every checklist that can be kept up to date by the rings there are. */
export function everyLiving(migration: Pick<Migration, 'rings'>): readonly Living[] {
  const rings = [null, ...migration.rings.map(({ name }) => name), UNASSIGNED];
  return phases.flatMap((phase) => rings.map((ring) => ({ phase, ring })));
}

/** The checklist of this key; null for a ring there is none of any more. */
export function livingOf(migration: Pick<Migration, 'rings'>, key: string): Living | null {
  return everyLiving(migration).find((living) => livingKey(living) === key) ?? null;
}

/** The living checklist that shows a scope; null where that is narrowed by more than a ring. */
export function livingFor(migration: Pick<Migration, 'rings'>, phase: PhaseId, scope: Scope): Living | null {
  const { ring, ...others } = scope;
  if (Object.values(others).some((part) => part !== undefined)) return null;
  if (ring === undefined) return { phase, ring: null };
  const called = ringCalled(migration, ring);
  return called === null ? null : { phase, ring: called };
}
