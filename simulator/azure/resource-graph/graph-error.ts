import { randomUUID } from 'node:crypto';
import { ArmError } from '../arm-error.ts';

/** A reason as Resource Graph lists it below the message that only asks for support information. */
export interface GraphErrorDetail {
  code: string;
  message: string;
  line?: number;
  characterPositionInLine?: number;
}

/** Thrown for a query that gets no answer. */
export class GraphError extends Error {
  status: number;
  code: string;
  details: readonly GraphErrorDetail[];
  headers: Record<string, string>;
  constructor(status: number, code: string, details: readonly GraphErrorDetail[], headers: Record<string, string> = {}) {
    super(details[0]?.message ?? code);
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

export function refused(code: string, message: string): GraphError {
  return new GraphError(400, 'BadRequest', [{ code, message }]);
}

/** The error as it is answered; `now` in virtual ms. */
export function toArmError({ status, code, details, headers }: GraphError, now: number): ArmError {
  const timestamp = new Date(now).toISOString().replace('Z', '0000Z');
  const message = `Please provide below info when asking for support: timestamp = ${timestamp}, correlationId = ${randomUUID()}.`;
  return new ArmError(status, code, message, { details: [...details], headers });
}
