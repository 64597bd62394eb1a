import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { iconProblems } from '../../manifest/check-icons.ts';
import type { Icon } from '../../manifest/icons.ts';
import { icons } from '../../manifest/icons.ts';
import type { Picture } from '../../manifest/picture.ts';
import { decodePng, encodePng } from '../../manifest/png.ts';

const [color, outline] = icons as readonly [Icon, Icon];
const fileOf = ({ file }: Icon) => readFileSync(new URL(`../../manifest/${file}`, import.meta.url));
const pixel = ({ width, pixels }: Picture, x: number, y: number) => [...pixels.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];

function changed(icon: Icon, x: number, y: number, colour: readonly number[]): Buffer {
  const picture = icon.draw();
  picture.pixels.set(colour, (y * picture.width + x) * 4);
  return encodePng(picture);
}

function filled(size: number, colour: readonly number[]): Buffer {
  return encodePng({
    width: size,
    height: size,
    pixels: Uint8Array.from({ length: size * size * 4 }, (_, at) => colour[at % 4] as number),
  });
}

describe('the icons', () => {
  it.each(icons)('keeps $file as the generator draws it', (icon) => {
    const [kept, drawn] = [decodePng(fileOf(icon)), icon.draw()];
    expect([kept.width, kept.height]).toEqual([drawn.width, drawn.height]);
    expect(Buffer.compare(kept.pixels, drawn.pixels)).toBe(0);
  });

  it.each(icons)('keeps $file as Teams wants it', (icon) => {
    expect(iconProblems(icon, fileOf(icon))).toEqual([]);
  });

  it('draws color.png inside the middle 96 pixels, so that no crop cuts the light', () => {
    const picture = color.draw();
    const ground = pixel(picture, 0, 0).join();
    const inMiddle = (side: number) => side >= 48 && side < 144;
    const cut = [...Array(192 * 192).keys()].filter((at) => {
      const [x, y] = [at % 192, Math.floor(at / 192)];
      return !(inMiddle(x) && inMiddle(y)) && pixel(picture, x, y).join() !== ground;
    });
    expect(cut).toEqual([]);
    expect(pixel(picture, 96, 50)).toEqual([255, 255, 255, 255]);
  });

  it('lights the lowest lamp only', () => {
    const picture = color.draw();
    const [red, green, blue] = pixel(picture, 84, 122) as [number, number, number, number];
    expect(green).toBeGreaterThan(2 * Math.max(red, blue));
    expect(pixel(picture, 96, 65)).toEqual(pixel(picture, 96, 91));
    expect(pixel(picture, 96, 65)).not.toEqual([red, green, blue, 255]);
  });

  it('leaves no margin above and below the outline', () => {
    const picture = outline.draw();
    expect([pixel(picture, 16, 0), pixel(picture, 16, 31)]).toEqual([
      [255, 255, 255, 255],
      [255, 255, 255, 255],
    ]);
  });
});

describe('a wrong icon is refused', () => {
  it.each<[string, Icon, Buffer, string]>([
    ['of another size', color, encodePng(outline.draw()), '32x32 pixels and must be 192x192'],
    ['with a hole in its background', color, changed(color, 3, 3, [11, 90, 67, 0]), 'one solid square'],
    ['in a colour', outline, changed(outline, 5, 9, [255, 0, 0, 128]), 'the pixel at 5,9 has another colour'],
    ['without a transparent background', outline, filled(32, [255, 255, 255, 255]), 'its background must be transparent'],
    ['with nothing on it', outline, filled(32, [255, 255, 255, 0]), 'nothing is drawn on it'],
    ['that is missing', outline, Buffer.alloc(0), 'missing or empty'],
    ['that is no PNG', outline, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'not a PNG file'],
    ['that ends early', color, fileOf(color).subarray(0, 500), 'ends early'],
    ['that is damaged', color, fileOf(color).fill(7, 100, 110), 'damaged'],
  ])('one %s', (_what, icon, bytes, because) => {
    const problems = iconProblems(icon, bytes);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`manifest/${icon.file}: `);
    expect(problems[0]).toContain(because);
    expect(problems[0]).toContain('node run.mjs manifest/draw-icons.ts');
  });

  it('claiming to be huge is not unpacked', () => {
    expect(() => decodePng(pngOf(60_000, 60_000, 6, Buffer.alloc(10)))).toThrow('no size of an icon');
  });

  it('that unpacks to more than its size is not read', () => {
    expect(() => decodePng(pngOf(2, 2, 6, Buffer.alloc(5_000_000)))).toThrow();
  });
});

describe('PNG files of other programs', () => {
  const [width, height] = [23, 20];
  it.each([
    ['opacity', 6, 4],
    ['no opacity', 2, 3],
  ])('with %s are read, whichever way their rows are packed', (_what, colours, step) => {
    // Wide values above, narrow ones below: narrow ones make the ties that the last filter breaks in a fixed order.
    const size = width * height * step;
    let seed = 1;
    const raw = Buffer.from(
      Array.from({ length: size }, (_, at) => {
        seed = (seed * 48_271) % 2_147_483_647;
        return (seed >> 8) % (at < size / 2 ? 256 : 5);
      }),
    );
    const picture = decodePng(pngOf(width, height, colours, packRows(raw, width * step, step)));
    const expected =
      step === 4 ? [...raw] : Array.from({ length: width * height }, (_, at) => [...raw.subarray(at * 3, at * 3 + 3), 255]).flat();
    expect([...picture.pixels]).toEqual(expected);
  });

  it('with a palette or interlaced are refused with what to do', () => {
    expect(() => decodePng(pngOf(4, 4, 3, Buffer.alloc(20)))).toThrow('save it as one');
  });
});

/** Row y is packed with filter y modulo 5, by the definition in the PNG specification. */
function packRows(raw: Buffer, stride: number, step: number): Buffer {
  const at = (x: number, y: number) => (x < 0 || y < 0 ? 0 : (raw[y * stride + x] as number));
  const paeth = (a: number, b: number, c: number) => {
    const p = a + b - c;
    const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)] as const;
    if (pa <= pb && pa <= pc) return a;
    return pb <= pc ? b : c;
  };
  const rows = Array.from({ length: raw.length / stride }, (_, y) => {
    const filter = y % 5;
    const row = Array.from({ length: stride }, (_byte, x) => {
      const [a, b, c] = [at(x - step, y), at(x, y - 1), at(x - step, y - 1)];
      const predicted = [0, a, b, Math.floor((a + b) / 2), paeth(a, b, c)][filter] as number;
      return (at(x, y) - predicted + 256) % 256;
    });
    return [filter, ...row];
  });
  return Buffer.from(rows.flat());
}

function pngOf(width: number, height: number, colours: number, rows: Buffer): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, colours, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
