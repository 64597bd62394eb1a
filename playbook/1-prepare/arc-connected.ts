import { step } from '../../core/step.ts';
import { arcConnection } from '../platform/arc.ts';

/** A server outside Azure can be asked and reached. */
export const arcConnected = step({
  id: 'arc-connected',
  phase: 'prepare',
  title: 'Azure Arc is connected',
  why: 'Servers outside Azure are reached through Arc; one that is not connected cannot be prepared or moved.',
  link: 'https://learn.microsoft.com/azure/azure-arc/servers/overview',
  subject: 'machine',
  needs: ['machine'],
  appliesTo: { kinds: ['arc', 'listed'] },
  owner: 'platform team',
  check: ({ machine }) => arcConnection(machine),
});
