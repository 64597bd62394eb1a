import { gapsCard } from '../../../cards/gaps/data.ts';
import { protectionKinds } from '../../../core/engine-sightings.ts';
import type { GapRecord } from '../../../core/gap-record.ts';
import type { Instant } from '../../../core/instant.ts';
import { DAY, SECOND } from '../../../core/instant.ts';
import type { RenderedCard } from '../../../core/ports.ts';
import type { Protection } from '../../../core/protection.ts';
import { protectionOf } from '../../../core/protection.ts';
import type { GapCondition } from '../../../core/protection-gap.ts';
import type { Arguments } from '../../../core/question.ts';
import { wallToInstant } from '../../../core/schedule.ts';
import type { Scope } from '../../../core/scope.ts';
import { machinesIn } from '../../../core/scope.ts';
import type { MachineSubject, Snapshot } from '../../../core/snapshot.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { tellOf } from '../protection/gap-groups.ts';
import { countWords, NOT_DETECTED } from '../protection/gap-words.ts';
import { protectionEvidence } from '../protection/look-at-machines.ts';
import { count } from '../words.ts';
import { probedAtIn, sourceLines } from './lines.ts';

/** How many reasons, and how many machines of one, a blind spot names. */
const MOST_REASONS = 4;
const MOST_NAMES = 10;

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** Which machines have two active engines, or none that was detected: now, or at some time in a span of days. */
export async function gapList(context: Context, snapshot: Snapshot, args: Arguments, scope: Scope, readAs: string): Promise<RenderedCard> {
  const now = context.clock.now();
  const span = spanOf(context, args, now);
  const machines = machinesIn(scope, snapshot);
  const wanted = scopeFilter(scope, machines);
  const { gaps, told } = await context.store.transact(async (tx) => {
    const found = await tx.gaps(span === null ? { of: 'open' } : { of: 'span', ...span });
    const some = found.filter((gap) => wanted(gap) && (args.condition === undefined || gap.condition === args.condition));
    return { gaps: some, told: await tellOf(context, tx, some) };
  });
  const unknown = unjudged(machines, snapshot, now);
  const view = {
    title: args.condition === undefined ? 'Protection gaps' : titles[args.condition],
    sentence: sentenceOf(gaps, span !== null, unknown.length, machines.length),
    readAs,
    groups: told.groups,
    blindSpot: blindSpotOf(unknown, args.condition),
    sources: sourceLines(snapshot, protectionKinds, probedAtIn(snapshot)),
  };
  return gapsCard(view, frameOf(context));
}

const titles: Readonly<Record<GapCondition, string>> = {
  'none-active': 'No active engine detected',
  'both-active': 'Two active engines',
};

/** In a span also machines that are no longer there count, unless a scope narrows it down. */
function scopeFilter(scope: Scope, machines: readonly MachineSubject[]): (gap: GapRecord) => boolean {
  if (Object.keys(scope).length === 0) return () => true;
  const ids = new Set(machines.map(({ id }) => id));
  return ({ machineId }) => ids.has(machineId);
}

/** Whole days in the migration's zone; null where none was said, or none there is. */
function spanOf({ zone }: Context, { from, to }: Arguments, now: Instant): Span | null {
  if (from === undefined && to === undefined) return null;
  const begin = from === undefined ? 0 : midnight(from);
  const end = to === undefined ? null : midnight(to);
  if (begin === null || (to !== undefined && end === null)) return null;
  return { from: wallToInstant(begin, zone), to: end === null ? now : wallToInstant(end + DAY, zone) - SECOND };
}

function midnight(day: string): number | null {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? null : at;
}

interface Unjudged {
  readonly name: string;
  readonly state: Protection;
}

function unjudged(machines: readonly MachineSubject[], { evidence }: Snapshot, now: Instant): readonly Unjudged[] {
  return machines.flatMap(({ id, name, facts }) => {
    const state = protectionOf(protectionEvidence(evidence, id), facts.vmId, now);
    return state.state === 'unknown' ? [{ name, state }] : [];
  });
}

function sentenceOf(gaps: readonly GapRecord[], past: boolean, unknown: number, all: number): string {
  const not = unknown === 0 ? '' : `; ${unknown} of ${count(all, 'machine')} cannot be judged now`;
  if (past) return gaps.length === 0 ? `No gap is known in that time${not}` : `${countWords(gaps)}, at some time in that span${not}`;
  if (gaps.length > 0) return `${countWords(gaps)}, as far as known${not}`;
  return unknown === 0 ? `None among ${count(all, 'machine')}` : `No machine is known to be in one${not}`;
}

/** Why machines cannot be judged, most of them first; those whose sources disagree are named, because one of the two says that something is wrong. */
function blindSpotOf(unknown: readonly Unjudged[], condition: GapCondition | undefined): readonly string[] {
  const reasons = [...Map.groupBy(unknown, ({ state }) => state.because).values()].toSorted((a, b) => b.length - a.length);
  const disagree = reasons.filter(([one]) => one?.state.code === 'disagree');
  const others = reasons.filter(([one]) => one?.state.code !== 'disagree');
  return [
    ...disagree.map((some) => `${namesOf(some)}: ${some[0]!.state.because}. ${some[0]!.state.fix}`),
    ...others
      .slice(0, MOST_REASONS)
      .map((some) => `${count(some.length, 'machine')} cannot be judged: ${some[0]!.state.because}. ${some[0]!.state.fix}`),
    ...(condition === 'both-active' ? [] : [NOT_DETECTED]),
  ];
}

function namesOf(some: readonly Unjudged[]): string {
  const more = some.length - MOST_NAMES;
  const names = some.slice(0, MOST_NAMES).map(({ name }) => name);
  return [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
