import type { MachineFacts } from '../../core/machine.ts';
import { notReady, ready, step } from '../../core/step.ts';
import { utcDay } from '../../core/utc-words.ts';
import { emptyWords, usableAssessment } from '../platform/assessment.ts';
import { LAST_ROLLUP, matters, updateName } from '../platform/known-updates.ts';
import type { WsusServer } from '../platform/wsus.ts';
import { notTaken, rollupWanted } from '../platform/wsus.ts';
import { someOf } from '../some-of.ts';

/** Windows Server 2012 R2 has the last monthly rollup there is for it, which holds everything the unified solution asks for. */
export const rollupCurrent = step({
  id: 'rollup-current',
  phase: 'prepare',
  title: 'The monthly rollup is current',
  why: 'The latest rollup holds every update that Defender asks for on Windows Server 2012 R2; without it the installation fails.',
  link: 'https://learn.microsoft.com/defender-endpoint/onboard-server',
  subject: 'machine',
  needs: ['machine', 'updates'],
  uses: ['guest'],
  around: ['guest'],
  appliesTo: { os: ['windows-server-2012-r2'] },
  owner: 'update team',
  holdsThrough: 'prepare',
  action: 'install-updates',
  attestable: { statement: 'These servers have the last monthly rollup there is for them.', holdsDays: 30 },
  check({ machine }, _subject, { updates, guest }, around) {
    const { free } = LAST_ROLLUP;
    const installed = lastOf(machine) === 'free' && guest.state === 'read' && guest.value.hotfixes.includes(free.kb);
    const seen = installed ? ready(`its last rollup is installed: ${free.kb} of ${utcDay(free.on)}`) : null;
    const usable = usableAssessment(updates);
    if ('not' in usable) return seen ?? usable.not;
    const pending = usable.assessed.pending.filter(matters);
    if (pending.length > 0) {
      return notReady(
        'rollup-pending',
        `updates are pending: ${someOf(pending.map(updateName))}`,
        'Install them in its maintenance window, and restart; or request: install updates.',
      );
    }
    const lacks = ({ facts }: WsusServer) =>
      notTaken(facts, rollupWanted).map(({ words }) => (facts.shortened ? `${words} (as far as its list was told)` : words));
    return seen ?? emptyWords(usable.assessed, guest, around, lacks) ?? ready(`nothing is pending; ${dated[lastOf(machine)]}`);
  },
});

/** Azure gives its own machines Extended Security Updates; elsewhere they are bought, and what is not known to be bought is not counted on. */
function lastOf({ kind, esu }: MachineFacts): 'free' | 'extended' | 'unclear' {
  if (kind === 'azure-vm' || esu === 'assigned') return 'extended';
  return esu === 'not-assigned' ? 'free' : 'unclear';
}

const dated: Readonly<Record<ReturnType<typeof lastOf>, string>> = {
  free: `without Extended Security Updates the last rollup for it is of ${utcDay(LAST_ROLLUP.free.on)}`,
  extended: `with Extended Security Updates the last rollup for it is of ${utcDay(LAST_ROLLUP.extended.on)}`,
  unclear: `whether it has Extended Security Updates is not told, so its last rollup is of ${utcDay(LAST_ROLLUP.free.on)} or later`,
};
