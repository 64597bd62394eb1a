import { uncheckedOf } from '../../core/facts/guest.ts';
import { notKnown, notRead, notReady, ready, step } from '../../core/step.ts';
import { WINDOWS_SERVERS } from '../operating-systems.ts';
import { pendingByAssessment } from '../platform/restart-pending.ts';

/** A server that waits for a restart refuses the unified solution, and what was installed does not count yet. */
export const rebootNotPending = step({
  id: 'reboot-not-pending',
  phase: 'prepare',
  title: 'No restart is pending',
  why: 'Installers refuse to run while a restart is pending, and what waits for it is not there yet.',
  link: 'https://learn.microsoft.com/defender-endpoint/onboard-server',
  subject: 'machine',
  needs: ['machine'],
  uses: ['guest', 'updates'],
  appliesTo: { os: WINDOWS_SERVERS },
  owner: 'server owner',
  holdsThrough: 'prepare',
  action: 'restart-machines',
  attestable: { statement: 'These servers were restarted, and none of them waits for another restart.', holdsDays: 3 },
  check(_facts, _subject, { guest, updates }) {
    const assessed = pendingByAssessment(updates, guest);
    if (guest.state === 'unread') {
      // An assessment tells that a restart is pending, and never that none is: it knows of updates alone.
      return assessed ? notReady('reboot-pending', 'the assessment of its updates says that a restart is pending', FIX) : notRead(guest);
    }
    const { rebootPending, rebootReasons } = guest.value;
    if (rebootPending) {
      const noted = rebootReasons.length === 0 ? '' : ` (${rebootReasons.join(', ')})`;
      return notReady('reboot-pending', `a restart is pending${noted}`, FIX);
    }
    if (!assessed) {
      if (uncheckedOf(guest.value, 'reboot').length === 0) return ready('none is pending');
      return notKnown('reboot-unread', 'the probe could not check whether a restart is pending', 'Request the probe again.');
    }
    return notKnown('sources-disagree', 'the probe found no restart pending, and the assessment of its updates says one is', FIX);
  },
});

const FIX = 'Restart it in its maintenance window, or request: restart machines.';
