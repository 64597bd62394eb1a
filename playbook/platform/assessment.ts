import type { Evidence, Read } from '../../core/evidence.ts';
import type { GuestFacts } from '../../core/facts/guest.ts';
import type { UpdateFacts } from '../../core/facts/updates.ts';
import { isWsus } from '../../core/facts/updates.ts';
import { DAY } from '../../core/instant.ts';
import type { Judgement } from '../../core/step.ts';
import { notKnown } from '../../core/step.ts';
import type { Surroundings } from '../../core/surroundings.ts';
import type { WsusServer } from './wsus.ts';
import { wsusOf } from './wsus.ts';

/** A machine that Azure assesses by itself is assessed every day; what is older says little of today. */
const OLDEST_ASSESSMENT = 3 * DAY;

export type Assessed = Extract<UpdateFacts, { assessed: true }>;

/** The last assessment, or why nothing follows from it. */
export function usableAssessment({ value, observedAt }: Read<UpdateFacts>): { readonly assessed: Assessed } | { readonly not: Judgement } {
  if (!value.assessed) {
    return {
      not: notKnown(
        'never-assessed',
        'Azure has not assessed its updates in the last 7 days',
        'In Azure Update Manager: check for updates, and switch periodic assessment on.',
      ),
    };
  }
  if (value.error !== '') {
    return {
      not: notKnown(
        'assessment-failed',
        'its last assessment of updates failed',
        'In Azure Update Manager: look at its error, and check for updates again.',
      ),
    };
  }
  if (observedAt - value.assessedAt > OLDEST_ASSESSMENT) {
    return {
      not: notKnown(
        'assessment-old',
        'its last assessment of updates is more than 3 days old',
        'In Azure Update Manager: check for updates, and switch periodic assessment on.',
      ),
    };
  }
  return { assessed: value };
}

/**
 * Why a clean assessment proves nothing, or null when it does: a WSUS answers with what it has itself, so that what it never offers is missing
 * without being listed. `lacks` names what a known WSUS does not offer of what is asked for.
 */
export function emptyWords(
  { service }: Assessed,
  guest: Evidence<GuestFacts>,
  around: Surroundings<'guest'>,
  lacks: (server: WsusServer) => readonly string[],
): Judgement | null {
  if (service !== '' && !isWsus(service)) return null;
  const not = (because: string, fix: string) => notKnown('clean-proves-nothing', `nothing that matters is pending, but ${because}`, fix);
  if (guest.state === 'unread') {
    const who = service === '' ? 'the assessment does not tell who answered' : 'a WSUS answered, and which one is not known';
    return not(`${who}: ${guest.reason}`, guest.fix);
  }
  const wsus = wsusOf(guest.value, around);
  if (wsus.kind === 'none') {
    return service === ''
      ? null
      : not('a WSUS answered, and the server knows of none now', 'In Azure Update Manager: check for updates again.');
  }
  if (wsus.kind === 'unclear') return not(wsus.because, wsus.fix);
  const missing = lacks(wsus);
  if (missing.length === 0) return null;
  return not(
    `its WSUS ${wsus.name} does not offer ${missing.join(' or ')}`,
    `On ${wsus.name}: choose and approve ${missing.join(' and ')}.`,
  );
}
