import type { MachineFacts } from '../../core/machine.ts';
import type { Call } from '../../core/plan.ts';

/** API versions with assessPatches and installPatches of Microsoft.Compute and Microsoft.HybridCompute. */
const API = { 'azure-vm': '2024-11-01', arc: '2025-01-13' } as const;

const ASSESS_SECONDS = 30 * 60;
/** Beside the time it may install: Azure queues it, restarts the machine and looks at it once more. */
const AROUND_INSTALLING_SECONDS = 45 * 60;

/** What the writer identity needs to have updates looked for and installed. */
export const PATCH_PERMISSIONS: readonly string[] = ['Microsoft.Compute/virtualMachines', 'Microsoft.HybridCompute/machines'].flatMap(
  (type) => [`${type}/assessPatches/action`, `${type}/installPatches/action`],
);

/** What an installation is asked for. */
export interface PatchWish {
  /** As Update Manager names them. */
  readonly classifications: readonly string[];
  /** `KB5005292`. Asked for beside the classifications. */
  readonly kbs: readonly string[];
  readonly reboot: 'IfRequired' | 'Never' | 'Always';
  readonly hours: number;
}

/** Has the machine's update service asked what is missing. Changes nothing but what Azure knows. */
export function assessPatches(machine: MachineFacts, id: string): Call {
  return patchCall(machine, 'assessPatches', { id, describes: 'check for updates', body: null, timeoutSeconds: ASSESS_SECONDS });
}

/** Has updates installed through the machine's own update service. (Virtual Machines, Install Patches; Machines, Install Patches.) */
export function installPatches(
  machine: MachineFacts,
  id: string,
  describes: string,
  { classifications, kbs, reboot, hours }: PatchWish,
): Call {
  const body = {
    maximumDuration: `PT${hours}H`,
    rebootSetting: reboot,
    windowsParameters: { classificationsToInclude: classifications, kbNumbersToInclude: kbs.map((kb) => kb.replace(/^KB/, '')) },
  };
  return patchCall(machine, 'installPatches', { id, describes, body, timeoutSeconds: hours * 3_600 + AROUND_INSTALLING_SECONDS });
}

function patchCall(machine: MachineFacts, verb: string, call: Pick<Call, 'id' | 'describes' | 'body' | 'timeoutSeconds'>): Call {
  return {
    ...call,
    method: 'POST',
    path: `${machine.id}/${verb}`,
    query: { 'api-version': machine.kind === 'arc' ? API.arc : API['azure-vm'] },
    settles: 'operation',
  };
}
