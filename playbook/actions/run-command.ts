import type { RemovalScript } from '../../core/action-options.ts';
import type { JsonObject } from '../../core/json.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Call } from '../../core/plan.ts';
import { scriptReference } from '../../core/plan.ts';
import { secretReference } from '../../core/secret-reference.ts';
import type { Script } from '../scripts/index.ts';

/** Azure API versions with Run Command as a resource: Microsoft.Compute and Microsoft.HybridCompute. A server that Azure does not show has none. */
const API = { 'azure-vm': '2024-11-01', arc: '2025-01-13' } as const;

/** How long a script may take where nothing else is said. */
const TIMEOUT_SECONDS = 600;

/** What the writer identity needs to run scripts and to delete the run commands afterwards. */
export const RUN_COMMAND_PERMISSIONS: readonly string[] = ['Microsoft.Compute/virtualMachines', 'Microsoft.HybridCompute/machines'].flatMap(
  (type) => [`${type}/runCommands/write`, `${type}/runCommands/delete`],
);

interface Block {
  /** For grouping. */
  readonly code: string;
  readonly because: string;
}

/** Why nothing can be done inside a machine through Azure, or null when something can. */
export function reachBlock(machine: MachineFacts): Block | null {
  if (machine.os === null) return { code: 'os-unread', because: 'Azure does not report its operating system' };
  if (machine.os === 'unsupported')
    return { code: 'unsupported', because: `${machine.osLabel || 'its operating system'} is not supported` };
  if (machine.kind === 'listed') return { code: 'not-in-azure', because: 'Azure does not show it: connect it through Azure Arc' };
  if (machine.kind === 'azure-vm') {
    return machine.status === '' || machine.status.toLowerCase().endsWith('running')
      ? null
      : { code: 'not-running', because: `it is not running (${machine.status})` };
  }
  if (machine.status.toLowerCase() !== 'connected') {
    return { code: 'arc-not-connected', because: `Arc reports it ${machine.status || 'without a status'}` };
  }
  return machine.configMode?.toLowerCase() === 'monitor' ? { code: 'arc-monitor', because: 'its Arc agent is in monitor mode' } : null;
}

/** Why Run Command cannot reach a machine, or null when it can. */
export function runCommandBlock(machine: MachineFacts): Block | null {
  // Managed Run Command on Azure VMs starts with Windows Server 2016.
  if (machine.kind === 'azure-vm' && machine.os === 'windows-server-2012-r2') {
    return {
      code: 'no-run-command',
      because: 'Azure has no Run Command for Windows Server 2012 R2 virtual machines: use the hand-over script',
    };
  }
  const block = reachBlock(machine);
  if (block) return block;
  return machine.refuses?.runCommand ? { code: 'arc-refuses', because: 'its Arc agent does not let Run Command in' } : null;
}

/** A Run Command call on a VM or an Arc machine. Its name comes from the plan's hash, so a repeat is recognised by Azure and by us. */
export function runCommand(
  machine: MachineFacts,
  script: Script,
  id: string,
  describes: string,
  parameters: Readonly<Record<string, string>>,
  timeoutSeconds = TIMEOUT_SECONDS,
): Call {
  return commandCall(machine, id, describes, {
    source: { script: scriptReference(script.sha256) },
    parameters: listed({ ...parameters, Nonce: '{nonce}' }),
    asyncExecution: false,
    timeoutInSeconds: timeoutSeconds,
  });
}

/** The same with a script of the customer's, which knows no nonce. Its secrets go as protected parameters, which Azure shows to nobody. */
export function foreignCommand(
  machine: MachineFacts,
  { script, secrets, minutes }: Pick<RemovalScript, 'script' | 'secrets' | 'minutes'>,
  id: string,
  describes: string,
): Call {
  const named = Object.entries(secrets).map(([name, secret]) => [name, secretReference(secret)] as const);
  return commandCall(machine, id, describes, {
    source: { script: scriptReference(script.sha256) },
    ...(named.length > 0 && { protectedParameters: listed(Object.fromEntries(named)) }),
    asyncExecution: false,
    timeoutInSeconds: minutes * 60,
  });
}

/** Ends the script that another call sent, if it still runs, by deleting its run command. */
export function endCommand({ path, query }: Call, id: string, describes: string): Call {
  return { id, describes, method: 'DELETE', path, query, body: null, settles: 'gone', timeoutSeconds: TIMEOUT_SECONDS };
}

function listed(values: Readonly<Record<string, string>>): readonly JsonObject[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function commandCall(
  machine: MachineFacts,
  id: string,
  describes: string,
  properties: JsonObject & { readonly timeoutInSeconds: number },
): Call {
  return {
    id,
    describes,
    method: 'PUT',
    path: `${machine.id}/runCommands/greenlight-{plan}-${id}`,
    query: { 'api-version': machine.kind === 'arc' ? API.arc : API['azure-vm'] },
    body: {
      location: machine.location,
      properties: machine.kind === 'azure-vm' ? { ...properties, treatFailureAsDeploymentFailure: false } : properties,
    },
    settles: 'run-command',
    timeoutSeconds: properties.timeoutInSeconds + 120,
  };
}

/** What must still be the same when the run begins; tags, agent and signature versions may change. */
export function machineFingerprint(machine: MachineFacts): Readonly<Record<string, string>> {
  return {
    vmId: machine.vmId ?? '',
    osType: machine.os === 'linux' ? 'linux' : 'windows',
    location: machine.location.toLowerCase(),
  };
}
