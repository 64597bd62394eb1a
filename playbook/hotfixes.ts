/**
 * KB numbers the Windows probe looks for, because a step asks for them. Windows lists here what came as a servicing package:
 * KB4052623 (antivirus platform) and KB5005292 (sensor) never appear (UNVERIFIED), so a step must not take their absence for anything.
 * Sources: Microsoft Learn "Onboard servers", mdefordownlevelserver Install.ps1.
 */
export const ASKED_HOTFIXES: readonly string[] = [
  // Windows Server 2012 R2: what the unified agent stands on, where no monthly rollup brought it.
  'KB2919442',
  'KB2919355',
  'KB2959977',
  'KB2999226',
  'KB3045999',
  'KB3068708',
  'KB3080149',
  // The rollup of October 2023, the first month of Extended Security Updates (number UNVERIFIED).
  'KB5031419',
  // Windows Server 2016: the servicing stack of September 2021 and the cumulative update of September 2018 (numbers UNVERIFIED).
  'KB5005698',
  'KB4457127',
];
