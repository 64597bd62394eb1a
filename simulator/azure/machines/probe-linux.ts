import type { Guest } from '../../estates/guest.ts';
import type { Machine } from '../../estates/machine.ts';
import type { Script } from './script.ts';

/** Units version 1 of the probe asks systemd for, and the vendor it prints for each. */
export const LINUX_UNITS: Readonly<Record<string, string>> = {
  'falcon-sensor': 'CrowdStrike',
  sentinelone: 'SentinelOne',
  ds_agent: 'TrendMicro',
  'sophos-spl': 'Sophos',
  cbdaemon: 'CarbonBlack',
  kesl: 'Kaspersky',
  traps_pmd: 'CortexXDR',
};

/** Prints what `mdatp health` and systemd tell; a unit that does not run or that it does not ask for does not appear. */
export const probeLinux: Script = {
  os: 'linux',
  run: (machine, { nonce }) => ({ line: lineOf(machine, nonce), changed: false }),
};

function lineOf({ name, guest }: Machine, nonce: string): Record<string, unknown> {
  return {
    v: 1,
    script: 'probe-linux',
    nonce: nonce.replace(/[^0-9a-f]/g, ''),
    host: name.replace(/[^A-Za-z0-9._-]/g, ''),
    mdatp: health(guest),
    thirdParty: units(guest),
  };
}

function health({ mdatp }: Guest): Record<string, unknown> | null {
  if (!mdatp) return null;
  const { healthy, passiveMode, realTimeProtection, licensed, definitions } = mdatp;
  return { healthy, passiveMode, realTimeProtection, licensed, definitions };
}

function units({ thirdParty }: Guest): Record<string, unknown>[] {
  const running = thirdParty.flatMap(({ service, state, otherServices }) =>
    [{ name: service, state }, ...otherServices].filter((unit) => unit.state === 'Running'),
  );
  return running.flatMap(({ name }) => {
    const vendor = LINUX_UNITS[name];
    return vendor === undefined ? [] : [{ vendor, service: name, state: 'active' }];
  });
}
