import type { Machine } from '../../estates/machine.ts';
import { windowsRelease } from '../../estates/windows-releases.ts';
import { ArmError } from '../arm-error.ts';

const HANDLER = 'runcommandhandler';
// The first agent that has run commands built in.
const RUN_COMMAND_AGENT = [1, 33] as const;
const OLD_WINDOWS = /Windows Server (2003|2008|2012)/i;

/** Throws what Azure answers when it will not take a run command for the machine at all. */
export function requireRunCommands(machine: Machine): void {
  const { arc, vm, name } = machine;
  if (vm?.power === 'deallocated') {
    throw new ArmError(409, 'OperationNotAllowed', `Cannot modify extensions in the VM when the VM is not running. VM: '${name}'.`);
  }
  if (vm && OLD_WINDOWS.test(machine.os.name)) {
    throw new ArmError(
      400,
      'OperationNotAllowed',
      `Managed Run Command is not supported on the operating system of VM '${name}'. It needs Windows Server 2016 or later.`,
    );
  }
  if (!arc) return;
  if (arc.status === 'Expired')
    throw new ArmError(409, 'HCRP409', `The machine '${name}' has expired. Disconnect and reconnect it before managing it.`);
  if (arc.configMode === 'monitor' || !arc.extensionsEnabled) {
    throw new ArmError(400, 'OperationNotAllowed', `The agent on '${name}' runs in monitor mode and does not take run commands.`);
  }
  if (isOlder(arc.agentVersion)) {
    throw new ArmError(
      400,
      'OperationNotAllowed',
      `The agent ${arc.agentVersion} on '${name}' has no run commands. It needs 1.33 or later.`,
    );
  }
  if (isBarred(machine, HANDLER)) {
    throw new ArmError(400, 'OperationNotAllowed', `Run commands are blocked by the extension lists of the agent on '${name}'.`);
  }
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needsMajor, needsMinor] = RUN_COMMAND_AGENT;
  return major < needsMajor || (major === needsMajor && minor < needsMinor);
}

/** Whether the lists of a machine's Arc agent keep an extension out; `type` is how its type begins, in lower case. */
function isBarred({ arc }: Machine, type: string): boolean {
  if (!arc) return false;
  const listed = (list: { type: string }[]) => list.some((extension) => extension.type.toLowerCase().startsWith(type));
  return listed(arc.blockList) || (arc.allowList.length > 0 && !listed(arc.allowList));
}

/** Whether a script handed over now would start. */
export function isReachable(machine: Machine): boolean {
  if (!machine.guest.online || machine.guest.agent !== 'Running') return false;
  return machine.arc ? machine.arc.status === 'Connected' : machine.vm?.power === 'running';
}

/** Whether Azure may put the Defender extension on the machine. */
export function takesDefender(machine: Machine): boolean {
  const { arc, os } = machine;
  if (os.type === '' || windowsRelease(machine)?.supported === false) return false;
  if (arc && (arc.configMode === 'monitor' || !arc.extensionsEnabled)) return false;
  return isReachable(machine) && !isBarred(machine, 'mde.');
}
