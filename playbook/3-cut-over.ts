import { notReady, ready, step } from '../core/step.ts';

/** Phase 3: the old product leaves and Defender takes over. */
export const cutOver = [
  step({
    id: 'passive-mode-cleared',
    phase: 'cut-over',
    title: 'Passive mode is cleared',
    why: 'A Windows server keeps Defender passive while the key is 1, even after the old product is gone; Linux starts passive.',
    link: 'https://learn.microsoft.com/defender-endpoint/switch-to-mde-troubleshooting',
    subject: 'machine',
    needs: ['guest'],
    check({ guest }) {
      if (guest.passiveKey === 1) {
        return notReady(
          'key-set',
          guest.platform === 'linux' ? 'mdatp is in passive mode' : 'ForceDefenderPassiveMode is 1',
          'Clear it when the old product is gone.',
        );
      }
      if (guest.platform === 'linux' && guest.defender === null) {
        return notReady('no-agent', 'the Defender agent is not installed', 'Finish the Onboard phase for it.');
      }
      return ready(guest.platform === 'linux' ? 'mdatp is not in passive mode' : 'the key is not set');
    },
  }),
  step({
    id: 'antivirus-active',
    phase: 'cut-over',
    title: 'Defender Antivirus is active',
    why: 'The migration ends when Defender itself says that it protects the server.',
    link: 'https://learn.microsoft.com/defender-endpoint/microsoft-defender-antivirus-compatibility',
    subject: 'machine',
    needs: ['guest'],
    check({ guest }) {
      const { defender } = guest;
      if (defender === null)
        return notReady('no-defender', 'Defender Antivirus is not installed or not running', 'Install the feature, then probe again.');
      if (!guest.onboarded)
        return notReady('not-onboarded', 'it is not onboarded to Defender for Endpoint', 'Finish the Onboard phase for it.');
      const active = defender.mode === 'Normal' && defender.antivirusEnabled && defender.realTimeProtection;
      return active
        ? ready('active with real-time protection')
        : notReady(
            'not-active',
            `Defender reports mode “${defender.mode}”${defender.realTimeProtection ? '' : ', real-time protection off'}`,
            'Clear passive mode when the old product is gone.',
          );
    },
  }),
];
