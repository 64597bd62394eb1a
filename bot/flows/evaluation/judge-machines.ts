import { evaluate } from '../../../core/evaluate.ts';
import { sha256 } from '../../../core/hash.ts';
import { HOUR } from '../../../core/instant.ts';
import { PARTS } from '../../../core/part.ts';
import type { JudgedPart, LookedAround, PartStand, Tx } from '../../../core/ports.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { Context } from '../context.ts';
import { snapshotWith } from '../snapshot.ts';
import { lookedAround, lookedAt, watch } from './around.ts';
import { pieces, spans } from './fleet.ts';
import type { Ground } from './ground.ts';
import { kindsAbout, kindsAround, lookUp } from './ground.ts';

/** Machines that are judged in one go, in one transaction: others have their turn in between. */
const MACHINES_AT_ONCE = 400;
/** A check may compare the times of its evidence with each other: every part is judged anew this often, one after the other. */
export const AT_LEAST_EVERY = HOUR;

/** Judges the machines of the parts where something changed that they depend on; how many subjects changed. */
export function createJudgeMachines(context: Context): (ground: Ground) => Promise<number> {
  const { store } = context;
  const steps = context.steps.filter(({ subject }) => subject === 'machine');
  const [kinds, around] = [kindsAbout(steps), kindsAround(steps)];

  function basisOf({ part, written }: PartStand, looked: LookedAround, ground: Ground): string {
    const turn = Math.floor((ground.now + (part * AT_LEAST_EVERY) / PARTS) / AT_LEAST_EVERY);
    const beside = lookedAt(looked, ground.everyone.neighbours, ground.elsewhere, around, ground.frame, ground.now);
    const read = kinds.map((kind) => written[kind] ?? 0);
    const waivers = ground.waivers.get(part) ?? [];
    return sha256(JSON.stringify([ground.common, turn, read, waivers, beside, ground.everyone.listedIn(part)]));
  }

  /** Each part by itself, so that what it rests on is the same whoever judges which parts together. */
  async function judgeParts(tx: Tx, ground: Ground, from: number, to: number): Promise<readonly JudgedPart[]> {
    const known = await tx.evidence({ parts: { from, to }, kinds });
    const { everyone, frame, now } = ground;
    const machines = Array.from({ length: to - from + 1 }, (_, index) => everyone.inPart(from + index)).flat();
    const whole = snapshotWith(context, known, frame, { ...everyone, machines }, frame.evidence.machine ?? {});
    const snapshot = { ...whole, takenAt: now, subscriptions: [] };
    const judged: JudgedPart[] = [];
    for (let part = from; part <= to; part += 1) {
      judged.push(await judgePart(tx, ground, part, { ...snapshot, machines: everyone.inPart(part) }));
    }
    return judged;
  }

  /** Judges again where a check looked at a machine elsewhere of which nothing was known yet; each time more is known, so that there is an end. */
  async function judgePart(tx: Tx, ground: Ground, part: number, snapshot: Snapshot): Promise<JudgedPart> {
    for (;;) {
      const watched = watch(ground.everyone.neighbours, snapshot, part, ground.elsewhere, ground.now);
      const judged = evaluate(steps, snapshot, ground.now, context.migration.owners, watched.around);
      if (watched.missing.size === 0) {
        const looked = lookedAround(watched);
        const machines = judged.filter(({ place }) => place.kind === 'machine');
        return { part, basis: basisOf(ground.parts[part] as PartStand, looked, ground), looked, judged: machines };
      }
      await lookUp(context, tx, ground, [...watched.missing], around);
    }
  }

  return async (ground) => {
    const due = ground.parts.slice(0, PARTS).filter((part) => {
      const passed = part.dueAt !== null && ground.now >= part.dueAt;
      return passed || part.basis !== basisOf(part, part.looked, ground);
    });
    const perPart = Math.max(1, ground.everyone.machines.length / PARTS);
    const most = Math.max(1, Math.floor(MACHINES_AT_ONCE / perPart));
    let changed = 0;
    for (const [from, to] of spans(due.map(({ part }) => part)).flatMap((span) => pieces(span, most))) {
      changed += await store.transact(async (tx) => tx.saveFindings(ground.now, await judgeParts(tx, ground, from, to)));
    }
    return changed;
  };
}
