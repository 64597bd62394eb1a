import type { Collection, Evidence, EvidenceKind, EvidenceOf } from '../../core/evidence.ts';
import { read } from '../../core/evidence.ts';
import type { Instant } from '../../core/instant.ts';
import type { AzureContext } from './context.ts';
import { GRAPH_SOURCE, graphFailure } from './graph-collection.ts';
import { parseMachineId } from './machine-id.ts';
import type { GraphEnd } from './resource-graph.ts';

/** What a collector found in Resource Graph about machines, by their ids in lower case. */
export interface FoundOfMachines<K extends EvidenceKind> {
  readonly found: ReadonlyMap<string, Evidence<EvidenceOf[K]>>;
  /** How each of its queries ended. */
  readonly ends: readonly GraphEnd[];
}

interface Reading<K extends EvidenceKind> {
  readonly kind: K;
  /** In words, for errors. */
  readonly what: string;
  /** The fact of a machine about which the complete answer holds nothing. */
  readonly none: EvidenceOf[K];
  read(at: Instant): Promise<FoundOfMachines<K>>;
}

/**
 * Reads something about machines from Resource Graph. "None" is said only of machines in subscriptions that can be seen, and only when
 * every query was read to its end; the others are left to the collection's failure.
 */
export async function collectOfMachines<K extends EvidenceKind>(context: AzureContext, reading: Reading<K>): Promise<Collection<K>> {
  const { kind, what, none } = reading;
  const at = context.clock.now();
  const [roll, { found, ends }, unseen] = await Promise.all([context.roll.call(), reading.read(at), context.unseen()]);
  const subjects: Record<string, Evidence<EvidenceOf[K]>> = {};
  if (ends.every(({ complete }) => complete)) {
    const hidden = new Set(unseen.map(({ id }) => id.toLowerCase()));
    const nothing = read(none, GRAPH_SOURCE, at);
    for (const id of roll.ids) if (!hidden.has(parseMachineId(id)?.subscriptionId ?? '')) subjects[id] = nothing;
  }
  for (const [id, evidence] of found) subjects[id] = evidence;
  return { kind, source: GRAPH_SOURCE, collectedAt: at, subjects, failure: graphFailure(context, what, [...ends, roll], unseen, at) };
}

/** The machine that a resource belongs to, by the resource's id: what comes before `part`, such as `/extensions/`; null when that is no machine. */
export function machineBefore(part: string, id: unknown): string | null {
  if (typeof id !== 'string') return null;
  const lower = id.toLowerCase();
  const end = lower.indexOf(part);
  const machine = end < 0 ? '' : lower.slice(0, end);
  return parseMachineId(machine) === null ? null : machine;
}
