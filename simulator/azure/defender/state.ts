/** A product Vulnerability Management finds installed, spelled as it spells names. */
export interface FoundSoftware {
  vendor: string;
  name: string;
  version: string;
}

/** What a sensor tells of its machine; compared as a whole to find out that something has changed. */
export interface Facts {
  deviceId: string;
  health: 'Active' | 'Inactive' | 'ImpairedCommunication' | 'NoSensorData';
  version: string;
  /** AvMode as hunting shows it; null = no antivirus of Microsoft's is there. */
  avMode: string | null;
  platformVersion: string;
  aadDeviceId: string | null;
  software: FoundSoftware[];
}

/** A time in which a sensor reported the same (virtual ms); `until` null = it still does. */
export interface Period {
  from: number;
  until: number | null;
  facts: Facts;
}

/** Something a device was told to do. Times are virtual ms. */
export interface MachineAction {
  id: string;
  type: 'Offboard';
  machineId: string;
  deviceId: string;
  computerDnsName: string;
  requestor: string;
  comment: string;
  status: 'Pending' | 'Succeeded';
  createdAt: number;
  updatedAt: number;
}

export interface Exclusions {
  processes: string[];
  paths: string[];
  extensions: string[];
}

/** What Defender for Endpoint remembers; by resource id in lower case where it is by machine. */
export interface DefenderState {
  histories: Record<string, Period[]>;
  actions: MachineAction[];
  /** Exclusions a policy has put on a machine, to be taken off again with it. */
  delivered: Record<string, Exclusions>;
}

export function emptyDefender(): DefenderState {
  return { histories: {}, actions: [], delivered: {} };
}
