import type { JsonObject } from '../../core/json.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Call, Item } from '../../core/plan.ts';
import type { SecretReference } from '../../core/secret-reference.ts';
import { secretReference } from '../../core/secret-reference.ts';

const PUBLISHER = 'Microsoft.Azure.AzureDefenderForServers';
/** Azure API versions with extensions as a resource: Microsoft.Compute and Microsoft.HybridCompute. */
const API = { 'azure-vm': '2024-11-01', arc: '2025-01-13', listed: '' } as const;
/** An installation takes minutes; Azure gives a machine that is slow an hour and a half. */
const DEPLOY_SECONDS = 45 * 60;
const REMOVE_SECONDS = 30 * 60;
/** Resource Graph shows what became of an extension some minutes later. */
const SHOWN_WITHIN_MINUTES = 30;

/** What the writer identity needs to put the extension on machines and to take it off. */
export const EXTENSION_PERMISSIONS: readonly string[] = ['Microsoft.Compute/virtualMachines', 'Microsoft.HybridCompute/machines'].flatMap(
  (type) => [`${type}/extensions/write`, `${type}/extensions/delete`],
);

/**
 * Puts the extension on a machine as the built-in policies do (Azure/azure-policy, “Deploy Microsoft Defender for Endpoint agent”). The onboarding
 * package is named, never shown. Azure shows the tag, so that what is there is known to be this plan's.
 */
export function deployExtension(machine: MachineFacts, onboarding: SecretReference): Call {
  const type = extensionType(machine);
  const settings: JsonObject = machine.os === 'linux' ? {} : { vNextEnabled: 'true' };
  return {
    id: 'deploy',
    describes: `put the extension ${type} on it`,
    method: 'PUT',
    path: pathOf(machine),
    query: { 'api-version': API[machine.kind] },
    body: {
      location: machine.location,
      properties: {
        publisher: PUBLISHER,
        type,
        typeHandlerVersion: '1.0',
        autoUpgradeMinorVersion: true,
        forceUpdateTag: '{plan}',
        settings: { azureResourceId: machine.id, ...settings },
        protectedSettings: { defenderForEndpointOnboardingScript: secretReference(onboarding) },
      },
    },
    settles: 'resource',
    timeoutSeconds: DEPLOY_SECONDS,
  };
}

/** Takes the extension off. What it installed stays, and so does the onboarding. */
export function removeExtension(machine: MachineFacts): Call {
  return {
    id: 'undo',
    describes: `take the extension ${extensionType(machine)} off; the agent stays onboarded`,
    method: 'DELETE',
    path: pathOf(machine),
    query: { 'api-version': API[machine.kind] },
    body: null,
    settles: 'gone',
    timeoutSeconds: REMOVE_SECONDS,
  };
}

/** A look by the reader identity that the extension succeeded. Of which engine is active it tells nothing. */
export function extensionSucceeded(id: string, of?: readonly string[]): Item & { do: 'prove' } {
  return {
    do: 'prove',
    id,
    describes: 'read with the reader identity how the extension stands',
    evidence: 'defender-extension',
    call: null,
    expect: [{ path: 'state', equals: 'Succeeded', words: 'its extension Succeeded' }],
    ...(of && { of }),
    withinMinutes: SHOWN_WITHIN_MINUTES,
  };
}

/** A look by the reader identity that there is no extension any more. */
export function extensionGone(id: string): Item {
  return {
    do: 'prove',
    id,
    describes: 'read with the reader identity that the extension is gone',
    evidence: 'defender-extension',
    call: null,
    expect: [{ path: 'present', equals: false, words: 'there is no Defender extension' }],
    withinMinutes: SHOWN_WITHIN_MINUTES,
  };
}

function extensionType({ os }: MachineFacts): 'MDE.Linux' | 'MDE.Windows' {
  return os === 'linux' ? 'MDE.Linux' : 'MDE.Windows';
}

function pathOf(machine: MachineFacts): string {
  return `${machine.id}/extensions/${extensionType(machine)}`;
}
