import { products } from '../../../playbook/products/index.ts';
import { scripts } from '../../../playbook/scripts/index.ts';
import { linuxProbe } from '../../../services/azure/probe-schemas.ts';
import { dpkg, type LinuxMachine, linuxMachine, mdatp, systemctl } from '../../support/linux-machine.ts';

const text = scripts.probeLinux.text;
let machine: LinuxMachine;
beforeEach(() => {
  machine = linuxMachine();
});
afterEach(() => machine.remove());

/** The one line it printed, as the reader understands it. */
function probe(shell = '/bin/sh', nonce = 'ab12', script = text) {
  const { status, stdout, stderr } = machine.run(script, { shell, nonce });
  expect({ status, stderr, lines: stdout.split('\n').length }).toEqual({ status: 0, stderr: '', lines: 2 });
  expect(stdout).toMatch(/^[\x20-\x7e]+\n$/);
  expect(Buffer.byteLength(stdout)).toBeLessThanOrEqual(3_584);
  return linuxProbe.parse(JSON.parse(stdout));
}

/** The same with shorter limits, so that what hangs is waited for no longer than a second. */
const IMPATIENT = text.replaceAll(/\blimit \d+ /g, 'limit 1 ').replace('timeout -k 5', 'timeout -k 1');
const HANGS = 'sleep 600';

// Ubuntu's sh is dash, Red Hat's is bash.
test.each(['/bin/dash', '/bin/bash --posix'])('a machine with nothing on it, in %s', (shell) => {
  expect(probe(shell)).toEqual({
    v: 2,
    script: 'probe-linux',
    nonce: 'ab12',
    host: expect.stringMatching(/^[\w.-]+$/),
    osBuild: expect.stringMatching(/^\d+\.\d+/),
    lastBoot: '2026-03-02T03:00:00Z',
    sensor: 'absent',
    mdatp: null,
    reboot: [],
    thirdParty: [],
    unchecked: [],
  });
});

