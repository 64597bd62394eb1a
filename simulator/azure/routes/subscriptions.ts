import type { Subscription } from '../../estates/estate.ts';
import { type ArmRoute, ok } from '../arm-route.ts';
import { isAllowed } from '../authorization.ts';
import type { Store } from '../state.ts';
import { subscriptionOf } from './scope.ts';

const VERSIONS = ['2016-06-01', '2019-06-01', '2019-11-01', '2020-01-01', '2021-01-01', '2022-12-01'];
const READ = 'Microsoft.Resources/subscriptions/read';

export function subscriptionRoutes(store: Store): ArmRoute[] {
  const shape = ({ id, name }: Subscription) => ({
    id: `/subscriptions/${id}`,
    subscriptionId: id,
    tenantId: store.state.estate.tenantId,
    displayName: name,
    state: 'Enabled',
    subscriptionPolicies: { locationPlacementId: 'Internal_2014-09-01', quotaId: 'EnterpriseAgreement_2014-09-01', spendingLimit: 'Off' },
    authorizationSource: 'RoleBased',
  });
  return [
    {
      method: 'GET',
      path: '/subscriptions',
      action: null,
      versions: VERSIONS,
      run: ({ identity }) => {
        const value = store.state.estate.subscriptions.filter(({ id }) => isAllowed(identity, READ, `/subscriptions/${id}`)).map(shape);
        return ok({ value, count: { type: 'Total', value: value.length } });
      },
    },
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}',
      action: READ,
      versions: VERSIONS,
      run: ({ params }) => ok(shape(subscriptionOf(store, params))),
    },
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}/resourceGroups',
      action: 'Microsoft.Resources/subscriptions/resourceGroups/read',
      versions: [...VERSIONS, '2021-04-01'],
      run: ({ params }) => {
        const subscription = subscriptionOf(store, params);
        const value = subscription.resourceGroups.map(({ name, location, tags }) => ({
          id: `/subscriptions/${subscription.id}/resourceGroups/${name}`,
          name,
          type: 'Microsoft.Resources/resourceGroups',
          location,
          tags,
          properties: { provisioningState: 'Succeeded' },
        }));
        return ok({ value });
      },
    },
  ];
}
