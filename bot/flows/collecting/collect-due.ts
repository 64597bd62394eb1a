import type { CollectedKind } from '../../../core/evidence.ts';
import type { Context } from '../context.ts';
import { isDue } from './freshness.ts';
import type { Readings } from './readings.ts';

/** Begins the reading of every kind of evidence whose time has come, by its own cadence; does not wait for it. */
export async function collectDue(context: Context, readings: Readings): Promise<void> {
  const statuses = await context.store.transact((tx) => tx.collections());
  const byKind = new Map(statuses.map((status) => [status.kind, status]));
  const now = context.clock.now();
  for (const kind of Object.keys(context.collectors) as CollectedKind[]) {
    if (isDue(kind, byKind.get(kind), now, context.inForce.since ?? 0)) readings.begin(kind);
  }
}
