import type { MachineFacts } from '../../core/machine.ts';
import type { Judgement } from '../../core/step.ts';
import { notKnown, notReady, ready } from '../../core/step.ts';

/**
 * How a server stands with Azure Arc. Azure shows it Disconnected 15 to 30 minutes after its last heartbeat and Expired after some 45 days, when it
 * can only be connected anew. An agent in monitor mode takes neither extensions nor Run Command; one too old to know modes reports none.
 * (Azure Arc: servers/overview, servers/security-extensions.)
 */
export function arcConnection(machine: MachineFacts): Judgement {
  if (machine.kind === 'listed') {
    return notReady(
      'not-in-azure',
      'it is on the server list, and Azure does not show it',
      'Connect it to Azure Arc, or take it off the list.',
    );
  }
  const status = machine.status.toLowerCase();
  if (status === '')
    return notKnown('arc-status-unread', 'Azure tells no status of its Arc agent', 'Look at the server in the Azure portal.');
  if (status === 'expired') {
    return notReady('arc-expired', 'its Arc registration has expired', 'On the server: azcmagent disconnect, then connect it again.');
  }
  if (status !== 'connected') {
    return notReady(
      'arc-disconnected',
      `Arc reports it ${machine.status}`,
      'Start the server or its Arc agent, and see that it gets out to Azure.',
    );
  }
  if (machine.configMode?.toLowerCase() === 'monitor') {
    return notReady('arc-monitor', 'its Arc agent is in monitor mode', 'On the server: azcmagent config set config.mode full.');
  }
  return ready('connected');
}
