import { evaluate } from '../../core/evaluate.ts';
import type { EvidenceKind } from '../../core/evidence.ts';
import { evidenceKinds } from '../../core/evidence.ts';
import { sha256 } from '../../core/hash.ts';
import type { Instant } from '../../core/instant.ts';
import { HOUR, MINUTE } from '../../core/instant.ts';
import { PARTS, partOf } from '../../core/part.ts';
import type { JudgedPart, PartStand, Tx } from '../../core/ports.ts';
import type { Ages, Judged } from '../../core/readiness.ts';
import { agesOf, sourcesStand } from '../../core/readiness.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { AnyStep } from '../../core/step.ts';
import type { Surroundings } from '../../core/surroundings.ts';
import { surroundingsOf } from '../../core/surroundings.ts';
import type { Context } from './context.ts';
import type { Elsewhere, Watched } from './evaluation/around.ts';
import { lookedAt, watch } from './evaluation/around.ts';
import type { Everyone, Fleet } from './evaluation/fleet.ts';
import { createFleet, spans } from './evaluation/fleet.ts';
import { missingEvidence } from './listing.ts';
import { snapshotFrom, snapshotWith } from './snapshot.ts';

/** Judges what has to be judged anew; how many subjects changed. A call during an evaluation is answered by the next one. */
export type Evaluate = () => Promise<number>;

/** Machines that are judged in one go, in one transaction: others have their turn in between. */
const MACHINES_AT_ONCE = 400;
/** A check may compare the times of its evidence with each other: every part is judged anew this often, one after the other. */
const AT_LEAST_EVERY = HOUR;
/** What looks at a whole fleet of more machines than this is judged anew so often only, unless evidence of its own changed. */
const LARGE = 5_000;
const LARGE_EVERY = 15 * MINUTE;

export function createEvaluate(context: Context, fleet: Fleet = createFleet(context)): Evaluate {
  const evaluator = createEvaluator(context, fleet);
  let running: Promise<number> | null = null;
  let waiting: Promise<number> | null = null;

  async function start(): Promise<number> {
    try {
      return await evaluator();
    } finally {
      running = null;
    }
  }

  return () => {
    if (!running) {
      running = start();
      return running;
    }
    // The one under way may have read a part before the evidence was written that this call is about.
    waiting ??= running
      .catch(() => null)
      .then(() => {
        waiting = null;
        running = start();
        return running;
      });
    return waiting;
  };
}

/** Everything that one evaluation goes by. */
interface Ground {
  readonly now: Instant;
  /** Of its evidence, what is said of servers that only the list knows. */
  readonly frame: Snapshot;
  readonly everyone: Everyone;
  readonly parts: readonly PartStand[];
  readonly whole: Surroundings;
  /** What every part's findings depend on. */
  readonly common: string;
  readonly elsewhere: Elsewhere;
}

