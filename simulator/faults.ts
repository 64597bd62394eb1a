import { z } from 'zod';
import type { ServerName } from './request-log.ts';

const GRAPH = /\/providers\/Microsoft\.ResourceGraph\//i;
const pattern = z.string().refine(isPattern, 'is not a regular expression');
const status = z.object({
  status: z.number().int().min(400).max(599),
  retryAfter: z.number().min(0).optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  after: z.boolean().optional(),
});
const faultSchema = z.union([
  status.strict(),
  z.object({ slowMs: z.number().min(0).max(600_000) }).strict(),
  z.object({ reset: z.literal(true), after: z.boolean().optional() }).strict(),
  z.object({ lie: z.literal(true) }).strict(),
  z.object({ lagSeconds: z.number().min(0) }).strict(),
]);
const inputSchema = z
  .object({
    match: z
      .object({
        server: z.enum(['azure', 'teams']).optional(),
        method: z.string().optional(),
        path: pattern.optional(),
        body: pattern.optional(),
        identity: z.string().optional(),
      })
      .strict()
      .default({}),
    fault: faultSchema,
    times: z.number().int().min(1).optional(),
  })
  .strict();

/**
 * What goes wrong: an error status, a delay in real ms, a cut connection, a machine that lies about a run command, or an index of
 * Resource Graph that is behind by virtual seconds.
 * `after: true` lets the request take effect first, so that the caller cannot know whether it did.
 */
export type Fault = z.infer<typeof faultSchema>;

export interface ActiveFault {
  id: string;
  match: z.infer<typeof inputSchema>['match'];
  fault: Fault;
  /** How many more requests it hits; absent = every one. */
  times?: number;
}

export interface FaultRequest {
  server: ServerName;
  method: string;
  /** Path with query. */
  path: string;
  /** The request body's text. */
  body: string;
  /** Application (client) id of the caller. */
  identity: string | null;
}

/** Thrown for a fault that cannot be understood; the message names the path and the reason. */
export class FaultInputError extends Error {}

export interface Faults {
  /** Throws FaultInputError. */
  add(input: unknown): { id: string };
  list(): ActiveFault[];
  /** Without an id removes every fault; answers whether anything was removed. */
  clear(id?: string): boolean;
  /** The oldest fault that matches, one of its times used up; null when the request is to be answered honestly. */
  take(request: FaultRequest): ActiveFault | null;
}

/** The list behind the faults door. */
export function createFaults(): Faults {
  let active: ActiveFault[] = [];
  let counter = 0;
  function add(input: unknown): { id: string } {
    const parsed = inputSchema.safeParse(input);
    if (!parsed.success) throw new FaultInputError(explain(parsed.error));
    counter += 1;
    const fault: ActiveFault = { id: `fault-${counter}`, match: parsed.data.match, fault: parsed.data.fault };
    if (parsed.data.times !== undefined) fault.times = parsed.data.times;
    active.push(fault);
    return { id: fault.id };
  }
  function clear(id?: string): boolean {
    const kept = id === undefined ? [] : active.filter((fault) => fault.id !== id);
    const removed = kept.length < active.length;
    active = kept;
    return removed;
  }
  function take(request: FaultRequest): ActiveFault | null {
    const hit = active.find((fault) => matches(fault, request));
    if (!hit) return null;
    const before = { ...hit };
    if (hit.times !== undefined) {
      hit.times -= 1;
      if (hit.times === 0) active = active.filter((fault) => fault !== hit);
    }
    return before;
  }
  return { add, list: () => structuredClone(active), clear, take };
}

function matches({ match, fault }: ActiveFault, request: FaultRequest): boolean {
  if ('lagSeconds' in fault && !GRAPH.test(request.path)) return false;
  if ('lie' in fault && !(request.method === 'PUT' && /\/runcommands\//i.test(request.path))) return false;
  if (match.server !== undefined && match.server !== request.server) return false;
  if (match.method !== undefined && match.method.toUpperCase() !== request.method) return false;
  if (match.identity !== undefined && match.identity !== request.identity) return false;
  if (match.path !== undefined && !new RegExp(match.path, 'i').test(request.path)) return false;
  return match.body === undefined || new RegExp(match.body, 'i').test(request.body);
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

function explain(error: z.ZodError): string {
  const issue = error.issues[0];
  const path = issue?.path.join('.') || 'fault';
  if (path === 'fault') return 'fault: must be one of {status}, {slowMs}, {reset: true}, {lie: true}, {lagSeconds}';
  return `${path}: ${issue?.message ?? 'is not understood'}`;
}
