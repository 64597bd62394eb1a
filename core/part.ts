/** How many parts subjects fall into, all of about the same size: what is known of a large fleet is compared, loaded and judged part by part. */
export const PARTS = 256;

const OFFSET = 2_166_136_261;
const PRIME = 16_777_619;

/** The part a subject belongs to, for ever the same: 0..{@link PARTS}-1. FNV-1a over the id's UTF-8 bytes, its halves folded into one byte. */
export function partOf(subjectId: string): number {
  let hash = OFFSET;
  for (let index = 0; index < subjectId.length; index += 1) {
    const unit = subjectId.charCodeAt(index);
    if (unit > 0x7f) return fold(hashBytes(new TextEncoder().encode(subjectId)));
    hash = Math.imul(hash ^ unit, PRIME);
  }
  return fold(hash);
}

function hashBytes(bytes: Uint8Array): number {
  let hash = OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return hash;
}

function fold(hash: number): number {
  return (hash ^ (hash >>> 16)) & (PARTS - 1);
}