describe('mdatp', () => {
  const onboarded = {
    healthy: true,
    licensed: true,
    passiveMode: true,
    passiveManaged: false,
    realTimeProtection: false,
    definitions: 'up_to_date',
    version: '101.25092.0005',
    onboarded: true,
  };
  beforeEach(() => {
    machine.program('systemctl', systemctl({ mdatp: 'loaded/active' }));
  });

  test.each(['/bin/dash', '/bin/bash --posix'])('passive, in %s', (shell) => {
    machine.program('mdatp', mdatp());
    expect(probe(shell)).toMatchObject({ sensor: 'running', mdatp: onboarded, unchecked: [] });
  });
  test.each([
    ['active', { passive_mode_enabled: 'false', real_time_protection_enabled: 'true' }, { passiveMode: false, realTimeProtection: true }],
    [
      'active, in numbers',
      { passive_mode_enabled: '0', real_time_protection_enabled: '1' },
      { passiveMode: false, realTimeProtection: true },
    ],
    ['that uses no blanks', { healthy: null, 'engine: x\nhealthy: true\nhealthy_x': '' }, {}],
    ['managed', { passive_mode_enabled: 'true [managed]' }, { passiveMode: true, passiveManaged: true }],
    ['managed, active', { passive_mode_enabled: 'false [managed]' }, { passiveMode: false, passiveManaged: true }],
    [
      'unlicensed and on its own',
      { licensed: 'false', org_id: '""', healthy: 'false' },
      { licensed: false, healthy: false, onboarded: false },
    ],
    ['of no organisation yet', { org_id: 'unavailable' }, { onboarded: false }],
    ['with old definitions', { definitions_status: '"outdated"' }, { definitions: 'outdated' }],
    ['that does not say its version', { app_version: null }, { version: '' }],
    [
      'that prints hostile text',
      { app_version: `"1.0","x":"'$(id)\`id\`\\\\"`, definitions_status: '"up_to_date","onboarded":true', org_id: '"a","onboarded":true' },
      { version: '1.0x:idid', definitions: 'up_to_dateonboarded:true', onboarded: false },
    ],
    ['with a long version', { app_version: `"${'9'.repeat(5_000)}"` }, { version: '9'.repeat(40) }],
  ])('%s', (_, fields, wanted) => {
    machine.program('mdatp', mdatp(fields));
    expect(probe()).toMatchObject({ sensor: 'running', mdatp: { ...onboarded, ...wanted }, unchecked: [] });
  });

  test('warns, prints and ends with an error: what it printed counts', () => {
    machine.program('mdatp', `echo 'ATTENTION: No license found.' >&2\necho 'ATTENTION: No license found.'\n${mdatp()}\nexit 3`);
    expect(probe().mdatp).toEqual(onboarded);
  });

  test.each([
    ['leaves out whether it is passive', mdatp({ passive_mode_enabled: null })],
    ['says neither true nor false', mdatp({ real_time_protection_enabled: '"truely"' })],
    ['says it is unavailable', mdatp({ healthy: 'unavailable' })],
    ['cannot reach its service', `echo 'Could not connect to the daemon. Status code: UNAVAILABLE'\nexit 1`],
    ['prints nothing', ':'],
    ['prints bytes', `printf '\\000\\377\\033[2J\\n'`],
  ])('that %s while its service runs is unchecked, never absent', (_, body) => {
    machine.program('mdatp', body);
    expect(probe('/bin/dash')).toMatchObject({ sensor: 'running', mdatp: null, unchecked: ['antivirus'] });
  });
  test('that hangs is given up, and the rest is told', () => {
    machine.program('mdatp', HANGS);
    expect(probe('/bin/sh', 'ab12', IMPATIENT)).toMatchObject({ sensor: 'running', mdatp: null, unchecked: ['antivirus'], reboot: [] });
  });
  test('without the means to limit it is not asked', () => {
    machine.program('mdatp', mdatp());
    machine.without('timeout');
    expect(probe()).toMatchObject({ mdatp: null, unchecked: ['services', 'antivirus', 'programs'] });
  });
  test('whose service is stopped says nothing, and that is no secret', () => {
    machine.program('systemctl', systemctl({ mdatp: 'loaded/inactive' }));
    machine.program('mdatp', `echo 'Could not connect to the daemon.'\nexit 1`);
    expect(probe()).toMatchObject({ sensor: 'stopped', mdatp: null, unchecked: [] });
  });
  test('whose service runs without its tool is unchecked', () => {
    expect(probe()).toMatchObject({ sensor: 'running', mdatp: null, unchecked: ['antivirus'] });
  });
  test('that answers runs, whatever systemd says', () => {
    machine.program('systemctl', 'echo "System has not been booted with systemd" >&2\nexit 1');
    machine.program('mdatp', mdatp());
    expect(probe()).toMatchObject({ sensor: 'running', mdatp: onboarded, unchecked: ['services'] });
  });
});

