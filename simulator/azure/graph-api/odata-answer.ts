import { ArmError } from '../arm-error.ts';
import type { Slice } from '../odata/paging.ts';
import { allowOptions, selected } from '../odata/select.ts';
import { ODataError } from '../odata/tokens.ts';

type Json = Record<string, unknown>;

/** A collection as Graph answers it. */
export interface Collection {
  /** The part of @odata.context after $metadata#. */
  context: string;
  /** Path with the version, for the next link. */
  path: string;
  /** The type's name in Graph's complaints. */
  type: string;
  /** Size of the whole answer, given when $count asks for it. */
  total: number;
}

/** One page of a collection with its next link; throws ODataError for a property $select cannot name. */
export function collectionBody(base: string, of: Collection, slice: Slice<Json>, query: URLSearchParams): Json {
  const [version] = /^\/[^/]+/.exec(of.path) ?? [''];
  const body: Json = { '@odata.context': `${base}${version}/$metadata#${of.context}` };
  if (query.get('$count') === 'true') body['@odata.count'] = of.total;
  if (slice.next) body['@odata.nextLink'] = `${base}${of.path}?${slice.next.toString().replaceAll('%24', '$')}`;
  return { ...body, value: slice.items.map((item) => selected(item, query, of.type)) };
}

export const PAGING = ['$top', '$skiptoken', '$select', '$filter', '$count'] as const;

/** Runs what reads query options and turns a complaint about them into Graph's 400. */
export function understood<T>(query: URLSearchParams, options: readonly string[], code: string, run: () => T): T {
  try {
    allowOptions(query, options);
    return run();
  } catch (error) {
    if (!(error instanceof ODataError)) throw error;
    throw new ArmError(400, code, error.message);
  }
}

/** 404 as the directory says it. */
export function notInDirectory(id: string): ArmError {
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
  return new ArmError(404, 'Request_ResourceNotFound', message);
}
