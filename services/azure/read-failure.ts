import type { Doing } from './errors.ts';

type Where = Omit<Doing, 'identity'>;

/** A failed read of something that lies elsewhere than what is being read: operators are told of its own place and role. */
export class ReadFailure extends Error {
  override readonly name = 'ReadFailure';
  readonly where: Where;

  constructor(cause: unknown, where: Where) {
    super('a read failed', { cause });
    this.where = where;
  }
}
