import { randomBytes, randomInt } from 'node:crypto';
import type { Ids } from '../core/ports.ts';

/** No letter or digit that is mistaken for another when read out. */
const READABLE = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Unpredictable values from the operating system. */
export function systemIds(): Ids {
  return {
    nonce: () => randomBytes(16).toString('hex'),
    reference: () => Array.from({ length: 8 }, () => READABLE[randomInt(READABLE.length)]).join(''),
  };
}
