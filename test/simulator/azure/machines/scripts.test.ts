import { ASKED_HOTFIXES as hotfixes } from '../../../../playbook/hotfixes.ts';
import { products } from '../../../../playbook/products/index.ts';
import { scripts } from '../../../../playbook/scripts/index.ts';
import { expressionOf } from '../../../../playbook/scripts/tables.ts';
import { probeOutput, windowsProbe } from '../../../../services/azure/probe-schemas.ts';
import { ASKED_HOTFIXES, KNOWN_PRODUCTS } from '../../../../simulator/azure/machines/known-products.ts';
import { offboard, onboard } from '../../../../simulator/azure/machines/onboarding.ts';
import { restart } from '../../../../simulator/azure/machines/restart.ts';
import { runScript } from '../../../../simulator/azure/machines/scripts.ts';
import { removeProduct } from '../../../../simulator/azure/machines/third-party.ts';
import type { Machine } from '../../../../simulator/estates/machine.ts';
import { OPERATING_SYSTEMS, type OsName } from '../../../../simulator/estates/operating-systems.ts';
import { PRODUCT_NAMES, product } from '../../../../simulator/estates/products.ts';
import { NOW, server } from './server.ts';

const NONCE = 'ab12';
const parametersOf = (given: Record<string, string>) => Object.entries(given).map(([name, value]) => ({ name, value }));
const run = (machine: Machine, text: string, given: Record<string, string> = {}, lie = false) =>
  runScript(machine, text, { parameters: parametersOf({ Nonce: NONCE, ...given }), lie, now: NOW });
const printed = (machine: Machine, text: string, given?: Record<string, string>) => JSON.parse(run(machine, text, given).output);

const expressions = (names: readonly string[]) => new RegExp(expressionOf(names), 'i');

describe('the real scripts and what the machines make of them', () => {
  test('look for the same products and updates', () => {
    expect(KNOWN_PRODUCTS).toEqual(products.map(({ vendor, windows, linux }) => ({ vendor, windows, linux })));
    expect(ASKED_HOTFIXES).toEqual(hotfixes);
  });
  test.each(PRODUCT_NAMES)('would find what %s leaves on a Windows machine by the expressions they were given', (name) => {
    const { vendor, service, otherServices, drivers, uninstall } = product(name, 'windows');
    const { windows } = products.find((known) => known.vendor === vendor)!;
    expect(service).toMatch(expressions(windows.services));
    for (const other of otherServices) expect(other.name).toMatch(expressions(windows.services));
    expect(drivers.length).toBeGreaterThan(0);
    for (const driver of drivers) expect(driver).toMatch(expressions(windows.drivers));
    expect(uninstall?.name).toMatch(expressions(windows.programs));
    expect(scripts.probeWindows.text).toContain(
      `services = '${expressionOf(windows.services)}'; drivers = '${expressionOf(windows.drivers)}'`,
    );
  });
  test.each(PRODUCT_NAMES)('would find what %s leaves on a Linux machine by the names they were given', (name) => {
    const { vendor, service, otherServices, uninstall, paths } = product(name, 'linux');
    const { linux } = products.find((known) => known.vendor === vendor)!;
    for (const unit of [service, ...otherServices.map((other) => other.name)]) expect(linux.units).toContain(unit);
    expect(linux.packages).toContain(uninstall?.name);
    expect(paths).toHaveLength(1);
    expect(linux.paths).toContain(paths[0]);
  });
  test('the Windows probe prints the same fields in the same order', () => {
    const fields = (start: string) => {
      const [, body = ''] = new RegExp(String.raw`${start}\[ordered\]@\{\n([\s\S]*?)\n *\}`).exec(scripts.probeWindows.text) ?? [];
      return [...body.matchAll(/^\s*(\w+)\s+= /gm)].map(([, name]) => name);
    };
    const server2022 = server('2022', { wsusServer: {} });
    const line = printed(server2022, scripts.probeWindows.text);
    expect(Object.keys(line)).toEqual(fields(String.raw`\$facts = `));
    expect(Object.keys(line.defender)).toEqual(fields(String.raw`    (?=\[ordered\]@\{\n        mode)`));
    expect(Object.keys(line.wsusServer)).toEqual(fields(String.raw`    (?=\[ordered\]@\{\n        products)`));
  });
  test('the Linux probe prints the same fields in the same order', () => {
    const [, format = ''] = /printf '(\{"v".*\})'/.exec(scripts.probeLinux.text) ?? [];
    const health = [...scripts.probeLinux.text.matchAll(/^ {2}mdatp="(.*)"$/gm)].map(([, part]) => part).join('');
    const fields = (text: string) => [...text.matchAll(/\\?"(\w+)\\?":/g)].map(([, name]) => name);
    const line = printed(server('ubuntu', { mdatp: {} }), scripts.probeLinux.text);
    expect(Object.keys(line)).toEqual(fields(format));
    expect(Object.keys(line.mdatp)).toEqual(fields(health));
  });
  test.each(Object.keys(OPERATING_SYSTEMS).filter((os) => os !== 'blank') as OsName[])('what %s prints is what the reader takes', (os) => {
    const osType = OPERATING_SYSTEMS[os].os.type;
    const thirdParty = PRODUCT_NAMES.map((name) => product(name, osType));
    for (const guest of [
      {},
      { thirdParty, rebootPending: true },
      { osBuild: '' },
      { onboarded: true, mdatp: osType === 'linux' ? {} : null },
    ]) {
      const text = osType === 'linux' ? scripts.probeLinux.text : scripts.probeWindows.text;
      expect(probeOutput.safeParse(printed(server(os, guest), text)).error).toBeUndefined();
    }
  });
  test('the key script prints the same fields', () => {
    const [, body = ''] = /@\{ (v = 1;.*) \} \| ConvertTo-Json/.exec(scripts.setPassiveMode.text) ?? [];
    const fields = [...body.matchAll(/(\w+) = /g)].map(([, name]) => name);
    expect(Object.keys(printed(server('2022'), scripts.setPassiveMode.text, { State: 'on' }))).toEqual(fields);
  });
});

