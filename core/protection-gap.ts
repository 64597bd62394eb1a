import type { Instant } from './instant.ts';
import type { KnownProtection, ProtectionState } from './protection.ts';

/** Two active engines at once, or no active one that was detected. */
export type GapCondition = 'none-active' | 'both-active';

/** Every condition, the more dangerous one first. */
export const gapConditions: readonly GapCondition[] = ['none-active', 'both-active'];

const BAD: Readonly<Record<GapCondition, KnownProtection>> = { 'none-active': 'none', 'both-active': 'both' };

/** `good`: it was seen without the condition · `anew`: the machine was made anew under its name · `gone`: it is no longer among the migration's. */
export type GapEnd = 'good' | 'anew' | 'gone';

/**
 * The time in which a condition held on a machine, as far as looks at it tell. It began after `lastGood` and by `firstBad` at the latest; it
 * held until `lastBad` at least, and ended by `firstGood`.
 */
export interface Gap {
  readonly condition: GapCondition;
  /** Null where the first look at the machine found it so. */
  readonly lastGood: Instant | null;
  readonly firstBad: Instant;
  readonly lastBad: Instant;
  /** Null while it goes on, and where nobody saw its end. */
  readonly firstGood: Instant | null;
  readonly ended: GapEnd | null;
}

/** One look at a machine: it was in this state at some moment between `from` and `until`. */
export interface Look {
  readonly state: ProtectionState;
  /** Azure's id of the machine that was looked into. */
  readonly vmId: string;
  readonly from: Instant;
  readonly until: Instant;
}

/** What is remembered of the looks at one machine. */
export interface Track {
  readonly vmId: string;
  /** `from` of the last look, whatever it told. */
  readonly lookedAt: Instant;
  /** The last state that was known, and `from` of the look that told it; null when none did. */
  readonly state: KnownProtection | null;
  readonly seenAt: Instant | null;
  /** When each condition was last seen not to hold. */
  readonly lastGood: Readonly<Record<GapCondition, Instant | null>>;
  /** The gaps that go on, at most one per condition. */
  readonly open: readonly Gap[];
}

/** What a look changed: the track, and each gap that it opened, saw again or ended. */
export interface Observed {
  readonly track: Track;
  readonly gaps: readonly { readonly change: 'opened' | 'seen-again' | 'ended'; readonly gap: Gap }[];
}

/**
 * Takes a look into account. A look that tells nothing neither starts nor ends nor extends a gap. A look that is not newer than the last one
 * changes nothing. A machine made anew (another `vmId`) starts anew, and nobody saw how the gaps of the one before it ended.
 */
export function observe(track: Track | null, look: Look): Observed {
  if (track !== null && look.from <= track.lookedAt) return { track, gaps: [] };
  const anew = track !== null && track.vmId !== look.vmId;
  const left = anew ? track.open.map((gap) => ({ change: 'ended' as const, gap: endUnseen(gap, 'anew') })) : [];
  const before = track === null || anew ? blank(look) : { ...track, lookedAt: look.from };
  const { state } = look;
  if (state === 'unknown') return { track: before, gaps: left };
  const seen = gapConditions.flatMap((condition) => seenGap(before, condition, BAD[condition] === state, look));
  const good = (condition: GapCondition) => (BAD[condition] === state ? before.lastGood[condition] : look.from);
  const lastGood = { 'none-active': good('none-active'), 'both-active': good('both-active') };
  const open = seen.flatMap(({ gap }) => (gap.ended === null ? [gap] : []));
  return { track: { ...before, state, seenAt: look.from, lastGood, open }, gaps: [...left, ...seen] };
}

/** Ends a gap whose machine is no longer there to be looked at. */
export function endUnseen(gap: Gap, ended: 'anew' | 'gone'): Gap {
  return { ...gap, firstGood: null, ended };
}

function blank({ vmId, from }: Look): Track {
  return { vmId, lookedAt: from, state: null, seenAt: null, lastGood: { 'none-active': null, 'both-active': null }, open: [] };
}

function seenGap(before: Track, condition: GapCondition, bad: boolean, { from, until }: Look): Observed['gaps'] {
  const going = before.open.find((gap) => gap.condition === condition);
  if (going) {
    if (bad) return [{ change: 'seen-again', gap: { ...going, lastBad: from } }];
    return [{ change: 'ended', gap: { ...going, firstGood: Math.max(from, until), ended: 'good' } }];
  }
  if (!bad) return [];
  const gap = {
    condition,
    lastGood: before.lastGood[condition],
    firstBad: Math.max(from, until),
    lastBad: from,
    firstGood: null,
    ended: null,
  };
  return [{ change: 'opened', gap }];
}

/** How long a gap was, in milliseconds. */
export interface GapLength {
  readonly atLeast: number;
  /** Null while it goes on, and where its beginning or its end was not seen. */
  readonly atMost: number | null;
}

/** What the looks tell of a gap's length. */
export function gapLength({ lastGood, firstBad, lastBad, firstGood }: Gap): GapLength {
  const atMost = lastGood === null || firstGood === null ? null : firstGood - lastGood;
  return { atLeast: Math.max(0, lastBad - firstBad), atMost };
}
