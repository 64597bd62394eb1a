import { ArmError } from '../arm-error.ts';

/** 404 as the Defender API says it. */
export function notFound(what: string): ArmError {
  return new ArmError(404, 'ResourceNotFound', `${what} was not found`);
}
