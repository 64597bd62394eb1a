import { notReady, ready, step } from '../../core/step.ts';
import { FEATURE_SERVERS } from '../operating-systems.ts';
import { emptyWords, usableAssessment } from '../platform/assessment.ts';
import { holdingUp } from '../platform/holding-up.ts';
import { updateName } from '../platform/known-updates.ts';
import type { WsusServer } from '../platform/wsus.ts';
import { defenderWanted, notTaken } from '../platform/wsus.ts';
import { someOf } from '../some-of.ts';

/** The system and Defender are up to date before anything is pushed, so that it goes in the first time. */
export const updatesCurrent = step({
  id: 'updates-current',
  phase: 'prepare',
  title: 'Updates are current',
  why: 'Defender goes in predictably on an updated server; on an old one it waits for updates, and they wait for restarts.',
  link: 'https://learn.microsoft.com/defender-endpoint/onboard-server',
  subject: 'machine',
  needs: ['machine', 'updates'],
  uses: ['guest'],
  around: ['guest'],
  appliesTo: { os: FEATURE_SERVERS },
  owner: 'update team',
  holdsThrough: 'prepare',
  action: 'install-updates',
  attestable: { statement: 'These servers have the latest updates, those of Defender among them.', holdsDays: 14 },
  check({ machine }, _subject, { updates, guest }, around) {
    const usable = usableAssessment(updates);
    if ('not' in usable) return usable.not;
    const pending = holdingUp(usable.assessed, guest);
    if (pending.length > 0) {
      return notReady(
        'updates-pending',
        `updates are pending: ${someOf(pending.map(updateName))}`,
        'Install them in its maintenance window, and restart; or request: install updates.',
      );
    }
    const lacks = ({ facts }: WsusServer) => notTaken(facts, defenderWanted(machine.os)).map(({ words }) => words);
    return emptyWords(usable.assessed, guest, around, lacks) ?? ready('nothing that matters is pending');
  },
});
