import type { Machine } from '../../estates/machine.ts';
import { ArmError } from '../arm-error.ts';

interface Handler {
  name: string;
  publisher: string;
  type: string;
}

/** The extension handlers the pretend Azure has, and what they run on. */
const HANDLERS: readonly { publisher: string; type: string; os: Machine['os']['type'] }[] = [
  { publisher: 'Microsoft.Azure.AzureDefenderForServers', type: 'MDE.Windows', os: 'windows' },
  { publisher: 'Microsoft.Azure.AzureDefenderForServers', type: 'MDE.Linux', os: 'linux' },
  { publisher: 'Microsoft.Azure.Monitor', type: 'AzureMonitorWindowsAgent', os: 'windows' },
  { publisher: 'Microsoft.Azure.Monitor', type: 'AzureMonitorLinuxAgent', os: 'linux' },
  { publisher: 'Microsoft.GuestConfiguration', type: 'ConfigurationForWindows', os: 'windows' },
  { publisher: 'Microsoft.GuestConfiguration', type: 'ConfigurationForLinux', os: 'linux' },
];

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Throws what Azure answers when extensions of the machine cannot be changed at all. */
export function requireExtensions({ vm, arc, name }: Machine): void {
  if (vm?.power === 'deallocated') {
    throw new ArmError(409, 'OperationNotAllowed', `Cannot modify extensions in the VM when the VM is not running. VM: '${name}'.`);
  }
  if (arc?.status === 'Expired') {
    throw new ArmError(409, 'HCRP409', `The machine '${name}' has expired. Disconnect and reconnect it before managing it.`);
  }
  if (arc && (arc.configMode === 'monitor' || !arc.extensionsEnabled)) {
    throw new ArmError(400, 'OperationNotAllowed', `The agent on '${name}' does not manage extensions: it runs in monitor mode.`);
  }
}

/** Throws what Azure answers when this extension may not be put on the machine. */
export function requireInstallable(machine: Machine, wanted: Handler): void {
  requireExtensions(machine);
  const { publisher, type } = wanted;
  const handler = HANDLERS.find((candidate) => same(candidate.publisher, publisher) && same(candidate.type, type));
  if (!handler) {
    throw new ArmError(
      404,
      'ArtifactNotFound',
      `The extension with publisher '${publisher}' and type '${type}' could not be found in location '${machine.location}'.`,
    );
  }
  if (handler.os !== machine.os.type) {
    const system = machine.os.type === 'linux' ? 'Linux' : 'Windows';
    throw new ArmError(400, 'InvalidParameter', `The extension '${publisher}.${type}' does not support the OS type '${system}'.`);
  }
  requireListed(machine, wanted);
  const other = machine.extensions.find(
    (known) => same(known.publisher, publisher) && same(known.type, type) && !same(known.name, wanted.name),
  );
  if (other) {
    throw new ArmError(
      400,
      'BadRequest',
      `Multiple extensions per handler are not supported. Extension '${other.name}' with handler '${publisher}.${type}' is there already.`,
    );
  }
}

// The lists are kept on the machine itself; Azure only sees them.
function requireListed({ arc, name }: Machine, { publisher, type }: Handler): void {
  if (!arc) return;
  const listed = (list: { publisher: string; type: string }[]) =>
    list.some((entry) => same(entry.publisher, publisher) && same(entry.type, type));
  if (!listed(arc.blockList) && (arc.allowList.length === 0 || listed(arc.allowList))) return;
  throw new ArmError(400, 'OperationNotAllowed', `The extension lists of the agent on '${name}' do not allow '${publisher}/${type}'.`);
}
