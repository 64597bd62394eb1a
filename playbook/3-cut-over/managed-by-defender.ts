import { notKnown, notReady, ready, step } from '../../core/step.ts';
import { joinWords } from '../platform/join-words.ts';

/** The policies of the security portal reach the server. The value is not in the documentation of the machines list: UNVERIFIED. */
export const managedByDefender = step({
  id: 'managed-by-defender',
  phase: 'cut-over',
  title: 'Defender manages its settings',
  why: 'Exclusions and antivirus policies of the security portal reach only servers that Defender for Endpoint manages.',
  link: 'https://learn.microsoft.com/mem/intune/protect/mde-security-integration',
  subject: 'machine',
  needs: ['management'],
  owner: 'security team',
  optional: true,
  check({ management }) {
    if (!management.found) {
      return notReady('not-in-machines-list', 'the machines list has no device that is this server', 'Finish the Onboard phase for it.');
    }
    const { managedBy, status } = management;
    if (managedBy === 'MicrosoftDefenderForEndpoint' || managedBy === 'MDE') {
      if (status === 'Success') return ready(`managed by Defender for Endpoint${joinWords(management)}`);
      if (status === 'Error') {
        return notReady(
          'management-failed',
          'its enrolment in security settings management failed',
          'Look at the device in the security portal: it names the cause.',
        );
      }
      return notKnown('management-unclear', 'whether its policies get through is not told', 'Look at the device in the security portal.');
    }
    if (managedBy === 'Unknown' || managedBy === '') {
      return notReady(
        'not-managed',
        'nobody manages its security settings',
        'Switch the enforcement scope on; it takes a user licence, and domain controllers are left out: waive these, or switch the step off in the migration file.',
      );
    }
    return notReady(
      'managed-by-others',
      `${OTHERS.get(managedBy) ?? managedBy} manages its security settings`,
      'Take it out of that management, or set its exclusions and antivirus policy there and have it waived.',
    );
  },
});

const OTHERS: ReadonlyMap<string, string> = new Map([['SystemCenterConfigurationManager', 'Configuration Manager']]);
