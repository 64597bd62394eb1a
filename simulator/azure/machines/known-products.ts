/** By what version 2 of the probes knows a vendor's product. */
export interface KnownProduct {
  vendor: string;
  /** `*` stands for any characters; letter case does not count. */
  windows: { services: string[]; drivers: string[]; programs: string[] };
  /** Exact names. */
  linux: { units: string[]; packages: string[]; paths: string[] };
}

/** In the order in which the probes print them. */
export const KNOWN_PRODUCTS: readonly KnownProduct[] = [
  {
    vendor: 'CrowdStrike',
    windows: { services: ['CSFalconService'], drivers: ['csagent.sys', 'CSDeviceControl.sys'], programs: ['CrowdStrike *'] },
    linux: { units: ['falcon-sensor'], packages: ['falcon-sensor'], paths: ['/opt/CrowdStrike'] },
  },
  {
    vendor: 'SentinelOne',
    windows: {
      services: ['SentinelAgent', 'SentinelHelperService', 'SentinelStaticEngine'],
      drivers: ['SentinelMonitor.sys'],
      programs: ['Sentinel Agent*', 'SentinelOne *'],
    },
    linux: {
      units: ['sentinelone', 'sentineld'],
      packages: ['sentinelone', 'sentinelagent', 'SentinelAgent'],
      paths: ['/opt/sentinelone'],
    },
  },
  {
    vendor: 'Symantec',
    windows: { services: ['SepMasterService'], drivers: ['symefa*.sys', 'srtsp*.sys'], programs: ['Symantec Endpoint Protection*'] },
    linux: {
      units: ['sisamddaemon', 'sisidsdaemon', 'sisipsdaemon', 'symcfgd', 'rtvscand'],
      packages: ['sisamddaemon', 'sdcss-agent', 'sep', 'sav'],
      paths: ['/opt/Symantec'],
    },
  },
  {
    vendor: 'Trellix',
    windows: {
      services: ['masvc', 'macmnsvc', 'mfemms', 'mfetp', 'mfefire', 'xagt'],
      drivers: ['mfencfilter.sys', 'FeKern.sys'],
      programs: ['McAfee *', 'Trellix *'],
    },
    linux: {
      units: ['mfetpd', 'ma', 'xagt'],
      packages: ['mfetpd', 'ma', 'McAfeeTP', 'McAfeeESP', 'MFEma', 'xagt'],
      paths: ['/opt/McAfee', '/opt/Trellix', '/opt/fireeye'],
    },
  },
  {
    vendor: 'Trend Micro',
    windows: {
      services: ['ds_agent', 'ds_monitor', 'ntrtscan', 'tmlisten'],
      drivers: ['tmactmon.sys', 'tmcomm.sys', 'tmevtmgr.sys'],
      programs: ['Trend Micro *'],
    },
    linux: { units: ['ds_agent'], packages: ['ds_agent', 'ds-agent'], paths: ['/opt/ds_agent'] },
  },
  {
    vendor: 'Sophos',
    windows: {
      services: ['SAVService', 'Sophos Endpoint Defense Service', 'Sophos MCS Agent', 'hmpalertsvc'],
      drivers: ['SAVOnAccess.sys'],
      programs: ['Sophos *'],
    },
    linux: { units: ['sophos-spl'], packages: ['sophos-spl'], paths: ['/opt/sophos-spl'] },
  },
  {
    vendor: 'Carbon Black',
    windows: {
      services: ['CbDefense', 'CarbonBlack', 'Parity'],
      drivers: ['CarbonBlackK.sys', 'parity.sys'],
      programs: ['Carbon Black *', 'Cb *'],
    },
    linux: { units: ['cbdaemon', 'cbagentd'], packages: ['cbdaemon', 'cbagentd', 'cb-psc-sensor'], paths: ['/opt/carbonblack'] },
  },
  {
    vendor: 'Cylance',
    windows: { services: ['CylanceSvc', 'CyOptics'], drivers: ['CyProtectDrv64.sys'], programs: ['Cylance *'] },
    linux: { units: ['cylancesvc'], packages: ['cylancesvc', 'CylancePROTECT'], paths: ['/opt/cylance'] },
  },
  {
    vendor: 'ESET',
    windows: { services: ['ekrn', 'EraAgentSvc'], drivers: ['ehdrv.sys', 'eamonm.sys'], programs: ['ESET *'] },
    linux: { units: ['efs', 'eraagent'], packages: ['efs'], paths: ['/opt/eset'] },
  },
  {
    vendor: 'Kaspersky',
    windows: { services: ['AVP*', 'klnagent', 'kavfs'], drivers: ['klif*.sys'], programs: ['Kaspersky *'] },
    linux: { units: ['kesl', 'klnagent64'], packages: ['kesl', 'klnagent64'], paths: ['/opt/kaspersky'] },
  },
  {
    vendor: 'Cortex XDR',
    windows: { services: ['cyserver'], drivers: ['cyvrfsfd.sys', 'cyvrmtgn.sys', 'tedrdrv.sys'], programs: ['Cortex XDR*'] },
    linux: { units: ['traps_pmd'], packages: ['traps_pmd', 'cortex-agent'], paths: ['/opt/traps'] },
  },
];

/** KB numbers the Windows probe looks for. */
export const ASKED_HOTFIXES: readonly string[] = [
  'KB2919355',
  'KB2919442',
  'KB2959977',
  'KB2999226',
  'KB3045999',
  'KB3068708',
  'KB3080149',
  'KB4457127',
  'KB5005698',
  'KB5031419',
];

/** Whether one of the names is one of the patterns. */
export function anyMatches(names: readonly string[], patterns: readonly string[]): boolean {
  const expressions = patterns.map((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^$(){}|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 'i');
  });
  return names.some((name) => expressions.some((expression) => expression.test(name)));
}
