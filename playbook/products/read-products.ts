import type { Product } from './product.ts';

/** Printable ASCII: what a script is made of whatever code page it is read in. */
const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const LONGEST = 60;
/** A pattern with fewer letters and digits than this would find what is nobody's. */
const FEWEST_LETTERS = 2;

const LISTS = [
  ['windows', 'services', pattern],
  ['windows', 'drivers', driver],
  ['windows', 'programs', pattern],
  ['linux', 'units', unit],
  ['linux', 'packages', word],
  ['linux', 'paths', path],
] as const;

/**
 * Reads the list of products strictly.
 * @throws Error with the place of the first mistake.
 */
export function readProducts(text: string): readonly Product[] {
  const rows: unknown = JSON.parse(text);
  if (!Array.isArray(rows) || rows.length === 0) throw new Error('the list of products: is not a list with a product in it');
  const products = rows.map((row: unknown, index) => readProduct(row, `product ${index + 1}`));
  const vendors = products.map(({ vendor }) => vendor.toLowerCase());
  const twice = products.find(({ vendor }, index) => vendors.indexOf(vendor.toLowerCase()) !== index);
  if (twice) throw new Error(`${twice.vendor}: is listed twice`);
  return products;
}

function readProduct(row: unknown, place: string): Product {
  const { vendor, windows, linux, seenInPublicLists } = fields(row, ['vendor', 'windows', 'linux', 'seenInPublicLists'], place);
  if (!isName(vendor)) throw new Error(`${place}: its vendor is not a name of printable ASCII, at most ${LONGEST} characters`);
  const halves = {
    windows: fields(windows, ['services', 'drivers', 'programs'], `${vendor}, windows`),
    linux: fields(linux, ['units', 'packages', 'paths'], `${vendor}, linux`),
  };
  const names = LISTS.flatMap(([half, list, check]) => {
    const found = strings(halves[half][list as keyof (typeof halves)[typeof half]], `${vendor}, ${half}, ${list}`);
    for (const name of found) if (!check(name)) throw new Error(`${vendor}, ${half}, ${list}: cannot be ${JSON.stringify(name)}`);
    return found;
  });
  if (names.length === 0) throw new Error(`${vendor}: has nothing it could be known by`);
  const stranger = strings(seenInPublicLists, `${vendor}, seenInPublicLists`).find((name) => !names.includes(name));
  if (stranger !== undefined) throw new Error(`${vendor}, seenInPublicLists: ${JSON.stringify(stranger)} is none of its names`);
  return row as Product;
}

function fields<K extends string>(value: unknown, names: readonly K[], place: string): Record<K, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${place}: is not an object`);
  const given = Object.keys(value);
  const missing = names.find((name) => !given.includes(name));
  if (missing !== undefined) throw new Error(`${place}: has no ${missing}`);
  const unknown = given.find((name) => !names.includes(name as K));
  if (unknown !== undefined) throw new Error(`${place}: knows no ${JSON.stringify(unknown)}`);
  return value as Record<K, unknown>;
}

function strings(value: unknown, place: string): readonly string[] {
  if (!Array.isArray(value)) throw new Error(`${place}: is not a list`);
  const list = value.map((name: unknown) => {
    if (!isName(name)) throw new Error(`${place}: holds what is not printable ASCII of at most ${LONGEST} characters`);
    return name;
  });
  const twice = list.find((name, index) => list.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${place}: has ${JSON.stringify(twice)} twice`);
  return list;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST && PRINTABLE.test(value);
}

function pattern(name: string): boolean {
  return name.replace(/[^A-Za-z0-9]/g, '').length >= FEWEST_LETTERS && !name.startsWith('*');
}

function driver(name: string): boolean {
  return pattern(name) && name.toLowerCase().endsWith('.sys') && !/[\\/]/.test(name);
}

function unit(name: string): boolean {
  return word(name) && !name.endsWith('.service');
}

function word(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9@_.+-]*$/.test(name);
}

function path(name: string): boolean {
  return /^(?:\/[^/*]+){2,}$/.test(name) && !name.split('/').includes('..');
}