describe('a pending restart', () => {
  test('is noted in a file', () => {
    machine.file('var/run/reboot-required');
    expect(probe()).toMatchObject({ reboot: ['reboot-required'], unchecked: [] });
  });
  test.each([
    ['is needed', 'echo "Reboot is required to fully utilize these updates."\nexit 1', ['needs-restarting'], []],
    ['is not needed', 'echo "Reboot should not be necessary."\nexit 0', [], []],
    ['is not known, because the tool failed', 'echo "Error: cannot find a valid baseurl"\nexit 1', [], ['reboot']],
    ['is not known, because the tool is another', 'echo "Reboot is required"\nexit 2', [], ['reboot']],
  ])('says needs-restarting: it %s', (_, body, reboot, unchecked) => {
    machine.program('needs-restarting', `[ "$*" = -r ] || exit 64\n${body}`);
    expect(probe()).toMatchObject({ reboot, unchecked });
  });
  test('is not known while needs-restarting hangs', () => {
    machine.program('needs-restarting', HANGS);
    expect(probe('/bin/sh', 'ab12', IMPATIENT)).toMatchObject({ reboot: [], unchecked: ['reboot'] });
  });
  test.each([
    ['102', ['needs-rebooting'], []],
    ['0', [], []],
    ['4', [], ['reboot']],
  ])('zypper ends with %s', (code, reboot, unchecked) => {
    machine.program('zypper', `[ "$*" = '--non-interactive needs-rebooting' ] || exit 64\nexit ${code}`);
    expect(probe()).toMatchObject({ reboot, unchecked });
  });
  test('is not known where nobody would note it', () => {
    const bare = text.replace('/etc/kernel/postinst.d/unattended-upgrades', '/etc/kernel/none');
    expect(probe('/bin/sh', 'ab12', bare)).toMatchObject({ reboot: [], unchecked: ['reboot'] });
  });
});

describe('another vendor’s product', () => {
  // The first names of all vendors at once, then the second, and so on: each name is found by itself.
  const rounds = (names: (linux: (typeof products)[number]['linux']) => readonly string[]) =>
    Array.from({ length: Math.max(...products.map(({ linux }) => names(linux).length)) }, (_, index) =>
      products.flatMap(({ vendor, linux }) => {
        const name = names(linux)[index];
        return name === undefined ? [] : [{ vendor, name }];
      }),
    ).map((round) => [round.map(({ name }) => name).join(' '), round] as const);
  const found = (round: readonly { readonly vendor: string }[], running: boolean, trace: string) =>
    round.map(({ vendor }) => ({ vendor, running, traces: [trace] }));

  test.each(rounds(({ units }) => units))('are known by units of their own: %s', (_, round) => {
    machine.program('systemctl', systemctl(Object.fromEntries(round.map(({ name }) => [name, 'loaded/active']))));
    expect(probe().thirdParty).toEqual(found(round, true, 'service'));
  });
  test.each(rounds(({ packages }) => packages))('are known by packages of their own: %s', (_, round) => {
    machine.program('dpkg-query', dpkg(Object.fromEntries([['bash', 'ii '], ...round.map(({ name }) => [name, 'ii '])])));
    expect(probe().thirdParty).toEqual(found(round, false, 'program'));
  });
  test.each(rounds(({ paths }) => paths))('are known by paths of their own: %s', (_, round) => {
    for (const { name } of round) machine.file(`${name}/bin/x`);
    expect(probe().thirdParty).toEqual(found(round, false, 'files'));
  });

  test.each([
    ['loaded/active', true],
    ['loaded/activating', true],
    ['not-found/active', true],
    ['loaded/inactive', false],
    ['loaded/failed', false],
    ['masked/inactive', false],
  ])('whose unit is %s', (state, running) => {
    machine.program('systemctl', systemctl({ 'falcon-sensor': state }));
    expect(probe().thirdParty).toEqual([{ vendor: 'CrowdStrike', running, traces: ['service'] }]);
  });

  test('that was removed and left its settings is not installed; one half removed is', () => {
    machine.program('dpkg-query', dpkg({ 'falcon-sensor': 'rc ', efs: 'un ', kesl: 'iF ', 'ds-agent': 'pH ' }));
    expect(probe().thirdParty).toEqual([
      { vendor: 'Trend Micro', running: false, traces: ['program'] },
      { vendor: 'Kaspersky', running: false, traces: ['program'] },
    ]);
  });
  test('is found in the list of rpm too', () => {
    machine.without('dpkg-query');
    machine.program('rpm', `[ "$1 $2 $3" = '-qa --qf %{NAME}\\n' ] || exit 64\nprintf 'bash\\ncortex-agent\\n'`);
    expect(probe()).toMatchObject({ thirdParty: [{ vendor: 'Cortex XDR', traces: ['program'] }], unchecked: [] });
  });
  test('with a name like it is another one', () => {
    machine.program('dpkg-query', dpkg({ 'falcon-sensor-tools': 'ii ', 'x-efs': 'ii ', 'e.s': 'ii ' }));
    expect(probe()).toMatchObject({ thirdParty: [], unchecked: [] });
  });

  test.each([
    ['there is no list of packages', (m: LinuxMachine) => m.without('dpkg-query'), ['programs']],
    ['the list of packages failed', (m: LinuxMachine) => m.program('dpkg-query', `${dpkg({ efs: 'ii ' })}\nexit 2`), ['programs']],
    ['systemd does not answer', (m: LinuxMachine) => m.program('systemctl', 'exit 1'), ['services']],
    ['there is no systemd', (m: LinuxMachine) => m.without('systemctl'), ['services']],
    ['systemd says something else', (m: LinuxMachine) => m.program('systemctl', 'echo hello'), ['services']],
    ['systemd stops in the middle', (m: LinuxMachine) => m.program('systemctl', `{\n${systemctl({})}\n} | head -n 40`), ['services']],
  ])('is not known to be absent when %s', (_, spoil, unchecked) => {
    spoil(machine);
    expect(probe()).toMatchObject({ thirdParty: [], unchecked });
  });
  test.each(['systemctl', 'dpkg-query'])('is not known to be absent while %s hangs', (name) => {
    machine.program(name, HANGS);
    expect(probe('/bin/sh', 'ab12', IMPATIENT).unchecked).toEqual([name === 'systemctl' ? 'services' : 'programs']);
  });
});