describe('the Windows probe', () => {
  const probe = (machine: Machine) => printed(machine, scripts.probeWindows.text);
  test('says what Windows says', () => {
    const guest = {
      onboarded: true,
      passiveKey: 1,
      defender: { mode: 'Passive', tamperProtected: true, signatureAgeDays: 2 },
      sensor: { service: 'Running' },
      updates: { wsus: { server: 'http://wsus:8530' }, hotfixes: ['KB5005698', 'KB9999999', 'KB2919355'] },
    } as const;
    const machine = server(
      '2022',
      { ...guest, updates: { ...guest.updates, hotfixes: [...guest.updates.hotfixes] } },
      { name: 'srv-longer-than-fifteen' },
    );
    expect(probe(machine)).toEqual({
      v: 2,
      script: 'probe-windows',
      nonce: NONCE,
      host: 'SRV-LONGER-THAN',
      osBuild: '20348.2762',
      lastBoot: '2026-01-05T03:00:00Z',
      passiveKey: 1,
      onboarded: true,
      disabledByPolicy: false,
      sensor: 'running',
      defender: {
        mode: 'Passive Mode',
        antivirusEnabled: false,
        realTimeProtection: false,
        tamperProtected: true,
        signatureAgeDays: 2,
        version: '4.18.25110.6',
      },
      feature: 'installed',
      reboot: [],
      wsus: { server: 'http://wsus:8530' },
      wsusServer: null,
      hotfixes: ['KB2919355', 'KB5005698'],
      thirdParty: [],
      unchecked: [],
    });
  });
  test.each([
    ['without the feature', server('2022', { defender: { feature: 'Available' } }), 'available', []],
    ['without its files', server('2016', { defender: { feature: 'Removed' } }), 'removed', []],
    ['on a system that has none', server('2012r2'), null, []],
    ['on a machine of which nobody told', server('2022', { defender: null }), null, ['feature']],
  ])('has nothing to say of Defender %s', (_, machine, feature, unchecked) => {
    expect(probe(machine)).toMatchObject({ defender: null, feature, unchecked });
  });
  test('says of the unified agent’s antivirus what it says itself, and knows no feature', () => {
    expect(probe(server('2012r2', { defender: { mode: 'Normal' } }))).toMatchObject({ defender: { mode: 'Normal' }, feature: null });
  });
  test('sees each trace it looks for and no other', () => {
    const machine = server('2022', {
      thirdParty: [
        product('trellix', 'windows'),
        { vendor: 'Bitdefender', service: 'EPSecurityService' },
        { vendor: 'Acme', service: 'avp21.3', state: 'Stopped', uninstall: { name: 'Acme', version: '1' } },
        { vendor: 'Eset', service: 'none', drivers: ['EAMONM.SYS'] },
      ],
    });
    expect(probe(machine).thirdParty).toEqual([
      { vendor: 'Trellix', running: true, traces: ['service', 'driver', 'program'] },
      { vendor: 'ESET', running: false, traces: ['driver'] },
      { vendor: 'Kaspersky', running: false, traces: ['service'] },
    ]);
  });
  test('still sees the drivers of a product that was removed, until the machine boots', () => {
    const machine = server('2022', { thirdParty: [product('crowdstrike', 'windows')] });
    removeProduct(machine, 'CrowdStrike', null, NOW);
    expect(probe(machine)).toMatchObject({ thirdParty: [{ vendor: 'CrowdStrike', running: false, traces: ['driver'] }], reboot: ['pfro'] });
    restart(machine, NOW);
    expect(probe(machine)).toMatchObject({ thirdParty: [], reboot: [] });
  });
  test.each([
    [
      ['pfro', 'cbs'],
      ['cbs', 'pfro'],
    ],
    [['wu'], ['wu']],
    [[], ['wu']],
  ] as const)('with a restart pending for %j prints %j', (rebootReasons, told) => {
    expect(probe(server('2022', { rebootPending: true, rebootReasons: [...rebootReasons] })).reboot).toEqual(told);
  });
  test('prints ASCII, whatever the machine holds', () => {
    const machine = server('2022', { updates: { wsus: { server: 'http://wsus-ø\u202e:8530' } } }, { name: 'sérver' });
    expect(probe(machine)).toMatchObject({ host: 'S?RVER', wsus: { server: 'http://wsus-??:8530' } });
  });

  describe('on a WSUS server', () => {
    const many = (count: number, what: string) => Array.from({ length: count }, (_, index) => `${what} ${index} with a long name`);
    const wsus = (more: object) =>
      probe(
        server('2022', {
          wsusServer: {
            products: ['Windows Server 2019', 'Microsoft Defender for Endpoint'],
            classifications: ['Security Updates', 'Definition Updates'],
            rules: [
              { name: 'All', products: [], classifications: [] },
              { name: 'Off', enabled: false, products: ['Windows Server 2019'] },
            ],
            lastSync: '2026-03-01T01:02:03.456Z',
            ...more,
          },
        }),
      );
    test('tells its lists, what has to do with Defender first; a rule that names none is for all', () => {
      expect(wsus({}).wsusServer).toEqual({
        products: ['Microsoft Defender for Endpoint', 'Windows Server 2019'],
        classifications: ['Security Updates', 'Definition Updates'],
        rules: [
          { name: 'All', enabled: true, products: null, classifications: null },
          { name: 'Off', enabled: false, products: ['Windows Server 2019'], classifications: null },
        ],
        lastSync: '2026-03-01T01:02:03Z',
        shortened: false,
      });
    });
    test('leaves out what no step asks for when all of it is too long, and says so', () => {
      const { wsusServer, unchecked } = wsus({
        products: [...many(100, 'Product'), 'Windows Server 2012 R2', 'Windows Defender'],
        classifications: ['Update Rollups', 'Drivers'],
      });
      expect(wsusServer).toMatchObject({
        products: ['Windows Defender', 'Windows Server 2012 R2'],
        classifications: ['Update Rollups'],
        rules: [
          { name: 'All', products: null },
          { name: 'Off', products: [], classifications: null },
        ],
        shortened: true,
      });
      expect(unchecked).toEqual([]);
    });
    test('leaves out rules that are off or for other products when that is still too long', () => {
      const others = many(60, 'Rule').map((name, index) => ({ name, enabled: index % 2 === 0, products: ['Windows Server 2019'] }));
      const rules = [...others, { name: 'Defender', products: ['Windows Defender'] }, { name: 'All' }, { name: 'Off', enabled: false }];
      expect(wsus({ rules }).wsusServer.rules.map(({ name }: { name: string }) => name)).toEqual(['Defender', 'All']);
    });
    test('says that it could not look when even that is too long', () => {
      const rules = many(60, 'Rule').map((name) => ({ name, products: ['Windows Defender'] }));
      expect(wsus({ rules })).toMatchObject({ wsusServer: null, unchecked: ['wsus-server'] });
    });
    test('always keeps within the line', () => {
      for (const count of [0, 10, 20, 30, 40, 60, 90]) {
        const names = many(count, "Defender's & <other>");
        const line = wsus({ products: names, rules: names.map((name) => ({ name, products: names.slice(0, 3) })) });
        expect(JSON.stringify(line).length).toBeLessThanOrEqual(3_584);
        expect(windowsProbe.safeParse(line).error).toBeUndefined();
      }
    });
  });
});

