import type { DirectoryDevice } from '../../estates/directory.ts';
import type { Machine } from '../../estates/machine.ts';
import { createRandom, seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import { isHeard } from '../defender/facts.ts';
import type { Store } from '../state.ts';

const MINUTE = 60_000;
const KIND = 'device-enrols';

/** Gives machines under Defender's security settings management a device in the directory; no other server has one. */
export interface Enrolment {
  /** Plans the enrolment of every machine that could be enrolled and is not. */
  plan: () => void;
  due: Performers;
}

export function createEnrolment(store: Store, agenda: Agenda, seed: number, follow: () => void): Enrolment {
  function plan(): void {
    const { directory, machines } = store.state.estate;
    if (!directory.securitySettingsManagement) return;
    const known = new Set(directory.devices.map(({ machineId }) => machineId));
    for (const machine of machines) {
      const subject = machine.id.toLowerCase();
      if (!known.has(subject) && mayEnrol(machine) && !agenda.planned(KIND, subject)) {
        const minutes = createRandom(seed ^ seedOf(`${subject}|enrols`)).between(8, 25);
        agenda.schedule({ at: store.clock.now() + minutes * MINUTE, kind: KIND, subject });
      }
    }
  }
  function enrols(machineId: string): void {
    const machine = store.machineById(machineId);
    const { directory } = store.state.estate;
    if (!machine || !directory.securitySettingsManagement || !mayEnrol(machine)) return;
    if (directory.devices.some((device) => device.machineId === machineId)) return;
    directory.devices.push(deviceOf(machine, seed, store.clock.now()));
    store.touch();
    follow();
  }
  return { plan, due: { [KIND]: enrols } };
}

// Domain controllers are left out; a machine another tool manages stays with it.
function mayEnrol(machine: Machine): boolean {
  const { roles, sensor } = machine.guest;
  const own = sensor.managedBy === 'MicrosoftDefenderForEndpoint' && sensor.managedByStatus === 'Success';
  return own && isHeard(machine) && !roles.includes('domain-controller');
}

function deviceOf(machine: Machine, seed: number, now: number): DirectoryDevice {
  const random = createRandom(seed ^ seedOf(`${machine.id.toLowerCase()}|directory`));
  return {
    id: random.guid(),
    deviceId: random.guid(),
    displayName: machine.name.toLowerCase(),
    operatingSystem: machine.os.type === 'linux' ? 'Linux' : 'Windows Server',
    operatingSystemVersion: machine.os.type === 'linux' ? machine.os.version : `10.0.${machine.guest.osBuild}`,
    managementType: 'MicrosoftSense',
    accountEnabled: true,
    registeredAt: new Date(now).toISOString(),
    machineId: machine.id.toLowerCase(),
  };
}
