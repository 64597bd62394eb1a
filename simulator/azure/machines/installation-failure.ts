import type { Machine } from '../../estates/machine.ts';
import { windowsRelease } from '../../estates/windows-releases.ts';
import { payloadObstacle } from './feature.ts';
import { blockers } from './protection.ts';
import { missingForUnifiedAgent } from './unified-agent.ts';

/** How an installation of Defender for Endpoint fails, in the words and exit codes of its installers. */
export interface InstallationFailure {
  code: number;
  message: string;
}

type Obstacle = (machine: Machine) => InstallationFailure | null;

/** Linux systems that are taken, with the oldest version of each. */
const DISTRIBUTIONS: readonly [name: RegExp, oldest: number][] = [
  [/ubuntu/i, 16.04],
  [/red hat|rhel|oracle linux|centos/i, 7.2],
  [/suse|sles/i, 12],
  [/debian/i, 9],
  [/rocky|alma/i, 8.7],
  [/fedora/i, 33],
  [/amazon/i, 2],
  [/mariner|azure linux/i, 2],
];

/** In the order in which an installer runs into them. */
const OBSTACLES: readonly Obstacle[] = [
  ({ guest }) => guest.extensionFailure,
  ({ guest }) => (guest.egress === 'azure-only' ? { code: 4, message: 'no connectivity to the package source' } : null),
  unsupportedSystem,
  conflictingProduct,
  missingUpdates,
  missingFeature,
  ({ guest }) => (guest.egress === 'no-sensor-service' ? { code: 31, message: 'onboarding failed: the service does not answer' } : null),
];

/** Why Defender for Endpoint cannot be installed on the machine as it is now; null = it can. */
export function installationFailure(machine: Machine): InstallationFailure | null {
  for (const obstacle of OBSTACLES) {
    const failure = obstacle(machine);
    if (failure) return failure;
  }
  return null;
}

function unsupportedSystem(machine: Machine): InstallationFailure | null {
  const { name, version, type } = machine.os;
  if (type === 'windows') {
    const release = windowsRelease(machine);
    return release?.supported === false ? { code: 11, message: `unsupported version of Windows Server: ${release.name}` } : null;
  }
  const known = DISTRIBUTIONS.find(([pattern]) => pattern.test(name));
  if (!known) return { code: 10, message: `unsupported distribution: ${name}` };
  return Number.parseFloat(version) < known[1] ? { code: 11, message: `unsupported version: ${name}` } : null;
}

function conflictingProduct({ os, guest }: Machine): InstallationFailure | null {
  const [vendor] = os.type === 'linux' ? blockers(guest) : [];
  return vendor === undefined ? null : { code: 5, message: `conflicting application: ${vendor} uses fanotify in blocking mode` };
}

function missingUpdates(machine: Machine): InstallationFailure | null {
  const missing = missingForUnifiedAgent(machine);
  if (missing.length > 0) return { code: 12, message: `the requirements of the installation are not met: ${missing.join(', ')}` };
  const waits = windowsRelease(machine)?.unifiedAgent && machine.guest.rebootPending;
  return waits && machine.guest.sensor.service === 'Absent'
    ? { code: 12, message: 'the requirements of the installation are not met: a restart is pending' }
    : null;
}

function missingFeature(machine: Machine): InstallationFailure | null {
  const obstacle = windowsRelease(machine)?.feature ? payloadObstacle(machine, null) : null;
  return obstacle && { code: 21, message: `installation failed: ${obstacle.message.replace('\n', ' ')}` };
}
