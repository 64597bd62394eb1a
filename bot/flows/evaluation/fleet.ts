import { PARTS, partOf } from '../../../core/part.ts';
import type { PartStand, Tx } from '../../../core/ports.ts';
import type { MachineSubject } from '../../../core/snapshot.ts';
import type { Context } from '../context.ts';
import { machineSubjects } from '../snapshot.ts';

/** Every machine of the migration, remembered by this process and read again part by part where something was written since. */
export interface Fleet {
  /** The machines as they are now, and under which words they are in their parts; the same list as long as nothing changed. */
  load(tx: Tx, parts: readonly PartStand[]): Promise<readonly MachineSubject[]>;
}

export function createFleet(context: Context): Fleet {
  const versions = new Map<number, string>();
  const byPart = new Map<number, readonly MachineSubject[]>();
  let all: readonly MachineSubject[] = [];

  async function read(tx: Tx, from: number, to: number): Promise<void> {
    const { machines } = await tx.evidence({ parts: { from, to }, kinds: [] });
    const found = Map.groupBy(machineSubjects(context.migration, machines), ({ id }) => partOf(id));
    for (let part = from; part <= to; part += 1) byPart.set(part, found.get(part) ?? []);
  }

  return {
    async load(tx, parts) {
      const { fileHash } = context.migration;
      const now = new Map(parts.slice(0, PARTS).map(({ part, written }) => [part, `${fileHash} ${written.machine ?? ''}`]));
      const stale = [...now].filter(([part, version]) => versions.get(part) !== version).map(([part]) => part);
      for (const [from, to] of spans(stale)) await read(tx, from, to);
      for (const [part, version] of now) versions.set(part, version);
      if (stale.length > 0) all = [...byPart.values()].flat();
      return all;
    },
  };
}

/** Neighbours are read together. */
export function spans(parts: readonly number[]): readonly (readonly [from: number, to: number])[] {
  const found: [number, number][] = [];
  for (const part of parts) {
    const last = found.at(-1);
    if (last && last[1] === part - 1) last[1] = part;
    else found.push([part, part]);
  }
  return found;
}