function createEvaluator(context: Context, fleet: Fleet): Evaluate {
  const { store, steps, clock } = context;
  const machineSteps = steps.filter(({ subject }) => subject === 'machine');
  const wideSteps = steps.filter(({ subject }) => subject !== 'machine');
  const [machineKinds, lookedKinds] = [kindsAbout(machineSteps), [...new Set(machineSteps.flatMap(({ around = [] }) => around))]];
  const ages = agesOf(steps);
  /** What the checks of each part looked at beside it when it was judged last. Empty after a start: the steps may have changed, all is judged. */
  const looked = new Map<number, Pick<Watched, 'ids' | 'hosts'>>();
  let wide: { readonly own: string; readonly at: Instant } | null = null;

  function basisOf(part: PartStand, ground: Ground): string {
    const seen = looked.get(part.part);
    const waivers = ground.frame.waivers.filter(({ subjectId, until }) => ground.now < until && partOf(subjectId) === part.part);
    const turn = Math.floor((ground.now + (part.part * AT_LEAST_EVERY) / PARTS) / AT_LEAST_EVERY);
    const written = machineKinds.map((kind) => part.written[kind] ?? 0);
    const listed = ground.everyone.inPart(part.part).filter(({ facts }) => facts.kind === 'listed');
    const beside = seen ? lookedAt(seen, ground.whole, ground.elsewhere, lookedKinds, ground.frame, ground.now) : [];
    return sha256(JSON.stringify([ground.common, turn, written, waivers, beside, listed]));
  }

  /** Judges the machines of some parts: each by itself, so that what it rests on is the same whoever judges which parts together. */
  async function judgeParts(tx: Tx, ground: Ground, from: number, to: number): Promise<readonly JudgedPart[]> {
    const known = await tx.evidence({ parts: { from, to }, kinds: machineKinds });
    const { everyone, frame, now } = ground;
    const machines = Array.from({ length: to - from + 1 }, (_, index) => everyone.inPart(from + index)).flat();
    const whole = snapshotWith(context, known, frame, { ...everyone, machines }, frame.evidence.machine ?? {});
    const snapshot = { ...whole, takenAt: now, subscriptions: [] };
    const judged: JudgedPart[] = [];
    for (let part = from; part <= to; part += 1) {
      const found = await judgePart(tx, ground, part, { ...snapshot, machines: everyone.inPart(part) });
      judged.push({ part, basis: basisOf(ground.parts[part] as PartStand, ground), judged: found });
    }
    return judged;
  }

  /** Judges again where a check looked at a machine elsewhere of which nothing was known yet; each time more is known, so that there is an end. */
  async function judgePart(tx: Tx, ground: Ground, part: number, snapshot: Snapshot): Promise<readonly Judged[]> {
    for (;;) {
      const watched = watch(ground.whole, snapshot, part, ground.elsewhere, ground.now);
      const judged = evaluate(machineSteps, snapshot, ground.now, context.migration.owners, watched.around);
      looked.set(part, watched);
      if (watched.missing.size === 0) return judged.filter(({ place }) => place.kind === 'machine');
      await lookUp(context, tx, ground, [...watched.missing], lookedKinds);
    }
  }

  async function judgeMachines(ground: Ground): Promise<number> {
    const due = ground.parts.slice(0, PARTS).filter((part) => {
      const passed = part.dueAt !== null && ground.now >= part.dueAt;
      return passed || !looked.has(part.part) || part.basis !== basisOf(part, ground);
    });
    const perPart = Math.max(1, ground.whole.machines.length / PARTS);
    const most = Math.max(1, Math.floor(MACHINES_AT_ONCE / perPart));
    let changed = 0;
    for (const [from, to] of spans(due.map(({ part }) => part)).flatMap((span) => pieces(span, most))) {
      changed += await store.transact(async (tx) => tx.saveFindings(ground.now, await judgeParts(tx, ground, from, to)));
    }
    return changed;
  }

  /** Subscriptions and the organisation: their checks may look at every machine. */
  async function judgeWide(ground: Ground): Promise<number> {
    const [kinds, around] = [kindsAbout(wideSteps), [...new Set(wideSteps.flatMap((row) => row.around ?? []))]];
    const own = kinds.filter((kind) => evidenceKinds[kind].subject !== 'machine');
    const machines: readonly EvidenceKind[] = ['machine', ...around];
    const written = (wanted: readonly EvidenceKind[]) => ground.parts.map((part) => wanted.map((kind) => part.written[kind] ?? 0).join());
    const waivers = ground.frame.waivers.filter(({ until }) => ground.now < until);
    const ownBasis = sha256(JSON.stringify([ground.common, Math.floor(ground.now / AT_LEAST_EVERY), written(own), waivers]));
    const basis = sha256(JSON.stringify([ownBasis, written(machines)]));
    const last = ground.parts[PARTS] as PartStand;
    const due = last.dueAt !== null && ground.now >= last.dueAt;
    if (wide && last.basis === basis && !due) return 0;
    const soon = wide?.own === ownBasis && ground.now - wide.at < LARGE_EVERY && ground.whole.machines.length > LARGE;
    if (soon && !due) return 0;
    return store.transact(async (tx) => {
      const known = await tx.evidence({ kinds: [...own, ...around] });
      const snapshot = { ...snapshotFrom(context, known, ground.frame), takenAt: ground.now };
      const judged = evaluate(wideSteps, snapshot, ground.now, context.migration.owners, surroundingsOf(snapshot, ground.now));
      wide = { own: ownBasis, at: ground.now };
      return tx.saveFindings(ground.now, [{ part: PARTS, basis, judged: judged.filter(({ place }) => place.kind !== 'machine') }]);
    });
  }

  return async () => {
    const now = clock.now();
    const ground = await store.transact(async (tx): Promise<Ground> => {
      const parts = await tx.parts();
      const known = await tx.evidence({ subjects: [], kinds: [] });
      const everyone = await fleet.load(tx, parts, known.sources);
      const frame = { ...frameOf(context, known.sources, await tx.decisions(), everyone), takenAt: now };
      const elsewhere: Elsewhere = new Map();
      await lookUp(context, tx, { frame, elsewhere }, [...new Set([...looked.values()].flatMap(({ ids }) => [...ids]))], lookedKinds);
      return { now, frame, everyone, parts, whole: surroundingsOf(frame, now), common: commonOf(context, frame, ages, now), elsewhere };
    });
    const changed = (await judgeMachines(ground)) + (await judgeWide(ground));
    if (changed > 0) await store.transact((tx) => tx.closeEvaluation(now));
    return changed;
  };
}

/** Everything but what was read of each machine, with what is said of servers that only the list knows. */
function frameOf(
  context: Context,
  sources: Snapshot['sources'],
  decisions: Awaited<ReturnType<Tx['decisions']>>,
  everyone: Everyone,
): Snapshot {
  const evidence = everyone.list ? { 'server-list': everyone.list } : {};
  const known = { evidence, machines: [], sources };
  return snapshotWith(context, known, decisions, everyone, everyone.listing ? missingEvidence(known, everyone.listing) : {});
}

function kindsAbout(steps: readonly AnyStep[]): readonly EvidenceKind[] {
  return [...agesOf(steps).keys()];
}

/** What findings depend on beside evidence and the steps: the migration file, how the sources stand, and what people said and decided. */
function commonOf({ migration }: Context, frame: Snapshot, ages: Ages, now: Instant): string {
  const words = frame.attestations.map((word) => [word, now < word.until]);
  return sha256(JSON.stringify([migration.fileHash, sourcesStand(frame.sources, ages, now), frame.gates, words]));
}

/** Reads what is known of machines that checks look at from other parts. */
async function lookUp(
  context: Context,
  tx: Tx,
  { frame, elsewhere }: Pick<Ground, 'frame' | 'elsewhere'>,
  ids: readonly string[],
  kinds: readonly EvidenceKind[],
): Promise<void> {
  if (ids.length === 0) return;
  const { evidence } = snapshotFrom(context, await tx.evidence({ subjects: ids, kinds }), frame);
  for (const id of ids) {
    const about = kinds.flatMap((kind) => {
      const found = evidence[kind]?.[id];
      return found ? [[kind, { [id]: found }] as const] : [];
    });
    elsewhere.set(id, Object.fromEntries(about) as Snapshot['evidence']);
  }
}

function pieces([from, to]: readonly [number, number], most: number): readonly (readonly [number, number])[] {
  return Array.from({ length: Math.ceil((to - from + 1) / most) }, (_, index) => [
    from + index * most,
    Math.min(to, from + (index + 1) * most - 1),
  ]);
}
