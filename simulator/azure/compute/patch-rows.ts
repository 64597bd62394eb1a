import { MACHINE_TYPES, type Machine } from '../../estates/machine.ts';
import type { KeptAssessment, KeptInstallation } from '../../estates/patching.ts';
import { graphRow, type Row } from '../graph-tables.ts';
import type { Store } from '../state.ts';
import { countByClassification, osTypeName, patchId } from './patch-results.ts';
import { installationCounts } from './patch-status.ts';

const DAY = 86_400_000;
const ASSESSMENTS_KEPT = 7 * DAY;
/** How long an installation can be read (virtual ms). */
export const INSTALLATIONS_KEPT = 30 * DAY;

type Patch = KeptAssessment['patches'][number];

/** Rows of `patchassessmentresources`: a summary and a row for each patch, of an assessment not older than 7 days. */
export function assessmentRows(store: Store, machine: Machine): Row[] {
  const { assessment } = machine.patching;
  if (!assessment || store.clock.now() - Date.parse(assessment.at) >= ASSESSMENTS_KEPT) return [];
  return rowsOfAssessment(store, machine, assessment);
}

/** Rows of `patchinstallationresources`: a summary and a row for each patch, of installations not older than 30 days. */
export function installationRows(store: Store, machine: Machine): Row[] {
  const fresh = machine.patching.installations.filter(({ at }) => store.clock.now() - Date.parse(at) < INSTALLATIONS_KEPT);
  return fresh.flatMap((installation) => rowsOfInstallation(store, machine, installation));
}

/** Whether a result of the machine has become too old to be read within the last `ms`. */
export function hasExpired({ patching: { assessment, installations } }: Machine, now: number, ms: number): boolean {
  const crossed = (at: string, kept: number) => now - Date.parse(at) >= kept && now - Date.parse(at) < kept + ms;
  if (assessment && crossed(assessment.at, ASSESSMENTS_KEPT)) return true;
  return installations.some(({ at }) => crossed(at, INSTALLATIONS_KEPT));
}

function rowsOfAssessment(store: Store, machine: Machine, kept: KeptAssessment): Row[] {
  const id = `${machine.id}/patchAssessmentResults/latest`;
  const type = `${MACHINE_TYPES[machine.kind]}/patchAssessmentResults`;
  const summary = {
    status: 'Succeeded',
    assessmentActivityId: kept.activityId,
    rebootPending: kept.rebootPending,
    patchServiceUsed: kept.serviceUsed,
    osType: osTypeName(machine),
    startDateTime: kept.startedAt,
    lastModifiedDateTime: kept.at,
    startedBy: kept.startedBy,
    errorDetails: null,
    availablePatchCountByClassification: countByClassification(kept.patches),
  };
  const patches = kept.patches.map((patch) =>
    row(store, machine, {
      id: `${id}/softwarePatches/${patchId(patch)}`,
      name: patch.name,
      type: `${type}/softwarePatches`,
      properties: { ...describedPatch(machine, patch, kept.at), assessmentState: 'Available' },
    }),
  );
  return [row(store, machine, { id, name: kept.activityId, type, properties: summary }), ...patches];
}

function rowsOfInstallation(store: Store, machine: Machine, kept: KeptInstallation): Row[] {
  const id = `${machine.id}/patchInstallationResults/${kept.activityId}`;
  const type = `${MACHINE_TYPES[machine.kind]}/patchInstallationResults`;
  const summary = {
    status: kept.status,
    installationActivityId: kept.activityId,
    rebootStatus: kept.rebootStatus,
    maintenanceWindowExceeded: kept.maintenanceWindowExceeded,
    ...installationCounts(kept.patches),
    patchServiceUsed: kept.serviceUsed,
    osType: osTypeName(machine),
    startDateTime: kept.startedAt,
    lastModifiedDateTime: kept.at,
    startedBy: kept.startedBy,
    errorDetails: kept.error === null ? null : { code: 'InstallationFailed', message: kept.error },
    maintenanceRunId: null,
  };
  const patches = kept.patches.map((patch) =>
    row(store, machine, {
      id: `${id}/softwarePatches/${patchId(patch)}`,
      name: patch.name,
      type: `${type}/softwarePatches`,
      properties: { ...describedPatch(machine, patch, kept.at), installationState: patch.state },
    }),
  );
  return [row(store, machine, { id, name: kept.activityId, type, properties: summary }), ...patches];
}

function describedPatch(machine: Machine, patch: Patch, lastModifiedDateTime: string): Record<string, unknown> {
  const { name, kbId, classification, version, rebootBehavior, publishedAt } = patch;
  return {
    patchName: name,
    kbId,
    classifications: [classification],
    version,
    rebootBehavior,
    rebootRequired: rebootBehavior === 'AlwaysRequiresReboot',
    // Linux package managers do not tell when a package was published.
    publishedDateTime: machine.os.type === 'linux' ? null : publishedAt,
    lastModifiedDateTime,
    osType: osTypeName(machine),
  };
}

function row(
  store: Store,
  machine: Machine,
  resource: { id: string; name: string; type: string; properties: Record<string, unknown> },
): Row {
  const { subscriptionId, resourceGroup, location } = machine;
  return graphRow(store.state.estate.tenantId, { ...resource, location }, { subscriptionId, resourceGroup });
}
