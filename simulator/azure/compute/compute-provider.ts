import type { Provider, ProviderContext } from '../provider.ts';
import { machineRoutes } from '../routes/machines.ts';
import { operationRoutes } from '../routes/operations.ts';
import { runCommandRoutes } from '../routes/run-commands.ts';
import { createRunCommandQueue } from '../run-command-queue.ts';
import { availabilitySetRoutes, availabilitySetRows } from './availability-sets.ts';
import { extensionRoutes } from './extension-routes.ts';
import { createExtensionRuns } from './extension-runs.ts';
import { createGuestRestarts } from './guest-restarts.ts';
import { createMachineConfiguration, machineConfigurationRows } from './machine-configuration.ts';
import { assignmentRows, maintenanceConfigurationRows, maintenanceRoutes } from './maintenance.ts';
import { createOperations } from './operations.ts';
import { patchRoutes } from './patch-routes.ts';
import { assessmentRows, installationRows } from './patch-rows.ts';
import { createPatchRuns } from './patch-runs.ts';
import { createPeriodicAssessment } from './periodic-assessment.ts';
import { createRestarts } from './restart-runs.ts';

/** Virtual machines and Arc machines with what can be asked of them, Update Manager, maintenance and machine configuration. */
export function createComputeProvider({ store, agenda, extensions, seed, baseUrl }: ProviderContext): Provider {
  const operations = createOperations(store, seed, baseUrl);
  const queue = createRunCommandQueue(store, agenda, operations, createGuestRestarts(store, agenda, seed), seed);
  const runs = createExtensionRuns(store, agenda, extensions, operations);
  const patches = createPatchRuns({ store, agenda, operations, seed, onRestart: queue.interrupt });
  const restarts = createRestarts({ store, agenda, operations, queue, seed });
  const each = (['vm', 'arc'] as const).flatMap((kind) => [
    ...machineRoutes(store, kind),
    ...runCommandRoutes({ store, queue, operations }, kind),
    ...extensionRoutes({ store, extensions, runs, operations }, kind),
    ...patchRoutes(store, patches, operations, kind),
  ]);
  return {
    routes: [...each, ...restarts.routes, ...operationRoutes(store), ...availabilitySetRoutes(store), ...maintenanceRoutes(store)],
    due: {
      ...queue.due,
      ...extensions.due,
      ...runs.due,
      ...patches.due,
      ...restarts.due,
      ...createPeriodicAssessment(store, agenda, seed),
      ...createMachineConfiguration(store, agenda, seed),
    },
    rows: {
      resources: () => [...availabilitySetRows(store), ...maintenanceConfigurationRows(store)],
      maintenanceresources: () => assignmentRows(store),
    },
    machineRows: {
      patchassessmentresources: (machine) => assessmentRows(store, machine),
      patchinstallationresources: (machine) => installationRows(store, machine),
      guestconfigurationresources: (machine) => machineConfigurationRows(store, machine),
    },
  };
}