describe('the Linux probe', () => {
  const probe = (machine: Machine, nonce = NONCE) => printed(machine, scripts.probeLinux.text, { Nonce: nonce });
  test('lists units whether they run or not, packages and paths, and cleans the nonce', () => {
    const machine = server('ubuntu', {
      thirdParty: [product('trend', 'linux'), { vendor: 'Sophos', service: 'sophos-spl', state: 'Stopped' }],
    });
    expect(probe(machine, 'ab12-XYZ"')).toEqual({
      v: 2,
      script: 'probe-linux',
      nonce: 'ab12-XYZ',
      host: 'srv-1',
      osBuild: '22.04',
      lastBoot: '2026-01-05T03:00:00Z',
      sensor: 'absent',
      mdatp: null,
      reboot: [],
      thirdParty: [
        { vendor: 'Trend Micro', running: true, traces: ['service', 'program', 'files'] },
        { vendor: 'Sophos', running: false, traces: ['service'] },
      ],
      unchecked: [],
    });
  });
  test('tells what mdatp tells', () => {
    const mdatp = { passiveMode: false, realTimeProtection: true, managed: { passiveMode: false }, definitions: 'outdated' } as const;
    expect(probe(server('ubuntu', { onboarded: true, mdatp }))).toMatchObject({
      sensor: 'running',
      mdatp: {
        healthy: true,
        licensed: true,
        passiveMode: false,
        passiveManaged: true,
        realTimeProtection: true,
        definitions: 'outdated',
        version: '101.25092.0005',
        onboarded: true,
      },
    });
    expect(probe(server('ubuntu', { mdatp: {}, sensor: { service: 'Stopped' } }))).toMatchObject({ sensor: 'stopped', mdatp: null });
  });
  test('an offboarded machine still has its antivirus, without a licence', () => {
    const machine = server('ubuntu');
    onboard(machine, false, NOW);
    offboard(machine, NOW);
    expect(probe(machine)).toMatchObject({ sensor: 'running', mdatp: { licensed: false, onboarded: false } });
  });
  test.each([
    ['ubuntu', 'reboot-required'],
    ['rhel', 'needs-restarting'],
  ] as const)('on %s a pending restart is told by %s', (os, reason) => {
    expect(probe(server(os, { rebootPending: true })).reboot).toEqual([reason]);
  });
});

