import { notReady, ready, step } from '../core/step.ts';

/** Phase 2: Defender arrives, passive, beside the product it will replace. */
export const onboard = [
  step({
    id: 'endpoint-protection-on',
    phase: 'onboard',
    title: 'Endpoint protection is on',
    why: 'It is what makes Defender for Cloud deploy and onboard the Defender extension.',
    link: 'https://learn.microsoft.com/azure/defender-for-cloud/enable-defender-for-endpoint',
    subject: 'subscription',
    needs: ['security-settings', 'defender-plan', 'defender-policies'],
    action: 'turn-endpoint-protection-on',
    check(facts) {
      if (facts['defender-plan'].tier !== 'Standard') {
        return notReady('plan-off', 'the Defender for Servers plan is off', 'Enable the plan in Defender for Cloud, Environment settings.');
      }
      const targeted = facts['defender-policies'].assignments.some(
        ({ does, enforcement }) => does === 'deploys-agent' && enforcement !== 'DoNotEnforce',
      );
      const settings = facts['security-settings'];
      if (settings.endpointProtection === true && settings.unifiedSolution !== false) {
        return settings.includesLinux === false
          ? notReady('linux-excluded', 'it is on, but Linux machines are excluded', 'Request: turn endpoint protection on.')
          : ready('on for the subscription');
      }
      if (targeted) return ready('deployed by a policy assignment');
      return notReady('setting-off', 'neither the subscription nor a policy deploys Defender', 'Request: turn endpoint protection on.');
    },
  }),
  step({
    id: 'defender-extension-healthy',
    phase: 'onboard',
    title: 'The Defender extension is healthy',
    why: 'The extension carries the onboarding; until it succeeds the server does not report to Defender.',
    link: 'https://learn.microsoft.com/azure/defender-for-cloud/enable-defender-for-endpoint',
    subject: 'machine',
    needs: ['machine', 'defender-extension'],
    check(facts) {
      const extension = facts['defender-extension'];
      if (!extension.present)
        return notReady('missing', 'the Defender extension is not installed', 'Turn endpoint protection on for its subscription.');
      if (extension.state.toLowerCase() !== 'succeeded') {
        return notReady(
          'failed',
          `the Defender extension is ${extension.state || 'without a state'}`,
          'Open the extension in the portal and read its status message.',
        );
      }
      return ready(`${extension.type} ${extension.version}`);
    },
  }),
];
