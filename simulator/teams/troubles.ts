import { z } from 'zod';
import type { Random } from '../random.ts';
import { HttpError } from './http.ts';
import type { Activity } from './types.ts';

const troubleSchema = z.strictObject({
  trouble: z.enum(['duplicate', 'retry', 'lostReply']),
  of: z.enum(['any', 'message', 'invoke', 'refresh', 'event']).default('any'),
  rate: z.number().gt(0).max(1).default(1),
  times: z.number().int().min(1).optional(),
});

/**
 * What goes wrong on the way to the bot. `duplicate`: the same activity arrives twice; `retry`: it arrives once more, later, under a
 * new id and time; `lostReply`: what the bot answered gets lost. `rate` is the share of deliveries hit, `times` how many at most.
 */
export type Trouble = z.infer<typeof troubleSchema> & { id: string };

export interface Troubles {
  /** Throws HttpError for a trouble that makes no sense. */
  add(input: unknown): Trouble;
  list(): Trouble[];
  clear(): void;
  /** The troubles that hit this delivery. */
  take(activity: Activity): ReadonlySet<Trouble['trouble']>;
}

export function createTroubles(random: Random): Troubles {
  let active: Trouble[] = [];
  let counter = 0;
  return {
    add: (input) => {
      const parsed = troubleSchema.safeParse(input);
      if (!parsed.success) {
        const issue = parsed.error.issues[0];
        throw new HttpError(400, 'BadSyntax', `${issue?.path.join('.') || 'trouble'}: ${issue?.message ?? 'is not understood'}`);
      }
      counter += 1;
      const trouble = { ...parsed.data, id: `trouble-${counter}` };
      active.push(trouble);
      return { ...trouble };
    },
    list: () => active.map((trouble) => ({ ...trouble })),
    clear: () => {
      active = [];
    },
    take: (activity) => {
      const kind = kindOf(activity);
      // One number for each that could hit, drawn whether it hits or not: the same seed gives the same course.
      const hit = active.filter((trouble) => (trouble.of === 'any' || trouble.of === kind) && random.next() < trouble.rate);
      for (const trouble of hit) if (trouble.times !== undefined) trouble.times -= 1;
      active = active.filter((trouble) => trouble.times !== 0);
      return new Set(hit.map(({ trouble }) => trouble));
    },
  };
}

function kindOf({ type, value }: Activity): Exclude<Trouble['of'], 'any'> {
  if (type === 'message') return 'message';
  if (type !== 'invoke') return 'event';
  return (value as { trigger?: unknown } | undefined)?.trigger === 'automatic' ? 'refresh' : 'invoke';
}
