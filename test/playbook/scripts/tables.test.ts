import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { products } from '../../../playbook/products/index.ts';
import type { Product } from '../../../playbook/products/product.ts';
import { readProducts } from '../../../playbook/products/read-products.ts';
import { scripts } from '../../../playbook/scripts/index.ts';
import { quotePowerShell, quoteShell } from '../../../playbook/scripts/quote.ts';
import { expressionOf, powerShellProducts, shellProducts, withTables } from '../../../playbook/scripts/tables.ts';
import { mistakes, nodesOf, powerShellParser } from '../../support/powershell.ts';

const HOSTILE = [
  `it's`,
  `'; Remove-Item C:\\ -Recurse; '`,
  '$(rm -rf /) `id` $' + '{PATH} $env:PATH',
  '"quoted" \\back\\slash',
  '# table: products',
  '*?[a-z]{1,2}|(x)^$+.\\d',
  '--version',
  '%s %n',
  ' blanks ',
  '!history && || ; & < > |',
];
const hostileProduct = (name: string): Product => ({
  vendor: name,
  windows: { services: [name], drivers: [`${name}.sys`], programs: [`${name}*`] },
  linux: { units: [name], packages: [name], paths: [name] },
  seenInPublicLists: [],
});

let parse: Awaited<ReturnType<typeof powerShellParser>>;
beforeAll(async () => {
  parse = await powerShellParser();
});

/** What PowerShell reads a verbatim string as. */
function verbatim(literal: string): string {
  return literal.slice(1, -1).replace(/['\u2018\u2019\u201a\u201b]{2}/g, (pair) => pair[0]!);
}

describe('a quoted text stands for itself', () => {
  test.each([...HOSTILE, '‘typo’ ‚graphic‛'])('in PowerShell: %j', (text) => {
    const root = parse(`$x = @{ a = ${quotePowerShell(text)} }\n$y = 1\n`);
    expect(mistakes(root)).toEqual([]);
    const strings = nodesOf(root, 'string_literal').map((node) => node.text);
    // The grammar knows the apostrophe alone; PowerShell takes the typographic ones for it too, so they are doubled as well.
    expect(strings.map(verbatim)).toEqual([text]);
    expect(nodesOf(root, 'variable').map((node) => node.text)).toEqual(['$x', '$y']);
  });

  const printed = (text: string) => execFileSync('/bin/sh', ['-c', `printf %s ${quoteShell(text)}`], { encoding: 'utf8' });
  test.each(HOSTILE)('in sh: %j', (text) => {
    expect(printed(text)).toBe(text);
  });
  test('whatever it is', () => {
    const anything = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCodePoint(code)), maxLength: 40 });
    fc.assert(
      fc.property(anything, (text) => {
        expect(printed(text)).toBe(text);
        expect(nodesOf(parse(`$x = ${quotePowerShell(text)}`), 'string_literal').map((node) => verbatim(node.text))).toEqual([text]);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
  test.each(['a\nb', 'a\rb', 'a\0b', 'a\u2028b', 'a\u200bb'])('and a control character is refused: %j', (text) => {
    expect(() => quotePowerShell(text)).toThrow(/cannot be part of a script/);
    expect(() => quoteShell(text)).toThrow(/cannot be part of a script/);
  });
});

describe('an expression', () => {
  test.each(HOSTILE.filter((name) => !name.includes('*')))('matches exactly %j', (name) => {
    const expression = new RegExp(expressionOf([name, 'other']), 'i');
    expect([name, name.toUpperCase(), 'other', `${name}x`, `x${name}`, ''].map((text) => expression.test(text))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
  test('lets a star stand for anything, and nothing else', () => {
    const expression = new RegExp(expressionOf(['klif*.sys']), 'i');
    expect(['klif.sys', 'KLIFABC.SYS', 'klifxsys', 'aklif.sys'].map((text) => expression.test(text))).toEqual([true, true, false, false]);
  });
  test('of no names matches nothing', () => {
    expect(new RegExp(expressionOf([])).test('')).toBe(false);
  });
  test.each(products)('of $vendor uses only what .NET and JavaScript read alike', ({ windows }) => {
    for (const names of Object.values(windows)) expect(expressionOf(names)).toMatch(/^\^\(\?:(?:[\w |*-]|\.\*|\\\.)+\)\$$/);
  });
});

describe('the scripts with their tables', () => {
  test('hold every name of the list, once a product', () => {
    for (const { vendor, windows, linux } of products) {
      expect(scripts.probeWindows.text.split(`@{ vendor = '${vendor}';`)).toHaveLength(2);
      for (const names of Object.values(windows)) expect(scripts.probeWindows.text).toContain(`'${expressionOf(names)}'`);
      expect(scripts.probeLinux.text.split(`product '"${vendor}"'\n`)).toHaveLength(2);
      for (const name of Object.values(linux).flat()) expect(scripts.probeLinux.text).toContain(` '${name}'\n`);
    }
  });

  test('stay scripts whatever a list holds', () => {
    const hostile = HOSTILE.map(hostileProduct);
    const windows = withTables('$products = @(\n    # table: products\n)\n', { products: powerShellProducts(hostile) });
    const root = parse(windows);
    expect(mistakes(root)).toEqual([]);
    expect(nodesOf(root, 'command')).toEqual([]);
    const vendors = nodesOf(root, 'hash_entry').filter((node) => node.text.startsWith('vendor'));
    expect(vendors.flatMap((node) => nodesOf(node, 'string_literal')).map((node) => verbatim(node.text))).toEqual(HOSTILE);

    const tell = 'product() { printf "%s\\n" "$1"; }; unit() { printf "%s\\n" "$1"; }; package() { unit "$1"; }; files() { unit "$1"; }';
    const shell = withTables(`${tell}\n# table: products\n`, { products: shellProducts(hostile) });
    const said = execFileSync('/bin/sh', { input: shell, encoding: 'utf8' });
    expect(said).toBe(HOSTILE.map((name) => `${JSON.stringify(name)}\n${`${name}\n`.repeat(3)}`).join(''));
  });

  test('are the same bytes for the same list, and others for another', () => {
    const template = 'a\n  # table: products\nb\n';
    const made = (list: readonly Product[]) => withTables(template, { products: shellProducts(list) });
    expect(made(readProducts(JSON.stringify(products)))).toBe(made(products));
    expect(made(products.slice(1))).not.toBe(made(products));
    expect(made(products)).toMatch(/^a\n {2}product '"CrowdStrike"'\n {2}unit /);
  });

  test.each([
    ['a place without a table', '# table: hotfixes\n', {}],
    ['a table without a place', 'x\n', { products: ['y'] }],
    ['a place twice', '# table: products\n# table: products\n', { products: ['y'] }],
  ])('%s is refused', (_, template, tables) => {
    expect(() => withTables(template, tables)).toThrow(/the script has places for/);
  });
  test('a table is put in as it is, whatever looks like a replacement in it', () => {
    expect(withTables('# table: x\n', { x: ['$& $1 $$'] })).toBe('$& $1 $$\n');
  });
});
