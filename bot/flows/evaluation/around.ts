import type { AroundKind, AroundOf } from '../../../core/around.ts';
import type { Evidence, EvidenceKind, EvidenceOf } from '../../../core/evidence.ts';
import { unread } from '../../../core/evidence.ts';
import { freshOrUnread } from '../../../core/fresh.ts';
import type { Instant } from '../../../core/instant.ts';
import { partOf } from '../../../core/part.ts';
import type { LookedAround } from '../../../core/ports.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { Neighbours, Surroundings } from '../../../core/surroundings.ts';

/** What is known of machines that checks looked at though they are not judged with them, such as the WSUS of a server. */
export type Elsewhere = Map<string, Snapshot['evidence']>;

/** Surroundings that remember what was asked of them. */
export interface Watched {
  readonly around: Surroundings;
  /** Machines of other parts that were looked at, by id. */
  readonly ids: ReadonlySet<string>;
  /** Host names that machines were looked for by. */
  readonly hosts: ReadonlySet<string>;
  /** Of `ids`, those of which nothing is known here yet: what was judged meanwhile is to be judged anew with it. */
  readonly missing: ReadonlySet<string>;
}

/** What was looked at, in one order. */
export function lookedAround({ ids, hosts }: Pick<Watched, 'ids' | 'hosts'>): LookedAround {
  return { ids: [...ids].toSorted(byText), hosts: [...hosts].toSorted(byText) };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Watches what is looked at while the machines of a part are judged, of which `judged` knows everything. `neighbours` are every machine. */
export function watch(neighbours: Neighbours, judged: Snapshot, part: number, elsewhere: Elsewhere, now: Instant): Watched {
  const [ids, hosts, missing] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const around: Surroundings = {
    ...neighbours,
    machinesNamed(host) {
      hosts.add(host.toLowerCase());
      return neighbours.machinesNamed(host);
    },
    about<P extends AroundKind>(kind: P, subjectId: string): Evidence<AroundOf[P]> {
      if (partOf(subjectId) === part) return freshOrUnread<P>(judged, kind, subjectId, now);
      ids.add(subjectId);
      const evidence = elsewhere.get(subjectId);
      if (evidence) return freshOrUnread<P>({ ...judged, evidence }, kind, subjectId, now);
      missing.add(subjectId);
      return unread('it is being looked up', '', kind, now);
    },
  };
  return { around, ids, hosts, missing };
}

/** What the looks around came to: when that is the same, so is what was judged with it. */
export function lookedAt(
  { ids, hosts }: LookedAround,
  neighbours: Neighbours,
  elsewhere: Elsewhere,
  kinds: readonly EvidenceKind[],
  snapshot: Snapshot,
  now: Instant,
): readonly unknown[] {
  const told = (id: string) =>
    kinds.map((kind) => {
      const evidence = freshOrUnread<EvidenceKind>({ ...snapshot, evidence: elsewhere.get(id) ?? {} }, kind, id, now);
      return evidence.state === 'read' ? (evidence.value as EvidenceOf[EvidenceKind]) : [evidence.reason, evidence.fix];
    });
  return [hosts.map((host) => [host, neighbours.machinesNamed(host).map(({ id }) => id)]), ids.map((id) => [id, told(id)])];
}
