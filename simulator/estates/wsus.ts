import type { MachineInput } from './build-machine.ts';
import type { GuestInput } from './guest.ts';
import { guest, updates } from './trait-parts.ts';

/** What of Defender a WSUS has ticked and approved. */
export interface WsusOffer {
  defender: boolean;
  sensor: boolean;
}

const WINDOWS = [
  'Windows Server 2012 R2',
  'Windows Server 2016',
  'Windows Server 2019',
  'Microsoft Server operating system-21H2',
  'Microsoft Server operating system-24H2',
];
const WINDOWS_CLASSES = ['Critical Updates', 'Security Updates', 'Update Rollups'];

/** Makes the machine a WSUS server; names of products and classifications as its console shows them. */
export function wsusServer(machine: MachineInput, offer: WsusOffer, now: number): MachineInput {
  const defender = [
    ...(offer.defender ? ['Microsoft Defender Antivirus'] : []),
    ...(offer.sensor ? ['Microsoft Defender for Endpoint'] : []),
  ];
  const rules: NonNullable<GuestInput['wsusServer']>['rules'] = [
    { name: 'Default Automatic Approval Rule', products: WINDOWS, classifications: WINDOWS_CLASSES },
  ];
  if (defender.length > 0) rules.push({ name: 'Defender', products: defender, classifications: ['Definition Updates', 'Updates'] });
  return guest(machine, {
    roles: [...(machine.guest?.roles ?? []), 'wsus-server'],
    wsusServer: {
      products: [...WINDOWS, ...defender],
      classifications: [...WINDOWS_CLASSES, ...(defender.length > 0 ? ['Definition Updates', 'Updates'] : [])],
      rules,
      lastSync: new Date(now - 7 * 3_600_000).toISOString(),
    },
  });
}

/** Binds the machine to the WSUS server of a name. */
export function wsusClient(machine: MachineInput, server: string, offer: WsusOffer): MachineInput {
  const address = `http://${server.toLowerCase()}.corp.example:8530`;
  return updates(machine, { wsus: { server: address, offersDefender: offer.defender, offersSensor: offer.sensor } });
}
