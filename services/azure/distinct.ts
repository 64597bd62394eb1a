/** Counts different texts. Of each it keeps a number of 53 bits, so that a million resource ids cost little; two alike would make it count one too few. */
export interface Distinct {
  add(text: string): void;
  readonly size: number;
}

export function createDistinct(): Distinct {
  const seen = new Set<number>();
  return {
    add: (text) => void seen.add(hashOf(text)),
    get size() {
      return seen.size;
    },
  };
}

/** Two multiplicative hashes of 32 bits over the same text, 53 bits of them used. */
function hashOf(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return (high & 0x1f_ffff) * 0x1_0000_0000 + (low >>> 0);
}
