import { uncheckedOf } from '../../core/facts/guest.ts';
import { notKnown, notReady, ready, step } from '../../core/step.ts';
import { FEATURE_SERVERS, hasPackagedSensor } from '../operating-systems.ts';

/** Products that Defender is to replace often take its feature away, and sometimes its files too. */
export const defenderFeatureInstalled = step({
  id: 'defender-feature-installed',
  phase: 'prepare',
  title: 'The Defender feature is installed',
  why: 'The extension turns the feature on where its files are there; where they are gone it fails, and somebody has to bring a WIM.',
  link: 'https://learn.microsoft.com/defender-endpoint/enable-update-mdav-to-latest-ws',
  subject: 'machine',
  needs: ['machine', 'guest'],
  appliesTo: { os: FEATURE_SERVERS },
  owner: 'server owner',
  action: 'install-defender-feature',
  check({ machine, guest }) {
    const { feature, defender, disabledByPolicy, onboarded } = guest;
    if (feature === null || uncheckedOf(guest, 'feature').length > 0)
      return notKnown('feature-unread', 'the probe could not tell the state of the feature', 'Request the probe again.');
    if (feature === 'removed') {
      return notReady(
        'needs-wim',
        'the files of the Defender feature are gone, so it needs a WIM',
        'Name a WIM of the same version and build in the migration file, then request: install defender feature. A WSUS does not have these files.',
      );
    }
    if (feature === 'available') {
      return notReady(
        'feature-off',
        'the Defender feature is not installed',
        'Install the feature, then restart the server; or request: install defender feature.',
      );
    }
    // Once a server is onboarded the policy value is ignored, from antimalware platform 4.18.2108.4 on.
    if (disabledByPolicy && !onboarded) {
      if (!hasPackagedSensor(machine.os)) return ready('installed; DisableAntiSpyware keeps it off until the server is onboarded');
      return notReady(
        'disabled-by-policy',
        'DisableAntiSpyware is 1, and the installer for its system refuses to run then (exit code 39)',
        'With the passive key and both exclusion lists in place, take DisableAntiSpyware out of the policy shortly before onboarding.',
      );
    }
    if (defender === null) {
      return notKnown(
        'feature-silent',
        'the feature is installed, and Defender Antivirus does not answer',
        'Restart the server, then probe it again.',
      );
    }
    return ready('installed');
  },
});
