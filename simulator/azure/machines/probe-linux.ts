import type { Guest } from '../../estates/guest.ts';
import type { Machine } from '../../estates/machine.ts';
import { KNOWN_PRODUCTS } from './known-products.ts';
import type { Script } from './script.ts';

/** How a distribution notes that it wants a restart; whoever is none of these writes a file. */
const RESTARTS: [name: RegExp, reason: string][] = [
  [/red hat|centos|oracle|rocky|alma|fedora|amazon/i, 'needs-restarting'],
  [/suse/i, 'needs-rebooting'],
];

/** Prints what `mdatp health`, systemd and the package manager tell; a product the probe does not look for does not appear. */
export const probeLinux: Script = {
  os: 'linux',
  run: (machine, { nonce }) => ({ line: lineOf(machine, nonce), changed: false }),
};

function lineOf({ name, os, guest }: Machine, nonce: string): Record<string, unknown> {
  const sensor = sensorOf(guest);
  const osBuild = clean(guest.osBuild, 60);
  const reason = RESTARTS.find(([names]) => names.test(os.name))?.[1] ?? 'reboot-required';
  return {
    v: 2,
    script: 'probe-linux',
    nonce: clean(nonce, 64),
    host: clean(name, 64),
    osBuild,
    lastBoot: `${new Date(guest.lastBoot).toISOString().slice(0, 19)}Z`,
    sensor,
    mdatp: sensor === 'running' ? health(guest) : null,
    reboot: guest.rebootPending ? [reason] : [],
    thirdParty: thirdParty(guest),
    unchecked: osBuild === '' ? ['os-build'] : [],
  };
}

function sensorOf({ mdatp, sensor }: Guest): 'running' | 'stopped' | 'absent' {
  if (!mdatp) return 'absent';
  return sensor.service === 'Stopped' ? 'stopped' : 'running';
}

// Nobody answers while the service is stopped.
function health({ mdatp, onboarded }: Guest): Record<string, unknown> | null {
  if (!mdatp) return null;
  const { healthy, licensed, passiveMode, managed, realTimeProtection, definitions, version } = mdatp;
  return {
    healthy,
    licensed,
    passiveMode,
    passiveManaged: managed !== null,
    realTimeProtection,
    definitions,
    version: clean(version, 40),
    onboarded,
  };
}

function thirdParty({ thirdParty: products }: Guest): Record<string, unknown>[] {
  const units = products.flatMap(({ service, state, otherServices }) => [{ name: service, state }, ...otherServices]);
  const packages = products.flatMap(({ uninstall }) => (uninstall ? [uninstall.name] : []));
  const paths = products.flatMap((product) => product.paths);
  return KNOWN_PRODUCTS.flatMap(({ vendor, linux }) => {
    const own = units.filter(({ name }) => linux.units.includes(name));
    const traces = [
      ...(own.length > 0 ? ['service'] : []),
      ...(linux.packages.some((name) => packages.includes(name)) ? ['program'] : []),
      ...(linux.paths.some((path) => paths.includes(path)) ? ['files'] : []),
    ];
    return traces.length > 0 ? [{ vendor, running: own.some(({ state }) => state === 'Running'), traces }] : [];
  });
}

function clean(value: string, longest: number): string {
  return (value.split('\n')[0] ?? '').replace(/[^A-Za-z0-9 ._:+/-]/g, '').slice(0, longest);
}
