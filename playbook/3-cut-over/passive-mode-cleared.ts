import { notKnown, notReady, ready, step } from '../../core/step.ts';

/** Windows keeps a server passive while the key is 1. Linux has no key: mdatp itself starts passive there. */
export const passiveModeCleared = step({
  id: 'passive-mode-cleared',
  phase: 'cut-over',
  title: 'Passive mode is cleared',
  why: 'A Windows server keeps Defender passive while the key is 1, even after the old product is gone; Linux starts passive.',
  link: 'https://learn.microsoft.com/defender-endpoint/switch-to-mde-troubleshooting',
  subject: 'machine',
  needs: ['guest'],
  owner: 'server owner',
  action: 'clear-passive-mode',
  attestable: { statement: 'No group policy and no tool of ours keeps these servers in passive mode any more.', holdsDays: 30 },
  check({ guest }) {
    if (guest.platform === 'linux') {
      if (guest.defender === null) return notReady('no-agent', 'the Defender agent is not installed', 'Finish the Onboard phase for it.');
      if (guest.passiveKey === null)
        return notKnown('passive-unread', 'mdatp does not tell whether it is passive', 'Request the probe again.');
      if (guest.passiveKey === 0) return ready('mdatp is not in passive mode');
      return notReady(
        'linux-passive',
        'mdatp is in passive mode',
        guest.passiveManaged
          ? 'When the old product is gone: change its managed configuration, which wins over the command line.'
          : 'When the old product is gone, request: clear passive mode.',
      );
    }
    if (guest.passiveKey === 1) {
      return notReady(
        'key-set',
        'ForceDefenderPassiveMode is 1',
        'When the old product is gone, request: clear passive mode; where a group policy sets the key, clear it there first.',
      );
    }
    return ready(guest.passiveKey === 0 ? 'ForceDefenderPassiveMode is 0' : 'the key is not set');
  },
});