describe('the key script', () => {
  const text = scripts.setPassiveMode.text;
  test('sets and removes the value and prints both', () => {
    const machine = server('2022', { passiveKey: 0 });
    expect(printed(machine, text, { State: 'ON' })).toMatchObject({ before: 0, after: 1 });
    expect(printed(machine, text, { state: 'off' })).toMatchObject({ before: 1, after: null });
    expect(machine.guest.passiveKey).toBeNull();
  });
  test.each([[{ State: 'maybe' }], [{}]])('given %j ends with exit code 1 and changes nothing', (given) => {
    const machine = server('2022', { passiveKey: 1 });
    expect(run(machine, text, given)).toMatchObject({
      exitCode: 1,
      output: '',
      error: expect.stringContaining('must be on or off'),
      changed: false,
    });
    expect(machine.guest.passiveKey).toBe(1);
  });
  test.each([
    ['the machine lies', true, false],
    ['the fault lies', false, true],
  ])('says it did and did not when %s', (_, lies, lie) => {
    const machine = server('2022', {}, { lies });
    const { output, changed } = run(machine, text, { State: 'on' }, lie);
    expect([JSON.parse(output).after, changed, machine.guest.passiveKey]).toEqual([1, false, null]);
  });
});

describe('the scripts that clear passive mode', () => {
  const windows = scripts.clearPassiveModeWindows.text;
  const linux = scripts.clearPassiveModeLinux.text;
  const passive = (os: OsName, guest: Parameters<typeof server>[1] = {}, more: object = {}) => {
    const machine = server(os, { passiveKey: os === 'ubuntu' ? null : 1, ...guest }, more);
    onboard(machine, false, NOW);
    return machine;
  };

  test('print the same fields as the real ones', () => {
    const fields = (script: string) => [...(script.split('\n').findLast((line) => line.startsWith('@{')) ?? '').matchAll(/(\w+) = /g)];
    expect(Object.keys(printed(passive('2022'), windows))).toEqual(fields(windows).map(([, name]) => name));
    const format = /printf '(\{.*\})\\n'/.exec(linux)?.[1] ?? '';
    expect(Object.keys(printed(passive('ubuntu'), linux))).toEqual([...format.matchAll(/"(\w+)":/g)].map(([, name]) => name));
  });
  test.each(['2012r2', '2016', '2019', '2022', '2025'] as const)('make Defender active on an onboarded %s', (os) => {
    const machine = passive(os);
    expect(machine.guest.defender?.mode).toBe('Passive');
    expect(printed(machine, windows)).toMatchObject({ nonce: NONCE, before: 1, after: null, mode: 'Normal' });
    expect(machine.guest).toMatchObject({ passiveKey: null, defender: { mode: 'Normal', realTimeProtection: true } });
    expect(machine.guest.history.at(-1)).toMatchObject({ from: 'none', to: 'defender', cause: 'passive key cleared' });
  });
  test('make it active on Linux', () => {
    const machine = passive('ubuntu');
    expect(printed(machine, linux)).toMatchObject({ nonce: NONCE, before: true, after: false, realTimeProtection: true });
    expect(machine.guest.mdatp).toMatchObject({ passiveMode: false, realTimeProtection: true });
  });
  test('change nothing the second time', () => {
    for (const [os, text] of [['2022', windows] as const, ['ubuntu', linux] as const]) {
      const machine = passive(os);
      expect([run(machine, text).changed, run(machine, text).changed]).toEqual([true, false]);
    }
  });
  test('say so where another product keeps Defender from becoming active', () => {
    const machine = passive('2022', { thirdParty: [{ ...product('crowdstrike', 'windows'), blocks: true }] });
    expect(printed(machine, windows)).toMatchObject({ mode: 'Not running' });
  });
  test.each([
    ['a managed configuration decides', passive('ubuntu', { mdatp: { managed: { passiveMode: true } } }), /managed by the administrator/],
    ['there is no mdatp', server('ubuntu'), /not installed/],
  ])('fail on Linux where %s', (_words, machine, error) => {
    const before = structuredClone(machine.guest);
    expect(run(machine, linux)).toMatchObject({ exitCode: 1, output: '', error: expect.stringMatching(error), changed: false });
    expect(machine.guest).toEqual(before);
  });
  test('say that they did and do not on a machine that lies', () => {
    const keyed = passive('2022', {}, { lies: true });
    expect(printed(keyed, windows)).toMatchObject({ after: null, mode: 'Normal' });
    expect(keyed.guest).toMatchObject({ passiveKey: 1, defender: { mode: 'Passive' } });
    const mdatp = passive('ubuntu', {}, { lies: true });
    expect(printed(mdatp, linux)).toMatchObject({ after: false, realTimeProtection: true });
    expect(mdatp.guest.mdatp?.passiveMode).toBe(true);
  });
});

describe('a script nobody knows', () => {
  test.each([
    ['has another version', scripts.setPassiveMode.text.replace(' v1', ' v2')],
    ['has another id', scripts.setPassiveMode.text.replace('set-passive-mode v1', 'format-disk v1')],
    ['has no header', 'param([string]$State)\nSet-Something\n'],
    ['says its name too far down', `${'\n'.repeat(6)}${scripts.setPassiveMode.text}`],
    ['is for the other system', scripts.probeLinux.text],
    ['is empty', ''],
  ])('because it %s ends with exit code 1 and changes nothing', (_, text) => {
    const machine = server('2022');
    const before = structuredClone(machine.guest);
    const { exitCode, output, error, changed } = run(machine, text, { State: 'on' });
    expect([exitCode, output, changed]).toEqual([1, '', false]);
    expect(error).toMatch(/is not recognized/);
    expect(machine.guest).toEqual(before);
  });
  test('on Linux is not found', () => {
    expect(run(server('ubuntu'), scripts.probeWindows.text)).toMatchObject({ exitCode: 1, error: expect.stringMatching(/not found/) });
  });
});
