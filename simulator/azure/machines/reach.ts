import type { Machine } from '../../estates/machine.ts';
import { windowsRelease } from '../../estates/windows-releases.ts';
import { ArmError } from '../arm-error.ts';

const HANDLER = 'runcommandhandler';
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
  const listed = (list: { type: string }[]) => list.some((extension) => extension.type.toLowerCase().startsWith(HANDLER));
  if (listed(arc.blockList) || (arc.allowList.length > 0 && !listed(arc.allowList))) {
    throw new ArmError(400, 'OperationNotAllowed', `Run commands are blocked by the extension lists of the agent on '${name}'.`);
  }
}

/** Whether a script handed over now would start. */
export function isReachable(machine: Machine): boolean {
  if (!machine.guest.online || machine.guest.agent !== 'Running') return false;
  return machine.arc ? machine.arc.status === 'Connected' : machine.vm?.power === 'running';
}

/** Whether Azure may put the Defender extension on the machine. */
export function takesDefender(machine: Machine): boolean {
  const blocked = machine.arc?.blockList.some((extension) => /^mde\./i.test(extension.type)) ?? false;
  const supported = machine.os.type !== '' && windowsRelease(machine)?.supported !== false;
  return isReachable(machine) && !blocked && machine.arc?.configMode !== 'monitor' && supported;
}
