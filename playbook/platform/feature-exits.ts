import type { ScriptExit } from '../../core/plan.ts';

const done = (words: string): ScriptExit => ({ done: true, words });
const failed = (words: string): ScriptExit => ({ done: false, words });

/**
 * What the exit codes of the script mean that installs the Defender feature. They are its own, so that no number means two things; it prints
 * DISM's beside them. (DISM: “Repair a Windows image”, “.NET Framework 3.5 installation error” for the sources; Defender for Endpoint:
 * enable-update-mdav-to-latest-ws. 0x800f082f from general knowledge: UNVERIFIED.)
 */
export const FEATURE_EXITS: Readonly<Record<string, ScriptExit>> = {
  '3010': done('the change is made; a restart is needed'),
  '20': failed(
    'the files of the feature are not on the server (0x800f081f): name an image of its version in the migration file, under install-defender-feature',
  ),
  '21': failed(
    'its WSUS or a policy decides where features come from, and has no files for this one (0x800f0954): name an image in the migration file, under install-defender-feature',
  ),
  '22': failed('its component store is damaged (14081): repair it with DISM /RestoreHealth, or install the latest cumulative update first'),
  '23': failed('a restart is pending: restart it, then probe it again'),
  '24': failed('the policy DisableAntiSpyware keeps Defender off: take it away first'),
  '25': failed('the server cannot open the image: let its computer account read the share, and see that the path is right'),
  '26': failed(
    'the image is another file than the one that was signed: nothing was installed; compare its SHA-256 with the migration file',
  ),
  '27': failed('the image does not fit the server: name one of the same version, and an edition in it that has the feature'),
  '28': failed('Windows knows no feature of Defender Antivirus: look at the edition of its system'),
  '29': failed('DISM could not do it: read C:\\Windows\\Logs\\DISM\\dism.log on the server'),
  '30': failed('ForceDefenderPassiveMode is not 1, so that onboarding would make Defender a second active engine: set passive mode first'),
};
