import { DAY } from '../../core/instant.ts';
import { notKnown, notReady, ready, step } from '../../core/step.ts';
import { WINDOWS_SERVERS } from '../operating-systems.ts';
import { defenderWanted, notApproved, notTaken, wsusOf } from '../platform/wsus.ts';
import { joinedBy } from '../some-of.ts';

/** A WSUS syncs once a day or more. */
const LONGEST_WITHOUT_SYNC = 7 * DAY;

/** A server that takes its updates from a WSUS gets Defender's from it too. */
export const wsusServesDefender = step({
  id: 'wsus-serves-defender',
  phase: 'prepare',
  title: 'WSUS serves Defender',
  why: 'A WSUS that leaves Defender out keeps it without definitions, and on 2012 R2 and 2016 without its sensor’s updates.',
  link: 'https://learn.microsoft.com/troubleshoot/mem/configmgr/update-management/deploy-definition-updates-using-wsus',
  subject: 'machine',
  needs: ['machine', 'guest'],
  around: ['guest'],
  appliesTo: { os: WINDOWS_SERVERS },
  owner: 'update team',
  attestable: {
    statement: 'The WSUS of these servers takes and approves Defender’s definitions and, for 2012 R2 and 2016, its sensor’s updates.',
    holdsDays: 90,
  },
  check({ machine, guest }, _subject, _beside, around) {
    const wsus = wsusOf(guest, around);
    if (wsus.kind === 'none') return ready('it takes its updates from Microsoft, not from a WSUS');
    if (wsus.kind === 'unclear') return notKnown('wsus-unclear', wsus.because, wsus.fix);
    const { name, facts, observedAt } = wsus;
    const wanted = defenderWanted(machine.os);
    const [missing, ...more] = notTaken(facts, wanted);
    if (missing) {
      const all = [missing, ...more].map(({ words }) => words);
      return notReady(
        missing.code,
        `its WSUS ${name} does not take ${joinedBy('or', all)}`,
        `On ${name}: choose ${joinedBy('and', all)}, and synchronise.`,
      );
    }
    if (facts.lastSync !== null && observedAt - facts.lastSync > LONGEST_WITHOUT_SYNC) {
      return notReady(
        'wsus-not-syncing',
        `its WSUS ${name} has not synchronised for more than 7 days`,
        `On ${name}: see why it does not synchronise.`,
      );
    }
    const byHand = notApproved(facts, wanted);
    if (byHand.length > 0) {
      return notKnown(
        'wsus-not-approved',
        `no rule of its WSUS ${name} approves ${joinedBy(
          'or',
          byHand.map(({ words }) => words),
        )}, and what is approved by hand is not seen`,
        `On ${name}: add an approval rule, or have its owner attest it: attest wsus-serves-defender.`,
      );
    }
    return ready(`its WSUS ${name} takes and approves them`);
  },
});
