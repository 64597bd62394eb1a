import { z } from 'zod';
import { FAULT_SHAPES, type Fault, type FaultKind, faultSchema, kindOf } from './fault-kinds.ts';
import { type FaultMatch, type FaultRequest, matches, matchSchema } from './fault-match.ts';
import { createRandom, type Random, seedOf } from './random.ts';

const inputSchema = z.strictObject({
  match: matchSchema,
  fault: faultSchema,
  times: z.number().int().min(1).optional(),
  /** Chance that a matching request is hit; absent = always. */
  rate: z.number().min(0).max(1).optional(),
});

export interface ActiveFault {
  id: string;
  kind: FaultKind;
  match: FaultMatch;
  fault: Fault;
  /** How many more requests it hits; absent = every one. */
  times?: number;
  rate?: number;
  /** Requests that matched, and those of them that were hit. */
  seen: number;
  hits: number;
}

/** Thrown for a fault that cannot be understood; the message names the path and the reason. */
export class FaultInputError extends Error {}

export interface Faults {
  /** Throws FaultInputError. */
  add(input: unknown): { id: string };
  list(): ActiveFault[];
  /** Without an id removes every fault; answers whether anything was removed. */
  clear(id?: string): boolean;
  /**
   * The faults that hit a request, oldest first, one of the times of each used up. What is refused at once is never carried out, so
   * of the others only a delay counts then: the rest keep their times. Chance is drawn once for each matching request.
   */
  take(request: FaultRequest): ActiveFault[];
  /** One of them found nothing to spoil. */
  giveBack(id: string): void;
}

/** The list behind the faults door; `seed` decides which requests a rate hits. */
export function createFaults(seed = 1): Faults {
  let known: ActiveFault[] = [];
  const chances = new Map<string, Random>();
  let counter = 0;
  const isSpent = ({ times }: ActiveFault) => times === 0;
  function add(input: unknown): { id: string } {
    const parsed = inputSchema.safeParse(input);
    if (!parsed.success) throw new FaultInputError(explain(parsed.error));
    counter += 1;
    const id = `fault-${counter}`;
    chances.set(id, createRandom(seed ^ seedOf(id)));
    const { match, fault, times, rate } = parsed.data;
    const limits = { ...(times === undefined ? {} : { times }), ...(rate === undefined ? {} : { rate }) };
    known.push({ id, kind: kindOf(fault), match, fault, ...limits, seen: 0, hits: 0 });
    return { id };
  }
  function clear(id?: string): boolean {
    const kept = id === undefined ? [] : known.filter((fault) => fault.id !== id);
    const removed = known.some((fault) => !kept.includes(fault) && !isSpent(fault));
    known = kept;
    return removed;
  }
  function take(request: FaultRequest): ActiveFault[] {
    const matching = known.filter((fault) => !isSpent(fault) && matches(fault, request));
    for (const fault of matching) fault.seen += 1;
    const struck = matching.filter(({ id, rate }) => rate === undefined || chances.get(id)!.next() < rate);
    const refusal = struck.find(({ fault }) => refuses(fault) && !isAfter(fault));
    const replacement = struck.find(({ fault }) => refuses(fault) && isAfter(fault));
    const applied = struck.filter((fault) => {
      if (refuses(fault.fault)) return fault === (refusal ?? replacement);
      return refusal === undefined ? !(replacement && spoils(fault.fault)) : isDelay(fault.fault);
    });
    const taken = structuredClone(applied);
    for (const fault of applied) {
      fault.hits += 1;
      if (fault.times !== undefined) fault.times -= 1;
    }
    return taken;
  }
  function giveBack(id: string): void {
    const fault = known.find((candidate) => candidate.id === id);
    if (!fault) return;
    fault.hits -= 1;
    if (fault.times !== undefined) fault.times += 1;
  }
  return { add, list: () => structuredClone(known.filter((fault) => !isSpent(fault))), clear, take, giveBack };
}

function refuses(fault: Fault): boolean {
  return 'status' in fault || 'never' in fault || ('reset' in fault && fault.reset === true);
}
function isAfter(fault: Fault): boolean {
  return 'after' in fault && fault.after === true;
}
function isDelay(fault: Fault): boolean {
  return 'slowMs' in fault && fault.late !== true;
}
function spoils(fault: Fault): boolean {
  return 'truncated' in fault || 'lostPage' in fault || 'offOrigin' in fault || ('reset' in fault && fault.reset === 'body');
}

function explain(error: z.ZodError): string {
  const issue = error.issues[0];
  const path = issue?.path.join('.') || 'fault';
  if (path === 'fault') return `fault: must be one of ${FAULT_SHAPES}`;
  return `${path}: ${issue?.message ?? 'is not understood'}`;
}
