import type { z } from 'zod';
import { ArmError } from '../arm-error.ts';

/** The body as `schema` wants it; throws what the provider answers for a member it does not know or a value of the wrong shape. */
export function readBody<T extends z.ZodType>(schema: T, body: unknown, type: string): z.output<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const member = issue.keys[0];
    throw new ArmError(
      400,
      'BadRequest',
      `Could not find member '${member}' on object of type '${type}'. Path '${path ? `${path}.` : ''}${member}'.`,
    );
  }
  throw new ArmError(400, 'InvalidRequestContent', `The request content was invalid at '${path}': ${issue?.message}.`);
}

/** The name of a place as ARM keeps it: West Europe is westeurope. */
export function placeName(location: string): string {
  return location.replace(/\s/g, '').toLowerCase();
}
