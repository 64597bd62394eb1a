import { crc32, deflateSync, inflateSync } from 'node:zlib';
import type { Picture } from './picture.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BYTES_PER_PIXEL: Readonly<Record<number, 3 | 4>> = { 2: 3, 6: 4 };

/** No icon is larger; a file that claims to be is not unpacked. Pixels. */
const MAX_SIDE = 1_024;

/** A PNG file, eight bits a channel with opacity. */
export function encodePng({ width, height, pixels }: Picture): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (width * 4 + 1));
  for (let y = 0; y < height; y += 1) rows.set(pixels.subarray(y * width * 4, (y + 1) * width * 4), y * (width * 4 + 1) + 1);
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

/** Reads a PNG file of eight bits a channel, with or without opacity. Throws with a reason for anything else. */
export function decodePng(file: Uint8Array): Picture {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw new Error('this is not a PNG file');
  const chunks = readChunks(bytes);
  const header = chunks.find(({ type }) => type === 'IHDR')?.data;
  if (header?.length !== 13) throw new Error('the PNG header is missing');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, colours, , , interlaced] = header.subarray(8);
  const step = BYTES_PER_PIXEL[colours as number];
  if (depth !== 8 || step === undefined || interlaced !== 0) {
    throw new Error('only PNG files in full colour, with eight bits a channel and not interlaced, are read: save it as one');
  }
  if (width === 0 || height === 0 || width > MAX_SIDE || height > MAX_SIDE)
    throw new Error(`${width}x${height} pixels is no size of an icon`);
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const size = height * (width * step + 1);
  const rows = inflateSync(packed, { maxOutputLength: size });
  if (rows.length !== size) throw new Error('the PNG file ends early');
  return { width, height, pixels: unfilter(rows, width, height, step) };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  size.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([size, body, sum]);
}

function readChunks(bytes: Buffer): readonly { readonly type: string; readonly data: Buffer }[] {
  const chunks = [];
  let at = 8;
  while (at < bytes.length) {
    const size = at + 12 <= bytes.length ? bytes.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (at + 12 + size > bytes.length) throw new Error('the PNG file ends early');
    const body = bytes.subarray(at + 4, at + 8 + size);
    if (crc32(body) !== bytes.readUInt32BE(at + 8 + size)) throw new Error('the PNG file is damaged');
    chunks.push({ type: body.toString('latin1', 0, 4), data: body.subarray(4) });
    at += 12 + size;
  }
  return chunks;
}

/** Undoes the prediction each row was packed with, and adds full opacity where the file has none. */
function unfilter(rows: Buffer, width: number, height: number, step: 3 | 4): Uint8Array {
  const stride = width * step;
  const plain = new Uint8Array(height * stride);
  for (let y = 0; y < height; y += 1) {
    const predict = predictors[rows[y * (stride + 1)] as number];
    if (!predict) throw new Error('the PNG file is damaged');
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x >= step ? (plain[at - step] as number) : 0;
      const up = y > 0 ? (plain[at - stride] as number) : 0;
      const upLeft = x >= step && y > 0 ? (plain[at - stride - step] as number) : 0;
      plain[at] = (rows[y * (stride + 1) + 1 + x] as number) + predict(left, up, upLeft);
    }
  }
  if (step === 4) return plain;
  return Uint8Array.from({ length: width * height * 4 }, (_, at) => (at % 4 === 3 ? 255 : (plain[(at >> 2) * 3 + (at % 4)] as number)));
}

const predictors: readonly ((left: number, up: number, upLeft: number) => number)[] = [
  () => 0,
  (left) => left,
  (_left, up) => up,
  (left, up) => (left + up) >> 1,
  nearestOfThree,
];

function nearestOfThree(left: number, up: number, upLeft: number): number {
  const [toLeft, toUp, toUpLeft] = [left, up, upLeft].map((value) => Math.abs(left + up - upLeft - value)) as [number, number, number];
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}
