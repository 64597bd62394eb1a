import { notKnown, notReady, ready, step } from '../../core/step.ts';
import { arcConnection } from '../platform/arc.ts';

/** From here on every server outside Azure has to be in Arc, and its agent has to let the extension in. */
export const arcConnectedForOnboarding = step({
  id: 'arc-connected-for-onboarding',
  phase: 'onboard',
  title: 'Azure Arc lets Defender in',
  why: 'The extension comes through Arc; a server that is not connected, or keeps extensions out, is not onboarded and stays behind.',
  link: 'https://learn.microsoft.com/azure/azure-arc/servers/security-extensions',
  subject: 'machine',
  needs: ['machine'],
  appliesTo: { kinds: ['arc', 'listed'] },
  owner: 'platform team',
  check({ machine }) {
    const connection = arcConnection(machine);
    if (connection.verdict !== 'ready') return connection;
    if (machine.refuses === null) {
      return notKnown(
        'arc-lists-unread',
        'its Arc agent does not tell which extensions it lets in',
        'On the server: azcmagent config list, and update the agent.',
      );
    }
    if (machine.refuses.defender) {
      return notReady(
        'arc-refuses-defender',
        'its Arc agent keeps the Defender extension out',
        'On the server: take Microsoft.Azure.AzureDefenderForServers off the block list, or put it on the allow list, with azcmagent config.',
      );
    }
    return ready('connected, and it lets the extension in');
  },
});
