import { z } from 'zod';
import { EstateError, toEstateError } from '../estates/estate.ts';

const schema = z.strictObject({
  /** What a run command written again, word for word the same, does. */
  repeatedRunCommandPut: z.enum(['runs-again', 'does-nothing']),
});

/** How the platform behaves where its documentation leaves it open. */
export type Behaviour = z.infer<typeof schema>;

/** How it behaves until somebody says otherwise. */
export const LIKELY_BEHAVIOUR: Readonly<Behaviour> = { repeatedRunCommandPut: 'does-nothing' };

/** The behaviour with the wished changes; throws EstateError for one there is not. */
export function changedBehaviour(present: Behaviour, wish: unknown): Behaviour {
  if (wish === undefined) return present;
  const parsed = schema.partial().safeParse(wish);
  if (parsed.success) return { ...present, ...(parsed.data as Partial<Behaviour>) } as Behaviour;
  const { path, reason } = toEstateError(parsed.error, '');
  throw new EstateError(path ? `behaviour.${path}` : 'behaviour', reason);
}
