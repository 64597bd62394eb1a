import { createRandom, seedOf } from '../random.ts';
import type { MachineInput } from './build-machine.ts';
import { DEFENDER_EXTENSION, defender, guest, lacks, products, sensor, type Trait } from './trait-parts.ts';

const DAY = 86_400_000;
/** What the unified agent of a release will not install without: the rollup of 2012 R2, the servicing stack of 2016. */
const REQUIRED: [release: RegExp, kb: string][] = [
  [/2012 R2/, 'KB5031419'],
  [/2016/, 'KB5005698'],
];

/** What an attempt to put Defender for Endpoint on a machine has led to, by name. */
export const ONBOARDING_TRAITS = {
  onboarded: (machine) => succeeded(onboardedGuest(machine)),
  /** Moved over wholly: Defender is active, and tamper protection keeps it so. */
  cutOver: (machine) => {
    const moved = guest(onboardedGuest(machine), { thirdParty: [], passiveKey: null });
    if (machine.os.type === 'linux') return succeeded(guest(moved, { mdatp: { passiveMode: false, realTimeProtection: true } }));
    return succeeded(defender(moved, { mode: 'Normal', realTimeProtection: true }));
  },
  /** The product is gone and the passive key is not: nobody protects the machine. */
  keyForgotten: (machine) => guest(succeeded(onboardedGuest(machine)), { thirdParty: [] }),
  /** Onboarded, but for two days its sensor has not got through to the service. */
  sensorSilent: (machine, now) => {
    const at = (days: number) => new Date(now - days * DAY).toISOString();
    const deviceId = hexOf(machine.name);
    const silent = { deviceId, service: 'Running', health: 'ImpairedCommunication', onboardedAt: at(20), lastSeen: at(2) } as const;
    return succeeded(guest(sensor(onboardedGuest(machine), silent), { egress: 'no-sensor-service' }));
  },
  /** Somebody enrolled it in Intune, which keeps its settings. */
  managedByIntune: (machine) => sensor(succeeded(onboardedGuest(machine)), { managedBy: 'Intune', managedByStatus: 'Success' }),
  /** The package was installed by hand and never onboarded, so it has no licence. */
  unlicensed: (machine) => guest(machine, { mdatp: { licensed: false } }),
  failed4: (machine) => failed(guest(machine, { egress: 'azure-only' }), 4, 'no connectivity to the package source'),
  failed5: (machine) => {
    const vendor = machine.guest?.thirdParty?.[0]?.vendor ?? '';
    return failed(products(machine, { blocks: true }), 5, `conflicting application: ${vendor} uses fanotify in blocking mode`);
  },
  failed12: (machine) => {
    const message = 'the requirements of the installation are not met';
    const kb = requiredOf(machine);
    if (kb !== undefined) return failed(lacks(machine, kb), 12, `${message}: ${kb}`);
    return failed(guest(machine, { extensionFailure: { code: 12, message } }), 12, message);
  },
  failed31: (machine) => failed(guest(machine, { egress: 'no-sensor-service' }), 31, 'onboarding failed: the service does not answer'),
  /** Lacks what the unified agent needs. */
  noRollup: (machine) => lacks(machine, ...[requiredOf(machine)].filter((kb) => kb !== undefined)),
} satisfies Record<string, Trait>;

function requiredOf({ os }: MachineInput): string | undefined {
  return REQUIRED.find(([release]) => release.test(os.name))?.[1];
}

function onboardedGuest(machine: MachineInput): MachineInput {
  if (machine.os.type === 'linux') return guest(machine, { onboarded: true, mdatp: {} });
  const passive = {
    feature: 'Installed',
    mode: 'Passive',
    antivirusEnabled: true,
    realTimeProtection: false,
    tamperProtected: true,
    signatureAgeDays: 0,
    disabledByPolicy: false,
  } as const;
  return defender(guest(machine, { onboarded: true, passiveKey: 1 }), passive);
}

function succeeded(machine: MachineInput): MachineInput {
  return extension(machine, 'Succeeded', 'Onboarding succeeded');
}

function failed(machine: MachineInput, code: number, message: string): MachineInput {
  return extension(machine, 'Failed', `Failed to configure Microsoft Defender for Endpoint: exit code ${code}: ${message}`);
}

function extension(machine: MachineInput, state: 'Succeeded' | 'Failed', message: string): MachineInput {
  const type = machine.os.type === 'linux' ? 'MDE.Linux' : 'MDE.Windows';
  const settings = { autoUpdate: true, forceReOnboarding: false, vNextEnabled: true };
  const own = { ...DEFENDER_EXTENSION, name: type, type, state, message, settings };
  return { ...machine, extensions: [...(machine.extensions ?? []), own] };
}

function hexOf(name: string): string {
  const random = createRandom(seedOf(`${name}|device`));
  return `${random.guid()}${random.guid()}`.replaceAll('-', '').slice(0, 40);
}
