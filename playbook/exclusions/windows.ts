import type { HandOut } from '../../core/step.ts';
import { WINDOWS_SERVERS } from '../operating-systems.ts';

const SENSOR = 'C:\\Program Files\\Windows Defender Advanced Threat Protection';
const SENSOR_DATA = 'C:\\ProgramData\\Microsoft\\Windows Defender Advanced Threat Protection';
const ANTIVIRUS = 'C:\\Program Files\\Windows Defender';
const PLATFORM = 'C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.*';

const inFolder = (folder: string, programs: readonly string[]) => programs.map((program) => `${folder}\\${program}`);

/** Defender for Endpoint, client processes, as of 2026-04: longer than the list of the older migration guide. */
export const windowsExclusions: HandOut = {
  title: 'Windows Server 2012 R2 to 2025',
  os: WINDOWS_SERVERS,
  lines: [
    ...inFolder(SENSOR, [
      'MsSense.exe',
      'SenseCncProxy.exe',
      'SenseSampleUploader.exe',
      'SenseIR.exe',
      'SenseCM.exe',
      'SenseNdr.exe',
      'SenseTVM.exe',
      'SenseTracer.exe',
      'SenseDlpProcessor.exe',
      'Classification\\SenseCE.exe',
    ]),
    `${SENSOR_DATA}\\DataCollection`,
    'HKLM\\SOFTWARE\\Microsoft\\Windows Advanced Threat Protection\\*',
    ...inFolder(ANTIVIRUS, ['MsMpEng.exe', 'NisSrv.exe', 'ConfigSecurityPolicy.exe', 'MpCmdRun.exe', 'MpDefenderCoreService.exe']),
    ...inFolder(PLATFORM, [
      'MsMpEng.exe',
      'NisSrv.exe',
      'ConfigSecurityPolicy.exe',
      'MpCopyAccelerator.exe',
      'MpCmdRun.exe',
      'MpDefenderCoreService.exe',
      'mpextms.exe',
      'MpDlpService.exe',
      'MpDlpCmd.exe',
      'MipDlp.exe',
      'DlpUserAgent.exe',
    ]),
  ],
};

/** Where the sensor's own updates (KB5005292) put it. */
export const packagedSensorExclusions: HandOut = {
  title: 'Windows Server 2012 R2 and 2016, in addition',
  os: ['windows-server-2012-r2', 'windows-server-2016'],
  lines: inFolder(`${SENSOR_DATA}\\Platform\\*`, [
    'MsSense.exe',
    'SenseCnCProxy.exe',
    'SenseIR.exe',
    'SenseCE.exe',
    'SenseSampleUploader.exe',
    'SenseCM.exe',
    'SenseTVM.exe',
    'DataCollection',
  ]),
};
