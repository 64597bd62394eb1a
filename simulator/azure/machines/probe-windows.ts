import type { Guest } from '../../estates/guest.ts';
import type { Machine } from '../../estates/machine.ts';
import { windowsRelease } from '../../estates/windows-releases.ts';
import { ASKED_HOTFIXES, anyMatches, KNOWN_PRODUCTS } from './known-products.ts';
import { rebootReasons } from './reboot-pending.ts';
import type { Script } from './script.ts';
import { titlesOf, withinLine, wsusFacts } from './wsus-facts.ts';

const COMPUTER_NAME_LENGTH = 15;
const REASONS = ['cbs', 'wu', 'pfro'] as const;

/** Prints what Windows tells of itself; a product the probe does not look for does not appear. */
export const probeWindows: Script = {
  os: 'windows',
  run: (machine, { nonce }) => ({ line: lineOf(machine, nonce), changed: false }),
};

function lineOf(machine: Machine, nonce: string): Record<string, unknown> {
  const { name, guest } = machine;
  const told = /^\d+/.test(guest.osBuild);
  const { feature, unchecked } = featureOf(machine, told);
  const pending = rebootReasons(guest);
  return withinLine({
    v: 2,
    script: 'probe-windows',
    nonce: text(nonce, 64),
    host: text(name.slice(0, COMPUTER_NAME_LENGTH).toUpperCase(), 63),
    osBuild: told ? text(guest.osBuild, 20) : '',
    lastBoot: seconds(guest.lastBoot),
    passiveKey: guest.passiveKey,
    onboarded: guest.onboarded,
    disabledByPolicy: guest.defender?.disabledByPolicy ?? false,
    sensor: guest.sensor.service.toLowerCase(),
    defender: computerStatus(guest),
    feature,
    reboot: REASONS.filter((reason) => pending.includes(reason)),
    wsus: guest.updates.wsus && { server: text(guest.updates.wsus.server, 120) },
    wsusServer: guest.wsusServer && wsusFacts(guest.wsusServer, (title) => titlesOf(title, text), text),
    hotfixes: [...new Set(guest.updates.hotfixes)].filter((kb) => ASKED_HOTFIXES.includes(kb)).toSorted(),
    thirdParty: thirdParty(guest),
    unchecked,
  });
}

// Without the feature there is no Get-MpComputerStatus to ask.
function computerStatus({ defender }: Guest): Record<string, unknown> | null {
  if (defender?.feature !== 'Installed') return null;
  const { mode, antivirusEnabled, realTimeProtection, tamperProtected, signatureAgeDays, platformVersion } = defender;
  return {
    mode: mode === 'Passive' ? 'Passive Mode' : (mode ?? ''),
    antivirusEnabled,
    realTimeProtection,
    tamperProtected,
    signatureAgeDays: signatureAgeDays < 65_535 ? signatureAgeDays : null,
    version: text(platformVersion, 40),
  };
}

// A machine of which nobody told what its feature is like does not say it either.
function featureOf(machine: Machine, told: boolean): { feature: string | null; unchecked: string[] } {
  if (!told) return { feature: null, unchecked: ['feature', 'os-build'] };
  if (!windowsRelease(machine)?.feature) return { feature: null, unchecked: [] };
  const { defender } = machine.guest;
  return defender ? { feature: defender.feature.toLowerCase(), unchecked: [] } : { feature: null, unchecked: ['feature'] };
}

function thirdParty({ thirdParty: products, driversUntilBoot }: Guest): Record<string, unknown>[] {
  const services = products.flatMap(({ service, state, otherServices }) => [{ name: service, state }, ...otherServices]);
  const drivers = [...products.flatMap((product) => product.drivers), ...driversUntilBoot];
  const programs = products.flatMap(({ uninstall }) => (uninstall ? [uninstall.name] : []));
  return KNOWN_PRODUCTS.flatMap(({ vendor, windows }) => {
    const own = services.filter(({ name }) => anyMatches([name], windows.services));
    const traces = [
      ...(own.length > 0 ? ['service'] : []),
      ...(anyMatches(drivers, windows.drivers) ? ['driver'] : []),
      ...(anyMatches(programs, windows.programs) ? ['program'] : []),
    ];
    return traces.length > 0 ? [{ vendor, running: own.some(({ state }) => state === 'Running'), traces }] : [];
  });
}

/** What the script makes of a text: ASCII, cut off. */
function text(value: string, longest: number): string {
  return value.replace(/[^\x20-\x7e]/g, '?').slice(0, longest);
}

function seconds(at: string): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
