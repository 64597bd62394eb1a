import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { z } from 'zod';
import { at } from '../../core/json.ts';
import { guid } from '../../core/person.ts';
import type { ExpandedCall } from '../../core/plan.ts';
import type { ReadBack } from '../../core/ports.ts';
import { readGraphList } from '../defender/graph-list.ts';
import type { JsonReader } from './json-reader.ts';
import { troubleOf } from './trouble.ts';

const ASSIGN = /\/assign$/;
const DONE: ReadBack = { kind: 'succeeded', output: '' };

const assignmentSchema = z.object({ target: z.object({ '@odata.type': z.string(), groupId: z.string().nullish() }) });
const assignSchema = z.object({ assignments: z.array(assignmentSchema) });
type Target = z.output<typeof assignmentSchema>['target'];

/** Path of what a call made, by the id in Graph's answer; undefined where the answer names none. */
export function madeBy({ bodyAsText }: PipelineResponse, { path }: ExpandedCall): string | undefined {
  if (ASSIGN.test(path)) return undefined;
  const id = guid(at(parsed(bodyAsText), 'id'));
  return id === null ? undefined : `${path}/${id}`;
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}

/**
 * What became of a call that adds to a list of Graph. What it made is looked for by its id where Graph has told it, else by its name and the
 * plan's mark; Graph shows late what it took, so that something it has told the id of is never absent. What it holds is for a proof to tell.
 */
export async function readListed(graph: JsonReader, call: ExpandedCall, made: string | null): Promise<ReadBack> {
  if (ASSIGN.test(call.path)) return readAssigned(graph, call);
  if (made !== null) return readMade(graph, made);
  const body = call.body ?? {};
  const field = 'displayName' in body ? 'displayName' : 'name';
  const wanted = body[field];
  // Policies are few and are read whole; of groups a tenant may have many thousands.
  const byName = field === 'displayName' && typeof wanted === 'string';
  const query: Record<string, string> = byName ? { $filter: `displayName eq '${wanted.replaceAll("'", "''")}'` } : {};
  const listed = await readGraphList(graph, call.path, query);
  const isOurs = (entry: unknown) => at(entry, field) === wanted && at(entry, 'description') === body['description'];
  return listed.some(isOurs) ? DONE : { kind: 'absent' };
}

async function readMade(graph: JsonReader, path: string): Promise<ReadBack> {
  try {
    await graph.get(path, {});
    return DONE;
  } catch (error) {
    if (troubleOf(error).kind === 'missing') return { kind: 'running' };
    throw error;
  }
}

/** Every target that was asked for is among those that the policy is assigned to. */
async function readAssigned(graph: JsonReader, { path, body }: ExpandedCall): Promise<ReadBack> {
  const listed = await readGraphList(graph, path.replace(ASSIGN, '/assignments'), {});
  const found = z
    .array(assignmentSchema)
    .parse(listed)
    .map(({ target }) => keyOf(target));
  const wanted = assignSchema.parse(body).assignments.map(({ target }) => keyOf(target));
  return wanted.every((key) => found.includes(key)) ? DONE : { kind: 'absent' };
}

function keyOf({ '@odata.type': type, groupId }: Target): string {
  return `${type.replace(/^#/, '')} ${groupId?.toLowerCase() ?? ''}`;
}
