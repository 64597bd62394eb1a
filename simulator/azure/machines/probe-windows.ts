import type { Guest } from '../../estates/guest.ts';
import type { Machine } from '../../estates/machine.ts';
import { rebootReasons } from './reboot-pending.ts';
import type { Script } from './script.ts';

const COMPUTER_NAME_LENGTH = 15;

/** Services version 1 of the probe looks for, and the vendor it prints for each. */
export const WINDOWS_SERVICES: Readonly<Record<string, string>> = {
  CSFalconService: 'CrowdStrike',
  SentinelAgent: 'SentinelOne',
  SepMasterService: 'Symantec',
  masvc: 'Trellix',
  mfemms: 'Trellix',
  ds_agent: 'Trend Micro',
  ntrtscan: 'Trend Micro',
  'Sophos MCS Agent': 'Sophos',
  CbDefense: 'Carbon Black',
  CylanceSvc: 'Cylance',
  ekrn: 'ESET',
  klnagent: 'Kaspersky',
  cyserver: 'Cortex XDR',
};

/** Prints what Windows tells of itself; a service the probe does not look for does not appear. */
export const probeWindows: Script = {
  os: 'windows',
  run: (machine, { nonce }) => ({ line: lineOf(machine, nonce), changed: false }),
};

function lineOf({ name, guest }: Machine, nonce: string): Record<string, unknown> {
  return {
    v: 1,
    script: 'probe-windows',
    nonce,
    host: name.slice(0, COMPUTER_NAME_LENGTH).toUpperCase(),
    osBuild: guest.osBuild.split('.')[0],
    // The .NET round-trip format has seven decimals.
    lastBoot: new Date(guest.lastBoot).toISOString().replace('Z', '0000Z'),
    passiveKey: guest.passiveKey,
    onboarded: guest.onboarded,
    defender: computerStatus(guest),
    rebootPending: rebootReasons(guest).some((reason) => reason !== 'pfro'),
    thirdParty: services(guest),
  };
}

// Without the feature there is no Get-MpComputerStatus to ask.
function computerStatus({ defender }: Guest): Record<string, unknown> | null {
  if (defender?.feature !== 'Installed') return null;
  const { feature, mode, antivirusEnabled, realTimeProtection, tamperProtected, signatureAgeDays } = defender;
  return {
    feature,
    mode: mode === 'Passive' ? 'Passive Mode' : (mode ?? ''),
    antivirusEnabled,
    realTimeProtection,
    tamperProtected,
    signatureAgeDays,
  };
}

function services({ thirdParty }: Guest): Record<string, unknown>[] {
  const all = thirdParty.flatMap(({ service, state, otherServices }) => [{ name: service, state }, ...otherServices]);
  return all.flatMap(({ name, state }) => {
    const vendor = WINDOWS_SERVICES[name];
    return vendor === undefined ? [] : [{ vendor, service: name, state }];
  });
}
