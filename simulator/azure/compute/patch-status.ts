import type { KeptAssessment, KeptInstallation, Patching } from '../../estates/patching.ts';

type Installed = KeptInstallation['patches'][number];

/** How many patches are critical or security ones, and how many are not. */
export function patchCounts(patches: KeptAssessment['patches']): { criticalAndSecurityPatchCount: number; otherPatchCount: number } {
  const urgent = patches.filter(({ classification }) => classification === 'Critical' || classification === 'Security').length;
  return { criticalAndSecurityPatchCount: urgent, otherPatchCount: patches.length - urgent };
}

/** The counters of an installation, as both providers name them. */
export function installationCounts(patches: Installed[]): Record<string, number> {
  const of = (state: Installed['state']) => patches.filter((patch) => patch.state === state).length;
  return {
    excludedPatchCount: of('Excluded'),
    notSelectedPatchCount: of('NotSelected'),
    pendingPatchCount: of('Pending'),
    installedPatchCount: of('Installed'),
    failedPatchCount: of('Failed'),
  };
}

/** What the instance view of a virtual machine says of its patches. */
export function patchStatus({ assessment, installations }: Patching): Record<string, unknown> {
  const last = installations.at(-1);
  return {
    ...(assessment ? { availablePatchSummary: availableSummary(assessment) } : {}),
    ...(last ? { lastPatchInstallationSummary: installationSummary(last) } : {}),
    configurationStatuses: [],
  };
}

function availableSummary({ activityId, rebootPending, patches, startedAt, at }: KeptAssessment): Record<string, unknown> {
  return {
    status: 'Succeeded',
    assessmentActivityId: activityId,
    rebootPending,
    ...patchCounts(patches),
    startTime: startedAt,
    lastModifiedTime: at,
    error: null,
  };
}

function installationSummary(installation: KeptInstallation): Record<string, unknown> {
  const { activityId, status, maintenanceWindowExceeded, patches, startedAt, at } = installation;
  return {
    status,
    installationActivityId: activityId,
    maintenanceWindowExceeded,
    ...installationCounts(patches),
    startTime: startedAt,
    lastModifiedTime: at,
    error: installation.error ? { code: 'InstallationFailed', message: installation.error } : null,
  };
}
