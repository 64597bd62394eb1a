import { step } from '../../core/step.ts';
import { thirdPartyGone } from '../platform/third-party-gone.ts';

/** The old product left, and stayed away over a restart. */
export const thirdPartyRemoved = step({
  id: 'third-party-removed',
  phase: 'cut-over',
  title: 'The old product is gone',
  why: 'Two engines fight over the server; a removal counts when nothing is detected before a restart and after it.',
  link: 'https://learn.microsoft.com/defender-endpoint/switch-to-mde-phase-3',
  subject: 'machine',
  needs: ['guest'],
  uses: ['edr-assessment', 'machine-configuration'],
  owner: 'security team',
  action: 'remove-third-party',
  attestable: {
    statement:
      'The old product was taken off these servers, or never was on them; its console does not show them, and they were restarted since.',
    holdsDays: 30,
  },
  check(_facts, _subject, beside) {
    return thirdPartyGone(beside);
  },
});
