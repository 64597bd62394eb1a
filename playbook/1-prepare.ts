import { notReady, ready, step } from '../core/step.ts';
import { WINDOWS_SERVERS } from './operating-systems.ts';

/** Phase 1: every server is known to Azure, nothing is pushed yet, and Defender is told to stay passive. */
export const prepare = [
  step({
    id: 'arc-connected',
    phase: 'prepare',
    title: 'Azure Arc is connected',
    why: 'Servers outside Azure are reached through Arc; one that is not connected cannot be prepared or moved.',
    link: 'https://learn.microsoft.com/azure/azure-arc/servers/overview',
    subject: 'machine',
    needs: ['machine'],
    appliesTo: { kinds: ['arc'] },
    check({ machine }) {
      const status = machine.status.toLowerCase();
      if (status === 'expired') {
        return notReady('arc-expired', 'its Arc registration has expired', 'On the server: azcmagent disconnect, then connect it again.');
      }
      if (status !== 'connected') {
        return notReady('arc-disconnected', `Arc reports it ${machine.status || 'without a status'}`, 'Start the server or its Arc agent.');
      }
      if (machine.configMode?.toLowerCase() === 'monitor') {
        return notReady('arc-monitor', 'its Arc agent is in monitor mode', 'On the server: azcmagent config set config.mode full.');
      }
      return ready('connected');
    },
  }),
  step({
    id: 'endpoint-protection-off',
    phase: 'prepare',
    title: 'Endpoint protection is off',
    why: 'While it is on, Defender for Cloud pushes the Defender extension to machines that are not prepared.',
    link: 'https://learn.microsoft.com/azure/defender-for-cloud/enable-defender-for-endpoint',
    subject: 'subscription',
    needs: ['security-settings', 'defender-policies', 'defender-plan'],
    action: 'turn-endpoint-protection-off',
    check(facts) {
      const settings = facts['security-settings'];
      if (settings.endpointProtection !== false && facts['defender-plan'].tier === 'Standard') {
        return notReady('setting-on', 'the subscription pushes the Defender extension', 'Request: turn endpoint protection off.');
      }
      const acting = facts['defender-policies'].assignments.filter(({ enforcement }) => enforcement !== 'DoNotEnforce');
      if (acting.length > 0) {
        const names = acting.map(({ name }) => name).join(', ');
        return notReady(
          'policy',
          `a policy assignment pushes it or flips it back on: ${names}`,
          'Set the assignment to DoNotEnforce or exclude the scope.',
        );
      }
      if (settings.endpointProtection === true) return ready('the plan is off; enabling the plan would switch endpoint protection on');
      return ready('off, and no policy turns it on');
    },
  }),
  step({
    id: 'passive-mode-set',
    phase: 'prepare',
    title: 'Passive mode is set',
    why: 'Without the key, Defender becomes a second active antivirus at the moment a Windows server is onboarded.',
    link: 'https://learn.microsoft.com/defender-endpoint/switch-to-mde-phase-2',
    subject: 'machine',
    needs: ['guest'],
    appliesTo: { os: WINDOWS_SERVERS },
    action: 'set-passive-mode',
    check({ guest }) {
      if (guest.passiveKey === 1) return ready('ForceDefenderPassiveMode is 1');
      const is = guest.passiveKey === null ? 'not set' : '0';
      return notReady('key-missing', `ForceDefenderPassiveMode is ${is}`, 'Request: set passive mode.');
    },
  }),
];
