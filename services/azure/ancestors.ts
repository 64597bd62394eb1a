import { z } from 'zod';
import { MINUTE } from '../../core/instant.ts';
import type { Clock } from '../../core/ports.ts';
import { Incomplete } from './incomplete.ts';
import { queries } from './queries.ts';
import { createRecent } from './recent.ts';
import type { ResourceGraph } from './resource-graph.ts';

/** The management groups above one subscription, by their names in lower case. */
export interface Ancestors {
  has(group: string): boolean;
  /** From the nearest one up to this one; this one alone when it is not known to lie above. */
  upTo(group: string): readonly string[];
}

/** Throws when a subscription's groups cannot be told. */
export type AncestorReader = (subscriptionId: string) => Promise<Ancestors>;

type Chains = ReadonlyMap<string, readonly string[]>;

const rowSchema = z.object({ subscriptionId: z.string().min(1), above: z.array(z.object({ name: z.string().min(1) })) });

/** Asks only when somebody needs to know, and then once a minute for all subscriptions: groups are seldom moved. */
export function createAncestorReader(graph: ResourceGraph, clock: Clock): AncestorReader {
  const recent = createRecent<Chains>(clock, MINUTE, () => true);

  async function ask(): Promise<Chains> {
    const { rows, complete, lacks } = await graph.queryAll(queries.ancestors);
    if (!complete) throw lacks;
    const known = rows.flatMap((row) => rowSchema.safeParse(row).data ?? []);
    return new Map(known.map(({ subscriptionId, above }) => [subscriptionId.toLowerCase(), above.map(({ name }) => name.toLowerCase())]));
  }
  return async (subscriptionId) => {
    const chain = (await (recent.get() ?? recent.note(ask()))).get(subscriptionId.toLowerCase());
    if (chain === undefined) throw new Incomplete('Resource Graph does not say which management groups lie above it');
    return {
      has: (group) => chain.includes(group.toLowerCase()),
      upTo(group) {
        const index = chain.indexOf(group.toLowerCase());
        return index < 0 ? [group.toLowerCase()] : chain.slice(0, index + 1);
      },
    };
  };
}
