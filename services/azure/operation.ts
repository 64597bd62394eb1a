import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { z } from 'zod';
import type { ReadBack } from '../../core/ports.ts';
import { oneLine } from './one-line.ts';
import type { ReaderClients } from './reader-clients.ts';

/** Addresses of operations as the machine providers give them: of one subscription, by region. */
const FOLLOWED =
  /^\/subscriptions\/[0-9a-f-]{36}\/providers\/Microsoft\.(?:Compute|HybridCompute)\/locations\/[a-z0-9]+\/operation[a-z]*\/[^/]+$/i;
const LONGEST = 4_000;

/**
 * Path and query under which Azure tells how an accepted call goes on, from `Azure-AsyncOperation`, else `Location`; undefined where it names
 * none, or one that is not an operation of the call's own subscription at this very endpoint: no token goes anywhere else.
 */
export function operationOf({ headers }: PipelineResponse, endpoint: string, path: string): string | undefined {
  const named = headers.get('azure-asyncoperation') ?? headers.get('location');
  if (named === undefined || named.length > LONGEST || !URL.canParse(named)) return undefined;
  const url = new URL(named);
  const sameSubscription = url.pathname.split('/')[2]?.toLowerCase() === path.split('/')[2]?.toLowerCase();
  if (url.origin !== new URL(endpoint).origin || !FOLLOWED.test(url.pathname) || !sameSubscription) return undefined;
  return `${url.pathname}${url.search}`;
}

const errorSchema = z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish();
/** The result of an action beside the status of its operation. Compute shows it there; where it is missing or of another kind, it says nothing. */
const resultSchema = z
  .object({
    output: z.object({
      status: z.string(),
      maintenanceWindowExceeded: z.boolean().nullish(),
      error: errorSchema,
      errorDetails: errorSchema,
    }),
  })
  .nullish()
  .catch(null);
const statusSchema = z.object({ status: z.string(), error: errorSchema, properties: resultSchema });
type Result = NonNullable<z.output<typeof resultSchema>>['output'];
type Failure = z.output<typeof errorSchema>;

/** How an operation stands. One that nobody can follow is unread, never absent: whether it arrived is not known. */
export async function readOperation(clients: ReaderClients, operation: string | null): Promise<ReadBack> {
  if (operation === null) return { kind: 'unread', because: 'Azure did not say where to follow it' };
  const url = new URL(operation, 'https://azure.invalid');
  const { status, error, properties } = statusSchema.parse(
    await clients.get(decodeURIComponent(url.pathname), Object.fromEntries(url.searchParams)),
  );
  if (/^succeeded$/i.test(status)) return resultOf(properties?.output);
  if (!/^(failed|cancell?ed)$/i.test(status)) return { kind: 'running' };
  return { kind: 'failed', because: `Azure ended it ${status}${saidOf(error)}` };
}

/** An operation ends well even where what it was for did not: an installation of updates tells so in its result alone. */
function resultOf(result: Result | undefined): ReadBack {
  const exceeded = result?.maintenanceWindowExceeded === true;
  if (!result || (/^succeeded$/i.test(result.status) && !exceeded)) return { kind: 'succeeded', output: '' };
  const late = exceeded ? ', out of time' : '';
  return {
    kind: 'failed',
    because: `Azure ended it, and its result is ${result.status}${late}${saidOf(result.error ?? result.errorDetails)}`,
  };
}

function saidOf(error: Failure): string {
  const said = oneLine([error?.code, error?.message].filter(Boolean).join(': '));
  return said && `: ${said}`;
}
