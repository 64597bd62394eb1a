import { MINUTE } from '../../core/instant.ts';
import type { Clock } from '../../core/ports.ts';
import { queries } from './queries.ts';
import { createRecent } from './recent.ts';
import type { GraphEnd, ResourceGraph } from './resource-graph.ts';

/** Which machines there are, ids in lower case. */
export interface RollCall extends GraphEnd {
  readonly ids: readonly string[];
}

/**
 * The list of machines that several collectors of one round need, so that "none" can be told from "not seen": asked for once. It says who is
 * there and nothing about anybody, so a minute's age does no harm.
 */
export interface Roll {
  call(): Promise<RollCall>;
  /** The inventory is being read anyway: what it finds is the list for everybody else. */
  note(call: Promise<RollCall>): void;
}

export function createRoll(graph: ResourceGraph, clock: Clock): Roll {
  const recent = createRecent<RollCall>(clock, MINUTE, ({ complete }) => complete);

  async function ask(): Promise<RollCall> {
    const ids: string[] = [];
    const end = await graph.each(queries.machineIds, ({ id }) => {
      if (typeof id === 'string') ids.push(id.toLowerCase());
    });
    return { ...end, ids };
  }
  return {
    note: (call) => void recent.note(call),
    call: () => recent.get() ?? recent.note(ask()),
  };
}
