import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { products } from '../../playbook/products/index.ts';
import { readProducts } from '../../playbook/products/read-products.ts';
import { expressionOf } from '../../playbook/scripts/tables.ts';

const text = readFileSync(require.resolve('../../playbook/products/products.json'), 'utf8');
const names = z.array(z.string().min(1).max(60));
const schema = z.array(
  z.strictObject({
    vendor: z.string().min(1).max(60),
    windows: z.strictObject({ services: names.min(1), drivers: names.min(1), programs: names.min(1) }),
    linux: z.strictObject({ units: names.min(1), packages: names.min(1), paths: names.min(1) }),
    seenInPublicLists: names,
  }),
);

describe('the list of products', () => {
  test('has every trace of every vendor a migration replaces', () => {
    expect(schema.parse(JSON.parse(text)).map(({ vendor }) => vendor)).toEqual([
      'CrowdStrike',
      'SentinelOne',
      'Symantec',
      'Trellix',
      'Trend Micro',
      'Sophos',
      'Carbon Black',
      'Cylance',
      'ESET',
      'Kaspersky',
      'Cortex XDR',
    ]);
    expect(readProducts(text)).toEqual(products);
  });

  test('claims no name for two vendors', () => {
    const lower = (list: readonly string[]) => list.map((name) => name.toLowerCase());
    for (const list of [
      products.flatMap(({ windows }) => lower(windows.services)),
      products.flatMap(({ windows }) => lower(windows.drivers)),
      products.flatMap(({ windows }) => lower(windows.programs)),
      products.flatMap(({ linux }) => linux.units),
      products.flatMap(({ linux }) => linux.packages),
      products.flatMap(({ linux }) => linux.paths),
    ]) {
      expect(list.filter((name, index) => list.indexOf(name) !== index)).toEqual([]);
    }
  });

  test('takes nothing of Microsoft for another vendor’s', () => {
    const own = ['WinDefend', 'Sense', 'WdNisSvc', 'MsSense', 'WdFilter.sys', 'WdBoot.sys', 'WdNisDrv.sys', 'mssecflt.sys'];
    const programs = ['Microsoft Defender for Endpoint', 'Windows Defender', 'Azure Connected Machine Agent', 'Microsoft Monitoring Agent'];
    for (const { windows, linux } of products) {
      const expressions = [windows.services, windows.drivers, windows.programs].map((list) => new RegExp(expressionOf(list), 'i'));
      for (const name of [...own, ...programs]) expect(expressions.filter((expression) => expression.test(name))).toEqual([]);
      expect([...linux.units, ...linux.packages]).not.toContain('mdatp');
      expect(linux.paths.filter((path) => path.startsWith('/opt/microsoft'))).toEqual([]);
    }
  });
});

describe('a list with a mistake is refused with its place', () => {
  const [first] = products;
  const changed = (change: object) => JSON.stringify([{ ...first, ...change }]);
  const windows = (change: object) => changed({ windows: { ...first!.windows, ...change }, seenInPublicLists: [] });
  const linux = (change: object) => changed({ linux: { ...first!.linux, ...change }, seenInPublicLists: [] });

  test('and one without is not', () => {
    expect(readProducts(changed({}))).toEqual([first]);
    expect(readProducts(linux({ units: [], packages: [], paths: [] }))).toHaveLength(1);
  });

  test.each([
    ['no list', '{}', /is not a list/],
    ['an empty list', '[]', /is not a list/],
    ['something else', '[1]', /product 1: is not an object/],
    ['no vendor', changed({ vendor: '' }), /product 1: its vendor/],
    ['a vendor with a line break', changed({ vendor: 'a\nb' }), /product 1: its vendor/],
    ['an unknown key', changed({ mac: [] }), /product 1: knows no "mac"/],
    ['a missing key', JSON.stringify([{ vendor: 'X', windows: {}, linux: {} }]), /product 1: has no seenInPublicLists/],
    ['half a system', changed({ windows: { services: [] } }), /CrowdStrike, windows: has no drivers/],
    ['a name that is none', windows({ services: [7] }), /windows, services: holds what is not printable/],
    ['a typographic quote', windows({ programs: ['Acme ’ *'] }), /windows, programs: holds what is not printable/],
    ['a control character', windows({ programs: ['Acme\u0007 *'] }), /windows, programs: holds what is not printable/],
    ['a name of blanks', windows({ programs: ['   '] }), /windows, programs: holds what is not printable/],
    ['a name too long', windows({ services: ['x'.repeat(61)] }), /windows, services: holds what is not printable/],
    ['a pattern for everything', windows({ services: ['*'] }), /windows, services: cannot be "\*"/],
    ['a pattern for nearly everything', windows({ programs: ['M*'] }), /windows, programs: cannot be "M\*"/],
    ['a driver that is no driver', windows({ drivers: ['csagent.exe'] }), /windows, drivers: cannot be/],
    ['a driver with its folder', windows({ drivers: ['drivers\\csagent.sys'] }), /windows, drivers: cannot be/],
    ['a unit with its ending', linux({ units: ['falcon-sensor.service'] }), /linux, units: cannot be/],
    ['a unit that is an option', linux({ units: ['--all'] }), /linux, units: cannot be/],
    ['a package with a space', linux({ packages: ['falcon sensor'] }), /linux, packages: cannot be/],
    ['a relative path', linux({ paths: ['opt/CrowdStrike'] }), /linux, paths: cannot be/],
    ['a path that is a whole system', linux({ paths: ['/opt'] }), /linux, paths: cannot be/],
    ['a path that climbs', linux({ paths: ['/opt/../etc'] }), /linux, paths: cannot be/],
    ['a name twice', linux({ units: ['a1', 'a1'] }), /linux, units: has "a1" twice/],
    ['a stranger among the seen', changed({ seenInPublicLists: ['other.sys'] }), /seenInPublicLists: "other.sys" is none/],
    ['a vendor twice', JSON.stringify([first, { ...first, vendor: 'CROWDSTRIKE' }]), /CROWDSTRIKE: is listed twice/],
    [
      'a vendor without a trace',
      changed({
        windows: { services: [], drivers: [], programs: [] },
        linux: { units: [], packages: [], paths: [] },
        seenInPublicLists: [],
      }),
      /nothing it could be known by/,
    ],
  ])('%s', (_, given, reason) => {
    expect(() => readProducts(given)).toThrow(reason);
  });
});
