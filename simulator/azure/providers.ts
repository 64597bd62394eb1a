import { createPlatform } from './platform.ts';
import type { Provider, ProviderContext } from './provider.ts';
import { machineRoutes } from './routes/machines.ts';
import { operationRoutes } from './routes/operations.ts';
import { policyRoutes } from './routes/policy.ts';
import { runCommandRoutes } from './routes/run-commands.ts';
import { securityRoutes } from './routes/security.ts';
import { subscriptionRoutes } from './routes/subscriptions.ts';
import { createRunCommandQueue } from './run-command-queue.ts';

export interface Providers {
  all: readonly Provider[];
  /** Looks at the whole estate and plans what follows from it. */
  review: () => void;
}

/** Every provider of the pretend Azure but Resource Graph, which reads them all. */
export function createProviders(context: ProviderContext): Providers {
  const { store, agenda, extensions, seed, baseUrl } = context;
  const platform = createPlatform(store, agenda, extensions, seed);
  const queue = createRunCommandQueue(store, agenda, seed);
  const machines = (['vm', 'arc'] as const).flatMap((kind) => [
    ...machineRoutes(store, kind),
    ...runCommandRoutes({ store, queue, baseUrl }, kind),
  ]);
  return {
    all: [
      { routes: subscriptionRoutes(store) },
      { routes: securityRoutes(store, platform), due: platform.due },
      { routes: policyRoutes(store) },
      { routes: machines, due: { ...queue.due, ...extensions.due } },
      { routes: operationRoutes(store) },
    ],
    review: platform.review,
  };
}
