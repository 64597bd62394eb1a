import { z } from 'zod';

const listSchema = z.object({ value: z.array(z.unknown()) });

/** For an SDK that takes an answer without a list for an empty one: throws a ZodError for it. To be given as `onResponse`. */
export function requireList({ status, bodyAsText }: { readonly status: number; readonly bodyAsText?: string | null }): void {
  if (status === 200) listSchema.parse(JSON.parse(bodyAsText ?? 'null'));
}
