import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What the probe may use of the real machine. Everything else it finds is pretended. */
const REAL = ['awk', 'cat', 'cut', 'date', 'grep', 'head', 'sed', 'sleep', 'timeout', 'tr', 'uname'];
/** Absolute paths in the script, which lead into the machine's own folder instead. */
const PATHS = /(?<=['\s])\/(?=(?:var\/run|usr\/share\/update-notifier|etc\/kernel|proc|opt)\/)/g;

export interface LinuxMachine {
  /** A program on its PATH: the body of an sh script. */
  program(name: string, body: string): void;
  without(name: string): void;
  file(path: string, content?: string): void;
  /** Runs a script as Run Command would: as a file, with the nonce in its environment. */
  run(
    text: string,
    options?: { readonly shell?: string; readonly nonce?: string },
  ): { status: number | null; stdout: string; stderr: string };
  remove(): void;
}

/** A folder that looks like a Linux machine to a script whose paths are turned into it: Debian, with systemd, and nothing installed. */
export function linuxMachine(): LinuxMachine {
  const root = mkdtempSync(join(tmpdir(), 'greenlight-linux-'));
  const bin = join(root, 'bin');
  mkdirSync(bin);
  for (const name of REAL) symlinkSync(execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(bin, name));
  const machine: LinuxMachine = {
    program(name, body) {
      const path = join(bin, name);
      rmSync(path, { force: true });
      writeFileSync(path, `#!/bin/sh\n${body}\n`);
      chmodSync(path, 0o755);
    },
    without(name) {
      rmSync(join(bin, name), { force: true });
    },
    file(path, content = '') {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
    run(text, { shell = '/bin/sh', nonce = 'ab12' } = {}) {
      const script = join(root, 'script.sh');
      writeFileSync(script, text.replace(PATHS, `${root}/`));
      const [command = '', ...args] = shell.split(' ');
      const ended = spawnSync(command, [...args, script], { env: { PATH: bin, Nonce: nonce }, encoding: 'utf8', timeout: 60_000 });
      return { status: ended.status, stdout: ended.stdout, stderr: ended.stderr };
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  machine.program('systemctl', systemctl({}));
  machine.program('dpkg-query', dpkg({ bash: 'ii ' }));
  machine.file('etc/kernel/postinst.d/unattended-upgrades');
  machine.file('proc/stat', 'cpu  1 2 3\nbtime 1772420400\nprocesses 5\n');
  if (!existsSync(join(bin, 'timeout'))) throw new Error('timeout is missing');
  return machine;
}

/** systemctl show, which knows the given units: `loaded/active`. */
export function systemctl(units: Readonly<Record<string, string>>): string {
  const cases = Object.entries(units).map(
    ([name, state]) => `${name}.service) echo LoadState=${state.replace('/', '; echo ActiveState=')} ;;`,
  );
  const unknown = '*) echo ActiveState=inactive; echo LoadState=not-found ;;';
  const asked = `[ "$1 $2 $3 $4 $5 $6" = 'show -p LoadState -p ActiveState --' ] || exit 64\nshift 6`;
  return `${asked}\nfirst=1\nfor name; do\n[ -n "$first" ] || echo\nfirst=\ncase "$name" in\n${[...cases, unknown].join('\n')}\nesac\ndone`;
}

/** dpkg-query, of the given packages with the state it abbreviates. */
export function dpkg(packages: Readonly<Record<string, string>>): string {
  const lines = Object.entries(packages).map(([name, state]) => `echo '${name} ${state}'`);
  return `[ "$1 $2 $3" = '-W -f \${Package} \${db:Status-Abbrev}\\n' ] || exit 64\n${lines.join('\n')}`;
}

/** mdatp health, as version 101 prints it; `null` leaves a field out. */
export function mdatp(fields: Readonly<Record<string, string | null>> = {}): string {
  const all: Record<string, string | null> = {
    healthy: 'true',
    health_issues: '[]',
    licensed: 'true',
    engine_version: '"1.1.25090.2001"',
    app_version: '"101.25092.0005"',
    org_id: '"0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"',
    passive_mode_enabled: 'true',
    real_time_protection_enabled: 'false',
    real_time_protection_available: 'true',
    definitions_status: '"up_to_date"',
    conflicting_applications: '[]',
    ...fields,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name.padEnd(44)}: ${value}`]));
  return `[ "$*" = health ] || exit 64\ncat <<'END'\n${lines.join('\n')}\nEND`;
}

/**
 * mdatp whose passive mode can be switched off, as version 101 answers. `config`: what it prints instead of doing so · `looksUntilRealTime`: how
 * often it says that it does not protect yet.
 */
export function switchableMdatp({
  config = null,
  looksUntilRealTime = 0,
  managed = false,
}: {
  readonly config?: string | null;
  readonly looksUntilRealTime?: number;
  readonly managed?: boolean;
} = {}): string {
  const mark = managed ? ' [managed]' : '';
  const off = `[ -e "$0.off" ] && [ ! -e "$0.on" ]`;
  const late = `n=$(cat "$0.looks" 2>/dev/null || echo 0); echo $((n + 1)) >"$0.looks"; [ "$n" -ge ${looksUntilRealTime} ]`;
  return [
    'case "$*" in',
    `'health --field passive_mode_enabled') if ${off}; then echo 'false${mark}'; else echo 'true${mark}'; fi ;;`,
    `'health --field real_time_protection_enabled') if ${off} && { ${late}; }; then echo true; else echo false; fi ;;`,
    `'config passive-mode --value enabled') ${config ?? `: >"$0.on"; echo 'Configuration property updated.'`} ;;`,
    `'config passive-mode --value disabled') ${config ?? `: >"$0.off"; echo 'Configuration property updated.'`} ;;`,
    '*) exit 64 ;;',
    'esac',
  ].join('\n');
}
