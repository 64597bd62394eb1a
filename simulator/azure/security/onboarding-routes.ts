import { ArmError } from '../arm-error.ts';
import { type ArmRoute, ok } from '../arm-route.ts';
import { subscriptionOf } from '../routes/scope.ts';
import type { Store } from '../state.ts';
import type { OnboardingPackages } from './onboarding-packages.ts';

const versions = ['2021-10-01-preview'];
const action = 'Microsoft.Security/mdeOnboardings/read';
const ONBOARDINGS = '/subscriptions/{subscriptionId}/providers/Microsoft.Security/mdeOnboardings';

/** The onboarding packages of the tenant. */
export function onboardingRoutes(store: Store, packages: OnboardingPackages): ArmRoute[] {
  return [
    {
      method: 'GET',
      path: ONBOARDINGS,
      action,
      versions,
      run: ({ params }) => ok({ value: packages.list(subscriptionOf(store, params).id) }),
    },
    {
      method: 'GET',
      path: `${ONBOARDINGS}/{onboarding}`,
      action,
      versions,
      run({ params }) {
        const name = params['onboarding'] ?? '';
        const found = packages.find(subscriptionOf(store, params).id, name);
        if (!found) throw new ArmError(404, 'ResourceNotFound', `The MDE onboarding '${name}' was not found.`);
        return ok(found);
      },
    },
  ];
}
