import type { EvidenceKind, EvidenceOf } from '../../../core/evidence.ts';
import { unread } from '../../../core/evidence.ts';
import { freshOrUnread } from '../../../core/fresh.ts';
import type { Instant } from '../../../core/instant.ts';
import { partOf } from '../../../core/part.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { Surroundings } from '../../../core/surroundings.ts';

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

/** Watches what is looked at while the machines of a part are judged, of which `judged` knows everything. `whole` knows every machine. */
export function watch(whole: Surroundings, judged: Snapshot, part: number, elsewhere: Elsewhere, now: Instant): Watched {
  const [ids, hosts, missing] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const around: Surroundings = {
    machines: whole.machines,
    machinesIn: (subscriptionId) => whole.machinesIn(subscriptionId),
    machinesNamed(host) {
      hosts.add(host.toLowerCase());
      return whole.machinesNamed(host);
    },
    about<P extends EvidenceKind>(kind: P, subjectId: string) {
      if (partOf(subjectId) === part) return freshOrUnread<P>(judged, kind, subjectId, now);
      ids.add(subjectId);
      const evidence = elsewhere.get(subjectId);
      if (evidence) return freshOrUnread<P>({ ...judged, evidence }, kind, subjectId, now);
      missing.add(subjectId);
      return unread('it is being looked up', '', kind, now) as never;
    },
  };
  return { around, ids, hosts, missing };
}

/** What the looks around came to: when that is the same, so is what was judged with it. */
export function lookedAt(
  { ids, hosts }: Pick<Watched, 'ids' | 'hosts'>,
  whole: Surroundings,
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
  return [
    [...hosts].toSorted(byText).map((host) => [host, whole.machinesNamed(host).map(({ id }) => id)]),
    [...ids].toSorted(byText).map((id) => [id, told(id)]),
  ];
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
