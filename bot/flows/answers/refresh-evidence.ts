import { listCard } from '../../../cards/list/data.ts';
import type { SourceLine } from '../../../cards/sources.ts';
import type { RenderedCard } from '../../../core/ports.ts';
import type { Collecting } from '../collect-evidence.ts';
import { allKinds } from '../collect-evidence.ts';
import { REFRESHED } from '../collecting/freshness.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { count } from '../words.ts';
import { sourceLines } from './lines.ts';

/** Nothing but a signed run brings it, so that "everything" does not mean it too. */
const NOT_THE_PROBE = 'What is inside machines is not read by this: the probe shows it, and the probe has to be signed';

/** Reads every kind of evidence anew, and tells which sources were read, when, and which were not. */
export async function refreshEvidence(context: Context, look: Collecting['look']): Promise<RenderedCard> {
  const overview = await look(allKinds(context), REFRESHED);
  const sources = sourceLines(overview, allKinds(context), overview.probedAt);
  return listCard({ title: 'Read again', sentence: sentenceOf(sources), items: [], blindSpot: [NOT_THE_PROBE], sources }, frameOf(context));
}

function sentenceOf(sources: readonly SourceLine[]): string {
  const going = sources.filter(({ beingRead }) => beingRead);
  const failed = sources.filter(({ beingRead, failure }) => !beingRead && failure);
  const done = sources.length - going.length - failed.length;
  const verb = (number: number) => (number === 1 ? 'is' : 'are');
  return [
    `${done} of ${count(sources.length, 'source')} ${done === 1 ? 'was' : 'were'} read anew`,
    ...(failed.length > 0 ? [`${failed.length} could not be read`] : []),
    ...(going.length > 0 ? [`${going.length} ${verb(going.length)} still being read, and shown as known before`] : []),
  ].join('; ');
}
