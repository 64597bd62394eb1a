import { createAgenda } from '../../../../simulator/azure/agenda.ts';
import { createDailyLife } from '../../../../simulator/azure/machines/daily-life.ts';
import { createExtensions } from '../../../../simulator/azure/machines/extensions.ts';
import { type AzureState, createStore, emptyState } from '../../../../simulator/azure/state.ts';
import { createVirtualClock } from '../../../../simulator/clock.ts';
import { parseEstate } from '../../../../simulator/estates/estate.ts';
import type { Machine } from '../../../../simulator/estates/machine.ts';
import { MANAGEMENT_GROUP, SUBSCRIPTIONS } from '../../../../simulator/estates/sample-frame.ts';
import { MINUTE, NOW } from './server.ts';

/** Machines living on a clock of their own, from `state` if it is a restart. */
export function world(machines: Machine[], saved?: { state: AzureState; now: number }) {
  const clock = createVirtualClock(saved?.now ?? NOW, { rate: 0 });
  const base = { name: 'own', tenantId: SUBSCRIPTIONS.prod, managementGroup: { id: MANAGEMENT_GROUP, name: 'MG' } };
  const state = saved?.state ?? emptyState(parseEstate({ ...base, subscriptions: [{ id: SUBSCRIPTIONS.prod, name: 'p' }], machines }));
  const store = createStore(state, clock, () => undefined);
  const agenda = createAgenda(clock, state.agenda);
  const extensions = createExtensions(store, agenda, 7);
  const life = createDailyLife(store, agenda);
  agenda.open({ ...extensions.due, ...life.due });
  life.review();
  return {
    clock,
    state,
    extensions,
    agenda,
    review: life.review,
    machine: state.estate.machines[0]!,
    wait: (minutes: number) => clock.move({ advanceSeconds: (minutes * MINUTE) / 1_000 }),
    /** The same machines after the process ended and began again. */
    restarted: () => world([], { state: structuredClone(state), now: clock.now() }),
  };
}
