import type { MachineFacts } from '../../../core/machine.ts';
import { PARTS, partOf } from '../../../core/part.ts';
import type { PartStand, Tx } from '../../../core/ports.ts';
import type { Names } from '../../../core/question.ts';
import { namesFrom } from '../../../core/question.ts';
import type { MachineSubject, Snapshot } from '../../../core/snapshot.ts';
import { ORGANISATION } from '../../../core/snapshot.ts';
import type { Neighbours } from '../../../core/surroundings.ts';
import { neighboursOf } from '../../../core/surroundings.ts';
import type { Context } from '../context.ts';
import type { Members } from '../snapshot.ts';
import { membersOf } from '../snapshot.ts';
import type { Share } from './sharing.ts';
import { sharing } from './sharing.ts';

/** Every machine of the migration, remembered by this process and read again part by part where something was written since. */
export interface Fleet {
  /** Everyone as of now; the same machines and listing as long as nothing of them changed. */
  load(tx: Tx, parts: readonly PartStand[], sources: Snapshot['sources']): Promise<Everyone>;
  /** Everyone as loaded last; null before. */
  loaded(): Everyone | null;
}

export interface Everyone extends Members {
  /** Machines whose facts were never read, by id. */
  readonly nameless: readonly string[];
  readonly inPart: (part: number) => readonly MachineSubject[];
  /** Of the servers of a part that only the list knows, what the list says, as one text. */
  readonly listedIn: (part: number) => string;
  readonly neighbours: Neighbours;
  readonly list: ServerList;
  readonly names: { readonly machines: Names; readonly resourceGroups: Names };
  /** Names that several machines bear, in lower case. */
  readonly sharedNames: ReadonlySet<string>;
}

type Evidence = Snapshot['evidence'];
type ServerList = Evidence['server-list'];

interface Part {
  readonly facts: readonly MachineFacts[];
  /** Of machines whose facts were never read. */
  readonly nameless: NonNullable<Evidence['machine']>;
}

/** Parts that are read in one go: all at once would be in memory twice. */
const PARTS_AT_ONCE = 8;

export function createFleet(context: Context): Fleet {
  const versions = new Map<number, number>();
  const known = new Map<number, Part>();
  let everyone: Everyone | null = null;
  let [madeOf, listOf] = ['', ''];
  let list: ServerList;

  async function read(tx: Tx, [from, to]: readonly [number, number], share: Share): Promise<void> {
    const { machines, evidence } = await tx.evidence({ parts: { from, to }, kinds: ['machine'] });
    const named = new Set(machines.map(({ id }) => id));
    const facts = Map.groupBy(machines.map(share), ({ id }) => partOf(id));
    const nameless = Map.groupBy(
      Object.entries(evidence.machine ?? {}).filter(([id]) => !named.has(id)),
      ([id]) => partOf(id),
    );
    for (let part = from; part <= to; part += 1)
      known.set(part, { facts: facts.get(part) ?? [], nameless: Object.fromEntries(nameless.get(part) ?? []) });
  }

  return {
    async load(tx, parts, sources) {
      const written = parts.slice(0, PARTS).map(({ part, written: { machine = 0 } }) => [part, machine] as const);
      const stale = written.filter(([part, version]) => versions.get(part) !== version).map(([part]) => part);
      const share = sharing();
      for (const span of spans(stale).flatMap((one) => pieces(one, PARTS_AT_ONCE))) await read(tx, span, share);
      for (const [part, version] of written) versions.set(part, version);
      const listed = parts.map(({ written: { 'server-list': version = 0 } }) => version);
      const stand = JSON.stringify([listed, sources.find(({ kind }) => kind === 'server-list') ?? null]);
      if (listOf !== stand) list = (await tx.evidence({ subjects: [ORGANISATION], kinds: ['server-list'] })).evidence['server-list'];
      listOf = stand;
      const wanted = JSON.stringify([context.migration.fileHash, listed, list?.[ORGANISATION]?.state ?? null]);
      if (!everyone || stale.length > 0 || madeOf !== wanted) everyone = gather(context, [...known.values()], list);
      else everyone = { ...everyone, list };
      madeOf = wanted;
      return everyone;
    },
    loaded: () => everyone,
  };
}

function gather(context: Context, parts: readonly Part[], list: ServerList): Everyone {
  const machine = Object.assign({}, ...parts.map(({ nameless }) => nameless)) as Part['nameless'];
  const evidence = { machine, ...(list ? { 'server-list': list } : {}) };
  const members = membersOf(context, { machines: parts.flatMap(({ facts }) => facts), evidence });
  const byPart = Map.groupBy(members.machines, ({ id }) => partOf(id));
  const listed = Map.groupBy(members.listing?.missing ?? [], ({ id }) => partOf(id));
  return {
    ...members,
    nameless: Object.keys(machine),
    list,
    inPart: (part) => byPart.get(part) ?? [],
    listedIn: (part) => JSON.stringify(listed.get(part) ?? []),
    neighbours: neighboursOf(members.machines),
    names: {
      machines: namesFrom(members.machines.map(({ name }) => name)),
      resourceGroups: namesFrom([
        ...new Set(members.machines.flatMap(({ facts }) => (facts.kind === 'listed' ? [] : [facts.resourceGroup]))),
      ]),
    },
    sharedNames: sharedNames(members.machines),
  };
}

function sharedNames(machines: readonly MachineSubject[]): ReadonlySet<string> {
  const [seen, shared] = [new Set<string>(), new Set<string>()];
  for (const { name } of machines) {
    const lower = name.toLowerCase();
    if (seen.has(lower)) shared.add(lower);
    seen.add(lower);
  }
  return shared;
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

export function pieces([from, to]: readonly [number, number], most: number): readonly (readonly [number, number])[] {
  return Array.from({ length: Math.ceil((to - from + 1) / most) }, (_, index) => [
    from + index * most,
    Math.min(to, from + (index + 1) * most - 1),
  ]);
}
