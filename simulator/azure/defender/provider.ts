import { deviceRoutes } from '../graph-api/devices.ts';
import { createEnrolment } from '../graph-api/enrolment.ts';
import { groupRoutes } from '../graph-api/groups.ts';
import { createMemberships } from '../graph-api/memberships.ts';
import { policyRoutes } from '../graph-api/policies.ts';
import { createPolicyDelivery } from '../graph-api/policy-delivery.ts';
import type { Provider, ProviderContext } from '../provider.ts';
import { observe } from './histories.ts';
import { huntingRoutes } from './hunting.ts';
import { machineRoutes } from './machines.ts';
import { createOffboarding } from './offboarding.ts';

const MINUTE = 60_000;
const KIND = 'sensors-report';
const LISTENS_EVERY_MINUTES = 5;

export interface DefenderProvider extends Provider {
  /** Takes in what the sensors tell and plans what follows from it. */
  follow: () => void;
}

/** Defender for Endpoint, and the parts of Graph that live on the devices it manages. */
export function createDefender({ store, agenda, seed, baseUrl }: ProviderContext): DefenderProvider {
  const enrolment = createEnrolment(store, agenda, seed, follow);
  const memberships = createMemberships(store, agenda, seed, follow);
  const delivery = createPolicyDelivery(store, agenda, seed);
  const offboarding = createOffboarding(store, agenda, seed, baseUrl);
  let followed = -1;

  // Nothing follows from a state that has not changed; what comes with time alone is in the agenda.
  function follow(): void {
    if (store.version() === followed) return;
    const { estate, defender } = store.state;
    const aadDeviceIds = new Map(estate.directory.devices.map(({ machineId, deviceId }) => [machineId ?? '', deviceId]));
    if (observe(defender.histories, estate.machines, aadDeviceIds, store.clock.now())) store.touch();
    for (const part of [enrolment, memberships, delivery, offboarding]) part.plan();
    followed = store.version();
  }
  function listens(): void {
    follow();
    agenda.schedule({ at: store.clock.now() + LISTENS_EVERY_MINUTES * MINUTE, kind: KIND, subject: '' });
  }
  if (!store.state.agenda.some(({ kind }) => kind === KIND)) {
    agenda.schedule({ at: store.clock.now() + LISTENS_EVERY_MINUTES * MINUTE, kind: KIND, subject: '' });
  }
  return {
    routes: [
      ...huntingRoutes({ store, follow, baseUrl }),
      ...machineRoutes(store, follow, baseUrl, offboarding),
      ...deviceRoutes(store, follow, baseUrl),
      ...groupRoutes(store, seed, follow, baseUrl),
      ...policyRoutes(store, seed, follow, baseUrl),
    ],
    due: { [KIND]: listens, ...enrolment.due, ...memberships.due, ...delivery.due, ...offboarding.due },
    follow,
  };
}
