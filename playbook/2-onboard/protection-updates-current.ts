import type { Evidence, Read } from '../../core/evidence.ts';
import type { AntivirusFacts, GuestFacts } from '../../core/facts/guest.ts';
import type { UpdateFacts } from '../../core/facts/updates.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Judgement } from '../../core/step.ts';
import { notKnown, notRead, notReady, ready, step } from '../../core/step.ts';
import type { Surroundings } from '../../core/surroundings.ts';
import { hasPackagedSensor } from '../operating-systems.ts';
import { emptyWords, usableAssessment } from '../platform/assessment.ts';
import { FRESH_DEFINITIONS_DAYS } from '../platform/definitions.ts';
import { PLATFORM_KB, SENSOR_KB } from '../platform/known-updates.ts';
import { PLATFORM_NEEDED, versionAtLeast } from '../platform/versions.ts';
import type { WsusServer } from '../platform/wsus.ts';
import { defenderWanted, notTaken } from '../platform/wsus.ts';

/** What was installed brings itself up to date before anybody relies on it alone. */
export const protectionUpdatesCurrent = step({
  id: 'protection-updates-current',
  phase: 'onboard',
  title: 'Defender is up to date',
  why: 'Once the old product is gone Defender has to do with its platform, sensor and definitions; an old one protects less.',
  link: 'https://learn.microsoft.com/defender-endpoint/microsoft-defender-antivirus-updates',
  subject: 'machine',
  needs: ['machine', 'guest'],
  uses: ['updates'],
  around: ['guest'],
  owner: 'update team',
  attestable: { statement: 'The platform, the sensor and the definitions of Defender are up to date on these servers.', holdsDays: 7 },
  check({ machine, guest }, _subject, beside, around) {
    if (!guest.onboarded)
      return notReady('not-onboarded', 'it is not onboarded to Defender for Endpoint', 'Finish the Onboard phase for it.');
    if (guest.defender === null)
      return notReady('no-defender', 'Defender Antivirus does not answer', 'See that it is installed and runs, then probe again.');
    const old = oldDefinitions(guest.defender);
    if (old) return old;
    if (guest.platform === 'linux') return linuxPackages(guest.defender, beside.updates);
    if (!versionAtLeast(guest.defender.version, PLATFORM_NEEDED)) {
      const is = guest.defender.version;
      if (is === '') return notKnown('platform-unread', 'Defender does not tell its platform version', 'Request the probe again.');
      return notReady(
        'platform-old',
        `Defender’s platform is ${is}, and ${PLATFORM_NEEDED} is the least that will do`,
        `Install ${PLATFORM_KB}.`,
      );
    }
    return assessed(machine, beside.guest, beside.updates, around);
  },
});

function oldDefinitions({ signatureAgeDays, definitions }: AntivirusFacts): Judgement | null {
  const fix = 'See that the server gets definitions: from its WSUS, or from Microsoft.';
  if (definitions !== null) {
    if (definitions === 'up_to_date') return null;
    return definitions === '' || definitions === 'unknown'
      ? notKnown('definitions-unread', 'Defender does not tell the age of its definitions', 'Request the probe again.')
      : notReady('definitions-old', `Defender calls its definitions ${definitions.replaceAll('_', ' ')}`, fix);
  }
  if (signatureAgeDays === null) {
    return notKnown('definitions-unread', 'Defender does not tell the age of its definitions', 'Request the probe again.');
  }
  if (signatureAgeDays <= FRESH_DEFINITIONS_DAYS) return null;
  return notReady('definitions-old', `its definitions are more than ${FRESH_DEFINITIONS_DAYS} days old`, fix);
}

/** On Linux platform and sensor are one package, which updates itself; an assessment may say that it did not. */
function linuxPackages({ version }: AntivirusFacts, updates: Evidence<UpdateFacts>): Judgement {
  const usable = updates.state === 'unread' ? null : usableAssessment(updates);
  const pending = usable && 'assessed' in usable ? usable.assessed.pending : [];
  if (pending.some(({ name }) => /^mdatp\b/i.test(name))) {
    return notReady('platform-pending', 'an update of the mdatp package is pending', 'Install it with the package manager.');
  }
  return ready(`definitions up to date, mdatp ${version}`.trim());
}

/** On Windows Defender’s own updates are told by what is pending; where the sensor is a package of its own, only since it was there. */
function assessed(
  machine: MachineFacts,
  guest: Read<GuestFacts>,
  updates: Evidence<UpdateFacts>,
  around: Surroundings<'guest'>,
): Judgement {
  if (updates.state === 'unread') return notRead(updates);
  const usable = usableAssessment(updates);
  if ('not' in usable) return usable.not;
  const { pending, assessedAt } = usable.assessed;
  const waits = (kb: string) => pending.some((update) => update.kb === kb);
  if (waits(PLATFORM_KB)) return notReady('platform-pending', `the platform update ${PLATFORM_KB} is pending`, `Install ${PLATFORM_KB}.`);
  const packaged = hasPackagedSensor(machine.os);
  if (packaged && waits(SENSOR_KB)) return notReady('sensor-pending', `the sensor update ${SENSOR_KB} is pending`, `Install ${SENSOR_KB}.`);
  const onboardedBy = guest.value.history?.onboardedSince ?? guest.observedAt;
  if (packaged && assessedAt < onboardedBy) {
    return notKnown(
      'assessed-before-onboarding',
      'its updates were last assessed before it was seen onboarded, and the sensor’s are offered only since',
      'In Azure Update Manager: check for updates again.',
    );
  }
  const lacks = ({ facts }: WsusServer) => notTaken(facts, defenderWanted(machine.os)).map(({ words }) => words);
  return emptyWords(usable.assessed, guest, around, lacks) ?? ready('platform, sensor and definitions are up to date');
}
