import type { Product } from './guest.ts';

interface Known {
  vendor: string;
  windows: { services: string[]; drivers: string[]; program: string };
  linux: { units: string[]; path: string };
}

/** What the products a migration replaces leave on a machine; the first service is the one that protects. */
const PRODUCTS = {
  crowdstrike: known(
    'CrowdStrike',
    ['CSFalconService'],
    ['csagent.sys', 'CSDeviceControl.sys'],
    'CrowdStrike Windows Sensor',
    ['falcon-sensor'],
    '/opt/CrowdStrike',
  ),
  sentinelone: known(
    'SentinelOne',
    ['SentinelAgent', 'SentinelHelperService', 'SentinelStaticEngine'],
    ['SentinelMonitor.sys'],
    'Sentinel Agent',
    ['sentinelone'],
    '/opt/sentinelone',
  ),
  symantec: known(
    'Symantec',
    ['SepMasterService'],
    ['symefasi.sys', 'srtsp64.sys'],
    'Symantec Endpoint Protection',
    ['sisamddaemon'],
    '/opt/Symantec',
  ),
  trellix: known(
    'Trellix',
    ['mfetp', 'masvc', 'macmnsvc', 'mfemms', 'mfefire'],
    ['mfencfilter.sys'],
    'Trellix Endpoint Security Threat Prevention',
    ['mfetpd', 'ma'],
    '/opt/McAfee',
  ),
  trend: known(
    'Trend Micro',
    ['ds_agent', 'ds_monitor'],
    ['tmactmon.sys'],
    'Trend Micro Deep Security Agent',
    ['ds_agent'],
    '/opt/ds_agent',
  ),
  sophos: known(
    'Sophos',
    ['Sophos Endpoint Defense Service', 'Sophos MCS Agent', 'hmpalertsvc'],
    ['SAVOnAccess.sys'],
    'Sophos Endpoint Agent',
    ['sophos-spl'],
    '/opt/sophos-spl',
  ),
  carbonblack: known(
    'Carbon Black',
    ['CbDefense'],
    ['CarbonBlackK.sys'],
    'Carbon Black Cloud Sensor 64-bit',
    ['cbdaemon', 'cbagentd'],
    '/opt/carbonblack',
  ),
  cylance: known('Cylance', ['CylanceSvc', 'CyOptics'], ['CyProtectDrv64.sys'], 'Cylance PROTECT', ['cylancesvc'], '/opt/cylance'),
  eset: known('ESET', ['ekrn', 'EraAgentSvc'], ['ehdrv.sys', 'eamonm.sys'], 'ESET Server Security', ['efs'], '/opt/eset'),
  kaspersky: known(
    'Kaspersky',
    ['kavfs', 'klnagent'],
    ['klif.sys'],
    'Kaspersky Security for Windows Server',
    ['kesl', 'klnagent64'],
    '/opt/kaspersky',
  ),
  cortex: known('Cortex XDR', ['cyserver'], ['cyvrfsfd.sys'], 'Cortex XDR', ['traps_pmd'], '/opt/traps'),
} as const satisfies Record<string, Known>;

export type ProductName = keyof typeof PRODUCTS;
export const PRODUCT_NAMES = Object.keys(PRODUCTS) as ProductName[];

function known(vendor: string, services: string[], drivers: string[], program: string, units: string[], path: string): Known {
  return { vendor, windows: { services, drivers, program }, linux: { units, path } };
}

/** A third-party product as it runs on a machine. */
export function product(name: ProductName, osType: string): Product {
  const { vendor, windows, linux } = PRODUCTS[name];
  const onLinux = osType === 'linux';
  const [service = '', ...others] = onLinux ? linux.units : windows.services;
  return {
    vendor,
    service,
    state: 'Running',
    otherServices: others.map((other) => ({ name: other, state: 'Running' })),
    drivers: onLinux ? [] : [...windows.drivers],
    paths: onLinux ? [linux.path] : [],
    uninstall: { name: onLinux ? service : windows.program, version: '7.18.0' },
    blocks: false,
    token: null,
  };
}
