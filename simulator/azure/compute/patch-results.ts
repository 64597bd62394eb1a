import { CLASSIFICATIONS } from '../../estates/guest-updates.ts';
import type { Machine } from '../../estates/machine.ts';
import type { KeptAssessment, KeptInstallation } from '../../estates/patching.ts';
import { createRandom, seedOf } from '../../random.ts';
import { installationCounts, patchCounts } from './patch-status.ts';

type Patch = KeptAssessment['patches'][number];

/** Windows or Linux, as Update Manager writes it. */
export function osTypeName({ os }: Machine): string {
  return os.type === 'linux' ? 'Linux' : 'Windows';
}

/** The id Azure gives a patch: the same for the same patch. */
export function patchId({ name }: Patch): string {
  return createRandom(seedOf(name)).guid();
}

/** How many patches there are of each classification: updateRollup, security, … */
export function countByClassification(patches: Patch[]): Record<string, number> {
  const of = (classification: string) => patches.filter((patch) => patch.classification === classification).length;
  return Object.fromEntries(CLASSIFICATIONS.map((name) => [`${name[0]?.toLowerCase()}${name.slice(1)}`, of(name)]));
}

/** What assessPatches answers in the end. */
export function assessmentResult(machine: Machine, kept: KeptAssessment): Record<string, unknown> {
  const { activityId, rebootPending, startedAt, at, startedBy, patches } = kept;
  const shared = { status: 'Succeeded', assessmentActivityId: activityId, rebootPending, startDateTime: startedAt };
  if (machine.arc) {
    return {
      ...shared,
      lastModifiedDateTime: at,
      availablePatchCountByClassification: countByClassification(patches),
      startedBy,
      patchServiceUsed: kept.serviceUsed,
      osType: osTypeName(machine),
      errorDetails: null,
    };
  }
  const availablePatches = patches.map((patch) => ({
    ...described(patch),
    rebootBehavior: patch.rebootBehavior,
    activityId,
    publishedDate: patch.publishedAt,
    lastModifiedDateTime: at,
    assessmentState: 'Available',
  }));
  return { ...shared, ...patchCounts(patches), availablePatches, error: null };
}

/** What installPatches answers in the end. */
export function installationResult(machine: Machine, kept: KeptInstallation): Record<string, unknown> {
  const { activityId, status, rebootStatus, maintenanceWindowExceeded, patches, startedAt, at, startedBy, error } = kept;
  const shared = {
    status,
    installationActivityId: activityId,
    rebootStatus,
    maintenanceWindowExceeded,
    ...installationCounts(patches),
    startDateTime: startedAt,
  };
  const failure = error === null ? null : { code: 'InstallationFailed', message: error };
  if (machine.arc) {
    return {
      ...shared,
      lastModifiedDateTime: at,
      startedBy,
      patchServiceUsed: kept.serviceUsed,
      osType: osTypeName(machine),
      errorDetails: failure,
    };
  }
  return { ...shared, patches: patches.map((patch) => ({ ...described(patch), installationState: patch.state })), error: failure };
}

function described(patch: Patch): Record<string, unknown> {
  const { name, version, kbId, classification } = patch;
  return { patchId: patchId(patch), name, version, kbId, classifications: [classification] };
}
