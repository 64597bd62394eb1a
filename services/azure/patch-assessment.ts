import { z } from 'zod';
import type { Evidence } from '../../core/evidence.ts';
import { read, unread } from '../../core/evidence.ts';
import type { UpdateFacts } from '../../core/facts/updates.ts';
import type { Instant } from '../../core/instant.ts';
import { instantOf } from './instant-of.ts';
import { malformed } from './malformed.ts';

export type PendingUpdate = Extract<UpdateFacts, { assessed: true }>['pending'][number];

const LONGEST = 300;

const text = z
  .string()
  .nullish()
  .transform((value) => value?.trim() ?? '');
const errorSchema = z.object({ code: text, message: text, details: z.array(z.object({ code: text, message: text })).nullish() }).nullish();
const rowSchema = z.object({
  status: text,
  osType: text,
  service: text,
  rebootPending: text,
  assessed: z.string(),
  errors: errorSchema,
  counts: z.record(z.string(), z.number().nullish()).nullish(),
});
type Row = z.output<typeof rowSchema>;

/** An assessment of a machine as evidence; `pending` is what its patch rows hold, read to their end. */
export function assessmentEvidence(
  row: unknown,
  machine: string,
  pending: readonly PendingUpdate[],
  source: string,
  at: Instant,
): Evidence<UpdateFacts> {
  const parsed = rowSchema.safeParse(row);
  const assessedAt = instantOf(parsed.data?.assessed);
  if (!parsed.success || assessedAt === null) return malformed('the update assessments', machine, source, at);
  const { status, service, rebootPending } = parsed.data;
  const name = machine.split('/').at(-1) ?? machine;
  if (status.toLowerCase() === 'inprogress') {
    return unread(`an update assessment of ${name} is under way`, 'Ask again in a few minutes.', source, at);
  }
  if (pending.length === 0 && lacksRows(parsed.data)) {
    return unread(`the update assessment of ${name} counts updates and lists none`, 'Ask again in a few minutes.', source, at);
  }
  const facts = {
    assessed: true,
    assessedAt,
    service: service.toLowerCase() === 'unknown' ? '' : service,
    rebootPending: rebootPending.toLowerCase() === 'true',
    error: errorOf(parsed.data),
    pending,
  } as const;
  return read(facts, source, at);
}

/** Updates of these classifications have KB numbers on Windows: where some are counted, one at least must be listed. */
const WITH_KB: ReadonlySet<string> = new Set(['critical', 'security', 'updaterollup', 'servicepack', 'definition']);

function lacksRows({ osType, counts }: Row): boolean {
  if (osType.toLowerCase() === 'linux') return false;
  return Object.entries(counts ?? {}).some(([name, count]) => WITH_KB.has(name.toLowerCase()) && (count ?? 0) > 0);
}

/** A clean assessment comes with no error, or with one whose code says that there is none. */
function errorOf({ status, errors }: Row): string {
  const none = ['', '0', 'success', 'none'].includes(errors?.code.toLowerCase() ?? '');
  const told = [errors, ...(errors?.details ?? [])].map((error) => error?.message || error?.code || '').find((words) => words !== '');
  if (!none) return (told ?? '').replaceAll(/\s+/g, ' ').slice(0, LONGEST);
  return status.toLowerCase() === 'failed' ? 'the assessment failed' : '';
}
