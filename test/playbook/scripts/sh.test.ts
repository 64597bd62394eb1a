import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { scripts } from '../../../playbook/scripts/index.ts';

const text = scripts.probeLinux.text;
const clearing = scripts.clearPassiveModeLinux.text;
const setting = scripts.setPassiveModeLinux.text;
const run = (command: string, args: string[], input: string) => spawnSync(command, args, { input, encoding: 'utf8', timeout: 60_000 });

// Ubuntu's sh is dash, Red Hat's is bash.
describe.each([
  ['sh', ['-n']],
  ['dash', ['-n']],
  ['bash', ['--posix', '-n']],
])('%s', (shell, args) => {
  test('can read the Linux probe', () => {
    expect(run(shell, args, text)).toMatchObject({ status: 0, stderr: '' });
  });
  test('can read the script that clears passive mode', () => {
    expect(run(shell, args, clearing)).toMatchObject({ status: 0, stderr: '' });
    expect(run(shell, args, clearing.replace('\ntruth() {', '\ntruth() ')).status).not.toBe(0);
  });
  test('can read the script that sets passive mode', () => {
    expect(run(shell, args, setting)).toMatchObject({ status: 0, stderr: '' });
    expect(run(shell, args, setting.replace('\npassive() {', '\npassive() ')).status).not.toBe(0);
  });
  test('can read the script that brings a machine back under one engine', () => {
    expect(run(shell, args, scripts.makeActiveLinux.text)).toMatchObject({ status: 0, stderr: '' });
  });
  test('cannot read it when a word is missing', () => {
    expect(run(shell, args, text.replace('\nfinish() {', '\nfinish() ')).status).not.toBe(0);
  });
});

describe('shellcheck', () => {
  const check = (script: string) => {
    const ended = run('shellcheck', ['--shell=sh', '--severity=style', '-'], script);
    if (ended.error) throw new Error('shellcheck is not installed. On Debian: apt-get install shellcheck.', { cause: ended.error });
    return ended;
  };
  test('has nothing to say of the Linux probe', () => {
    expect(check(text)).toMatchObject({ status: 0, stdout: '' });
  });
  test('has nothing to say of the script that clears passive mode', () => {
    expect(check(clearing)).toMatchObject({ status: 0, stdout: '' });
  });
  test('has nothing to say of the script that sets passive mode', () => {
    expect(check(setting)).toMatchObject({ status: 0, stdout: '' });
  });
  test('has nothing to say of the script that brings a machine back under one engine', () => {
    expect(check(scripts.makeActiveLinux.text)).toMatchObject({ status: 0, stdout: '' });
  });
  test('would say something of a word that is split', () => {
    expect(check(text.replace(/"\$\{#line\}"/, '$$line')).stdout).toMatch(/SC2086/);
  });
});

test.each([
  ['probe-linux v2', text],
  ['clear-passive-mode-linux v1', clearing],
  ['set-passive-mode-linux v1', setting],
  ['make-active-linux v1', scripts.makeActiveLinux.text],
])('%s is ASCII, has its header and no carriage return', (header, script) => {
  expect(script.startsWith(`#!/bin/sh\n# greenlight-script: ${header}\n`)).toBe(true);
  expect(script).toMatch(/^[\n\x20-\x7e]*\n$/);
});

test('every file that is sh is one of these scripts', () => {
  const folder = join(require.resolve('../../../playbook/scripts/index.ts'), '..');
  const files = readdirSync(folder).filter((name) => name.endsWith('.sh'));
  expect(files.toSorted()).toEqual(
    [scripts.probeLinux, scripts.clearPassiveModeLinux, scripts.setPassiveModeLinux, scripts.makeActiveLinux, scripts.restartLinux]
      .map(({ id }) => `${id}.sh`)
      .toSorted(),
  );
});

test('the script that clears passive mode changes nothing but that', () => {
  const changes = (script: string) => script.match(/mdatp (?!health |is )[a-z].*$/gm);
  const code = clearing.replace(/^\s*#.*$/gm, '').replace(/'[^'\n]*'/g, "''");
  expect(changes(code)).toEqual(['mdatp config passive-mode --value disabled 2>&1)']);
});

test('the Linux probe changes nothing', () => {
  const verbs = 'rm|mv|cp|tee|touch|mkdir|chmod|chown|ln|dd|install|kill|reboot|shutdown|curl|wget|eval';
  const writers = new RegExp(String.raw`(?:^|[;|&({!]|\b(?:then|else|do|if|limit \d+)\s)\s*(?:${verbs})\s`, 'm');
  const code = text.replace(/^\s*#.*$/gm, '').replace(/'[^'\n]*'/g, "''");
  expect(code).not.toMatch(writers);
  expect(code.match(/\d?>+\s*\S+/g)?.filter((redirection) => !/^(?:2?>\/dev\/null|>&2|2>&1)/.test(redirection)) ?? []).toEqual([]);
  expect('x; rm -f y').toMatch(writers);
});