test('what the machine does not tell is unchecked', () => {
  machine.file('proc/stat', 'cpu  1 2 3\n');
  machine.program('uname', 'exit 1');
  machine.program('date', 'exit 1');
  const { status, stdout } = machine.run(text);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ osBuild: '', lastBoot: null, unchecked: ['last-boot', 'os-build'] });
});

test('a hostile nonce and a hostile name are only text', () => {
  machine.program('uname', `[ "$1" = -r ] && echo '6.1.0"\\\\evil' || printf '%s\\n' 'db1"},{"v":2$(id)' 'second'`);
  expect(probe('/bin/sh', `ab12"; rm -rf / #\n'$(id)`)).toMatchObject({ nonce: 'ab12 rm -rf / ', host: 'db1v:2id', osBuild: '6.1.0evil' });
});

test('a machine with everything on it fits into the line', () => {
  const units = products.flatMap(({ linux }) => linux.units.map((unit) => [unit, 'loaded/inactive']));
  machine.program('systemctl', systemctl({ ...Object.fromEntries(units), mdatp: 'loaded/active' }));
  machine.program('dpkg-query', dpkg(Object.fromEntries(products.flatMap(({ linux }) => linux.packages.map((name) => [name, 'ii '])))));
  for (const path of products.flatMap(({ linux }) => linux.paths)) machine.file(`${path}/x`);
  machine.program('mdatp', mdatp({ app_version: `"${'1'.repeat(80)}"`, definitions_status: `"${'a'.repeat(80)}"` }));
  machine.program('uname', `printf '%080d\\n' 1`);
  machine.program('needs-restarting', 'exit 5');
  machine.file('proc/stat', '');
  const line = probe('/bin/sh', 'f'.repeat(80));
  expect(line.thirdParty).toHaveLength(products.length);
  expect(line.thirdParty.map(({ traces }) => traces.length)).toEqual(products.map(() => 3));
});

test('what would not fit is not printed at all', () => {
  machine.program('dpkg-query', dpkg({ efs: 'ii ' }));
  const long = text.replace(`product '"ESET"'`, `product '"${'x'.repeat(4_000)}"'`);
  expect(machine.run(long)).toEqual({ status: 1, stdout: '', stderr: 'What was found does not fit into one line.\n' });
});
