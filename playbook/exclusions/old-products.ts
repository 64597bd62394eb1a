/** What Defender is told to leave alone of one product on one platform. */
export interface ProductExclusions {
  /** Whole paths of programs. */
  readonly processes: readonly string[];
  /** Folders, with what is below them; for Linux, beside those that the list of products names. */
  readonly paths: readonly string[];
}

const PROGRAMS = 'C:\\Program Files';
const DATA = 'C:\\ProgramData';
const DRIVERS = 'C:\\Windows\\System32\\drivers';

const of = (folder: string, programs: readonly string[]) => programs.map((program) => `${folder}${program}`);
const windows = (processes: readonly string[], paths: readonly string[]): ProductExclusions => ({ processes, paths });
const linux = windows;

/**
 * By vendor, as the list of products names them. From the products' default folders, and UNVERIFIED: whoever puts them into a policy compares
 * them with the vendor's own page first. A process is named by its whole path, since any other program may bear its name.
 */
export const oldProductExclusions: Readonly<Record<string, Readonly<Record<'windows' | 'linux', ProductExclusions>>>> = {
  CrowdStrike: {
    windows: windows(of(`${PROGRAMS}\\CrowdStrike\\`, ['CSFalconService.exe', 'CSFalconContainer.exe']), [
      `${PROGRAMS}\\CrowdStrike`,
      `${DATA}\\CrowdStrike`,
      `${DRIVERS}\\CrowdStrike`,
    ]),
    linux: linux(['/opt/CrowdStrike/falcon-sensor'], []),
  },
  SentinelOne: {
    windows: windows(of(`${PROGRAMS}\\SentinelOne\\Sentinel Agent *\\`, ['SentinelAgent.exe', 'SentinelServiceHost.exe']), [
      `${PROGRAMS}\\SentinelOne`,
      `${DATA}\\Sentinel`,
    ]),
    linux: linux(['/opt/sentinelone/bin/sentinelone-agent'], []),
  },
  Symantec: {
    windows: windows(of(`${PROGRAMS}\\Symantec\\Symantec Endpoint Protection\\`, ['ccSvcHst.exe', 'Smc.exe']), [
      `${PROGRAMS}\\Symantec`,
      `${PROGRAMS} (x86)\\Symantec`,
      `${DATA}\\Symantec`,
    ]),
    linux: linux([], []),
  },
  Trellix: {
    windows: windows(of(`${PROGRAMS}\\McAfee\\Agent\\`, ['masvc.exe', 'macmnsvc.exe']), [
      `${PROGRAMS}\\McAfee`,
      `${PROGRAMS}\\Common Files\\McAfee`,
      `${PROGRAMS}\\Trellix`,
      `${PROGRAMS} (x86)\\FireEye`,
      `${DATA}\\McAfee`,
    ]),
    linux: linux(['/opt/McAfee/agent/bin/masvc'], []),
  },
  'Trend Micro': {
    windows: windows(of(`${PROGRAMS}\\Trend Micro\\Deep Security Agent\\`, ['dsa.exe', 'ds_monitor.exe']), [
      `${PROGRAMS}\\Trend Micro`,
      `${PROGRAMS} (x86)\\Trend Micro`,
      `${DATA}\\Trend Micro`,
    ]),
    linux: linux(['/opt/ds_agent/ds_agent'], ['/var/opt/ds_agent']),
  },
  Sophos: {
    windows: windows(of(`${PROGRAMS}\\Sophos\\Endpoint Defense\\`, ['SEDService.exe', 'SSPService.exe']), [
      `${PROGRAMS}\\Sophos`,
      `${PROGRAMS} (x86)\\Sophos`,
      `${DATA}\\Sophos`,
    ]),
    linux: linux([], ['/opt/sophos-av']),
  },
  'Carbon Black': {
    windows: windows(of(`${PROGRAMS}\\Confer\\`, ['RepMgr.exe', 'RepUtils.exe', 'RepWSC.exe']), [
      `${PROGRAMS}\\Confer`,
      `${DATA}\\CarbonBlack`,
    ]),
    linux: linux(['/opt/carbonblack/psc/bin/cbagentd'], ['/var/opt/carbonblack']),
  },
  Cylance: {
    windows: windows(of(`${PROGRAMS}\\Cylance\\Desktop\\`, ['CylanceSvc.exe', 'CylanceUI.exe']), [
      `${PROGRAMS}\\Cylance`,
      `${DATA}\\Cylance`,
    ]),
    linux: linux(['/opt/cylance/desktop/cylancesvc'], []),
  },
  ESET: {
    windows: windows(of(`${PROGRAMS}\\ESET\\ESET Security\\`, ['ekrn.exe', 'egui.exe']), [`${PROGRAMS}\\ESET`, `${DATA}\\ESET`]),
    linux: linux([], ['/var/opt/eset']),
  },
  Kaspersky: {
    windows: windows(of(`${PROGRAMS} (x86)\\Kaspersky Lab\\NetworkAgent\\`, ['klnagent.exe']), [
      `${PROGRAMS}\\Kaspersky Lab`,
      `${PROGRAMS} (x86)\\Kaspersky Lab`,
      `${DATA}\\Kaspersky Lab`,
    ]),
    linux: linux(['/opt/kaspersky/klnagent64/sbin/klnagent'], ['/var/opt/kaspersky']),
  },
  'Cortex XDR': {
    windows: windows(of(`${PROGRAMS}\\Palo Alto Networks\\Traps\\`, ['cyserver.exe', 'cytray.exe']), [
      `${PROGRAMS}\\Palo Alto Networks\\Traps`,
      `${DATA}\\Cyvera`,
    ]),
    linux: linux(['/opt/traps/bin/pmd'], []),
  },
};
