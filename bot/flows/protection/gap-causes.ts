import { DEFENDER, defenderWords } from '../../../core/engine-sightings.ts';
import type { GapRecord, GapSeen } from '../../../core/gap-record.ts';
import { sha256 } from '../../../core/hash.ts';
import type { GapCondition } from '../../../core/protection-gap.ts';

/** Why machines are in a gap, as far as the probe tells: those of one cause are told together. */
export interface GapCause {
  /** In words, the same for every machine of the cause. */
  readonly words: string;
  readonly next: string;
}

type Seen = Pick<GapRecord, 'condition' | 'seen'>;

/** The cause of a gap. `plan` is the name of the plan that changed the machine; null when none did. */
export function causeOf({ condition, seen }: Seen, plan: string | null): GapCause {
  const { words, next } = causes[condition](seen);
  if (plan === null) return { words, next };
  return { words: `${words}, since ${plan} changed it`, next: `Look at the run of ${plan} first: it may be undone. ${next}` };
}

/** What gaps are told by: their cause, or for first looks the run that took them. 12 hex digits. */
export function topicOf(gap: Seen & Pick<GapRecord, 'lastGood' | 'run'>, plan: string | null): string {
  const { condition } = gap;
  const topic = gap.lastGood === null ? `first look ${gap.run ?? ''}` : `${condition} ${causeOf(gap, plan).words}`;
  return sha256(topic).slice(0, 12);
}

const causes: Readonly<Record<GapCondition, (seen: GapSeen) => GapCause>> = {
  'none-active'(seen) {
    const stopped = vendors(seen, false);
    const defender = `${DEFENDER} is ${defenderWords[seen.defender]}`;
    if (stopped !== '') {
      return { words: `${stopped} does not run, and ${defender}`, next: `Have ${stopped} started again, or find out what stopped it.` };
    }
    return { words: `${defender}, and no other product was detected`, next: `${raise(seen)} ${UNKNOWN_PRODUCT}` };
  },
  'both-active'(seen) {
    const running = vendors(seen, true);
    return { words: `${running} runs, and ${DEFENDER} is active ${unheld(seen)}`, next: holdBack(seen, running) };
  },
};

const UNKNOWN_PRODUCT = 'If a product protects it that the probe does not know, tell whoever runs Greenlight.';

function raise({ defender }: GapSeen): string {
  if (defender === 'passive') return 'Have Defender taken out of passive mode, or the other product installed again.';
  if (defender === 'no-real-time') return 'Have real-time protection switched on.';
  return 'Have Defender brought up, or the other product installed again.';
}

/** Passive mode counts only on an onboarded machine; tamper protection lets no active Defender go back to it. */
function unheld({ platform, onboarded, passiveKey }: GapSeen): string {
  if (platform === 'windows' && !onboarded) return 'because nothing holds it back before the machine is onboarded';
  return passiveKey === 1 ? 'although passive mode is set' : 'because passive mode is not set';
}

function holdBack({ platform, onboarded, passiveKey, passiveManaged }: GapSeen, running: string): string {
  const instead = `or, where the cut-over has begun, have ${running} removed`;
  if (platform === 'windows' && !onboarded) return `Have Defender kept off by policy until the machine is onboarded, ${instead}.`;
  if (passiveManaged) return `Have passive mode set in the managed configuration, ${instead}.`;
  if (passiveKey === 1) return `Have tamper protection lifted for the machine and Defender restarted, ${instead}.`;
  return `Request passive mode for it, ${instead}.`;
}

function vendors({ products }: GapSeen, running: boolean): string {
  const found = products.filter((product) => product.running === running).map(({ vendor }) => vendor);
  return [...new Set(found)].toSorted().join(' and ');
}
