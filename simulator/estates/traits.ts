import { ONBOARDING_TRAITS } from './onboarding-traits.ts';
import { arc, DEFENDER_EXTENSION, defender, guest, lacks, outage, products, type Trait, vm } from './trait-parts.ts';
import { wsusClient, wsusServer } from './wsus.ts';

const DAY = 86_400_000;
const DEFENDER_WINDOWS = { publisher: DEFENDER_EXTENSION.publisher, type: 'MDE.Windows' };
const DEFINITIONS_ONLY = { defender: true, sensor: false };
const NOTHING = { defender: false, sensor: false };

/** What makes one machine of the sample different from an ordinary one, by name. */
export const TRAITS = {
  ...ONBOARDING_TRAITS,
  disconnected: (machine, now) => arc(machine, { status: 'Disconnected', lastStatusChange: new Date(now - 6 * DAY).toISOString() }),
  expired: (machine, now) => arc(machine, { status: 'Expired', lastStatusChange: new Date(now - 61 * DAY).toISOString() }),
  monitor: (machine) => arc(machine, { configMode: 'monitor', extensionsEnabled: false }),
  /** Run commands came with 1.33. */
  oldAgent: (machine) => arc(machine, { agentVersion: '1.30.02313.991' }),
  blocked: (machine) => arc(machine, { blockList: [DEFENDER_WINDOWS] }),
  /** Whoever wrote the list thought of Defender and not of the run command handler. */
  allowedDefenderOnly: (machine) => arc(machine, { allowList: [DEFENDER_WINDOWS] }),
  outageNow: (machine, now) => outage(machine, now, -3, 5),
  deallocated: (machine) => vm(machine, { power: 'deallocated' }),
  /** The VM agent has stopped: it tells Azure nothing and takes nothing. */
  silent: (machine) => guest(vm(machine, { reported: false }), { agent: 'Stopped' }),
  sparse: (machine) => ({ ...machine, sparse: true }),
  lies: (machine) => ({ ...machine, lies: true }),
  reboot: (machine) => guest(machine, { rebootPending: true }),
  keySet: (machine) => guest(machine, { passiveKey: 1 }),
  removed: (machine) => defender(machine, { feature: 'Removed', mode: null, disabledByPolicy: false }),
  available: (machine) => defender(machine, { feature: 'Available', mode: null, disabledByPolicy: false }),
  active: (machine) => defender(machine, { mode: 'Normal', antivirusEnabled: true, realTimeProtection: true, disabledByPolicy: false }),
  shouting: (machine) => {
    const type = machine.kind === 'vm' ? 'MICROSOFT.COMPUTE/virtualmachines' : 'microsoft.hybridcompute/MACHINES';
    const group = machine.resourceGroup.toUpperCase();
    const id = `/subscriptions/${machine.subscriptionId.toUpperCase()}/resourcegroups/${group}/providers/${type}/${machine.name.toUpperCase()}`;
    return { ...machine, id, resourceGroup: group };
  },
  /** Knows Defender Antivirus and its definitions; nobody ticked the product of the sensor. */
  wsusWithDefinitions: (machine, now) => wsusServer(machine, DEFINITIONS_ONLY, now),
  wsusNeverDefender: (machine, now) => wsusServer(machine, NOTHING, now),
  clientWithDefinitions: (machine) => wsusClient(machine, 'srv-wsus-01', DEFINITIONS_ONLY),
  clientWithoutDefender: (machine) => wsusClient(machine, 'br-wsus-01', NOTHING),
  /** Lacks the platform update and the sensor update, as every machine does whose WSUS never had them. */
  staleDefender: (machine) => lacks(machine, 'KB4052623', 'KB5005292'),
  domainController: (machine) => guest(machine, { roles: ['domain-controller'] }),
  /** The domain deletes the passive key at each refresh. */
  keyDeletedByDomain: (machine) => guest(machine, { passiveKey: 1, gpo: { passiveKey: null } }),
  /** The product's own driver lets no second engine become active. */
  blockingDriver: (machine) => products(machine, { blocks: true }),
  uninstallToken: (machine) => products(machine, { token: 'vendor-token' }),
  connector: (machine) => ({ ...machine, tags: { ...machine.tags, MDFCSecurityConnector: 'true' } }),
} satisfies Record<string, Trait>;

export type TraitName = keyof typeof TRAITS;
