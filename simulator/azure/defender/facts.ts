import type { Guest } from '../../estates/guest.ts';
import type { Machine } from '../../estates/machine.ts';
import type { Facts, FoundSoftware } from './state.ts';

// Microsoft lists no values; these are the ones its published hunting queries tell apart. 5 is passive beside another product.
const AV_MODES: Record<string, string> = { Normal: '0', Passive: '1', 'Not running': '2', 'EDR Block Mode': '4', 'SxS Passive Mode': '5' };

/** Whether the sensor has begun to report and its reports arrive at this moment. */
export function isHeard({ guest, vm }: Machine): boolean {
  const { deviceId, service, lastSeen } = guest.sensor;
  const up = guest.online && (vm === null || vm.power === 'running');
  return deviceId !== null && lastSeen !== null && service === 'Running' && up && guest.egress === 'open';
}

export function factsOf({ guest, os }: Machine, aadDeviceId: string | null): Facts {
  const { sensor, defender, mdatp } = guest;
  return {
    deviceId: sensor.deviceId ?? '',
    health: sensor.health,
    version: sensor.version,
    avMode: os.type === 'linux' ? linuxMode(mdatp) : windowsMode(defender),
    platformVersion: defender?.platformVersion ?? mdatp?.version ?? '',
    aadDeviceId,
    software: guest.thirdParty.map(software),
  };
}

function windowsMode(defender: Guest['defender']): string | null {
  if (defender?.feature !== 'Installed') return null;
  return AV_MODES[defender.mode ?? 'Not running'] ?? null;
}

function linuxMode(mdatp: Guest['mdatp']): string | null {
  if (!mdatp) return null;
  if (mdatp.passiveMode) return '1';
  return mdatp.realTimeProtection ? '0' : '2';
}

// Vulnerability Management writes names in lower case with underscores.
function software(product: Guest['thirdParty'][number]): FoundSoftware {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
  const { vendor, service, uninstall } = product;
  return { vendor: plain(vendor), name: plain(uninstall?.name ?? service), version: uninstall?.version ?? '' };
}
