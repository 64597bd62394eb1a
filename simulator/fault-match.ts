import { z } from 'zod';
import type { Fault } from './fault-kinds.ts';
import type { ServerName } from './request-log.ts';

const GRAPH = /\/providers\/Microsoft\.ResourceGraph\//i;
const pattern = z.string().refine(isPattern, 'is not a regular expression');

/** Which requests a fault may hit: all of what is given has to fit; patterns are regular expressions in any letter case. */
export const matchSchema = z
  .strictObject({
    server: z.enum(['azure', 'teams']).optional(),
    method: z.string().optional(),
    path: pattern.optional(),
    body: pattern.optional(),
    /** Application id, or reader, writer or bot. */
    identity: z.string().optional(),
    /** Name of a machine in the path. */
    machine: z.string().min(1).optional(),
    /** Of what the request log calls the operation. */
    operation: pattern.optional(),
  })
  .prefault({});
export type FaultMatch = z.infer<typeof matchSchema>;

export interface FaultRequest {
  server: ServerName;
  method: string;
  /** Path with query. */
  path: string;
  /** The request body's text. */
  body: string;
  /** Application (client) id of the caller. */
  identity: string | null;
  /** reader, writer or bot. */
  who: string | null;
  operation: string;
}

/** Whether a fault is about a request. A lag is only about Resource Graph, a lie only about writing a run command. */
export function matches({ match, fault }: { match: FaultMatch; fault: Fault }, request: FaultRequest): boolean {
  if ('lagSeconds' in fault && !GRAPH.test(request.path)) return false;
  if ('lie' in fault && !(request.method === 'PUT' && /\/runcommands\//i.test(request.path))) return false;
  if (match.server !== undefined && match.server !== request.server) return false;
  if (match.method !== undefined && match.method.toUpperCase() !== request.method) return false;
  if (match.identity !== undefined && match.identity !== request.identity && match.identity !== request.who) return false;
  if (match.machine !== undefined && machineIn(request.path) !== match.machine.toLowerCase()) return false;
  const { path, body, operation } = match;
  return (
    [
      [path, request.path],
      [body, request.body],
      [operation, request.operation],
    ] as const
  ).every(([source, text]) => source === undefined || new RegExp(source, 'i').test(text));
}

function machineIn(path: string): string | undefined {
  return /\/(?:virtualMachines|machines)\/([^/?]+)/i.exec(path)?.[1]?.toLowerCase();
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}
