import { crc32 } from 'node:zlib';

export interface ZipEntry {
  /** A plain ASCII file name: the file lies at the root. */
  readonly name: string;
  readonly data: Uint8Array;
}

/** The earliest date a zip file can hold, 1 January 1980, so that the same files make the same bytes. */
const DATE = (1 << 5) | 1;
const VERSION = 10;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** A zip file with the entries in their order, stored as they are: deflate would differ between versions of Node. */
export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of entries) {
    if (!NAME.test(name)) throw new Error(`zip: ${JSON.stringify(name)} cannot be the name of a file at the root`);
    const common = commonFields(name, data);
    const local = Buffer.concat([bytes(['u32', 0x04034b50]), common, Buffer.from(name, 'latin1'), data]);
    const place = bytes(['u16', 0], ['u16', 0], ['u16', 0], ['u32', 0], ['u32', offset]); // comment, disk, attributes (2), offset
    directory.push(Buffer.concat([bytes(['u32', 0x02014b50], ['u16', VERSION]), common, place, Buffer.from(name, 'latin1')]));
    locals.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const count = entries.length;
  const end = bytes(
    ['u32', 0x06054b50],
    ['u16', 0],
    ['u16', 0],
    ['u16', count],
    ['u16', count],
    ['u32', list.length],
    ['u32', offset],
    ['u16', 0],
  );
  return Buffer.concat([...locals, list, end]);
}

/** What the local header and the directory both say: version, flags, method, time, date, checksum, sizes, lengths of name and extra. */
function commonFields(name: string, data: Uint8Array): Buffer {
  return bytes(
    ['u16', VERSION],
    ['u16', 0],
    ['u16', 0],
    ['u16', 0],
    ['u16', DATE],
    ['u32', crc32(data)],
    ['u32', data.length],
    ['u32', data.length],
    ['u16', name.length],
    ['u16', 0],
  );
}

function bytes(...fields: readonly (readonly ['u16' | 'u32', number])[]): Buffer {
  return Buffer.concat(
    fields.map(([kind, value]) => {
      const field = Buffer.alloc(kind === 'u16' ? 2 : 4);
      if (kind === 'u16') field.writeUInt16LE(value);
      else field.writeUInt32LE(value);
      return field;
    }),
  );
}
