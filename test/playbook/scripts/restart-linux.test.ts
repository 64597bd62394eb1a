import { spawnSync } from 'node:child_process';
import { scripts } from '../../../playbook/scripts/index.ts';
import type { LinuxMachine } from '../../support/linux-machine.ts';
import { linuxMachine } from '../../support/linux-machine.ts';

const { text } = scripts.restartLinux;
const run = (command: string, args: string[]) => spawnSync(command, args, { input: text, encoding: 'utf8', timeout: 60_000 });
let machine: LinuxMachine;
beforeEach(() => {
  machine = linuxMachine();
});
afterEach(() => machine.remove());

describe('the Linux restart', () => {
  it.each([
    ['sh', ['-n']],
    ['dash', ['-n']],
    ['bash', ['--posix', '-n']],
  ])('can be read by %s', (shell, args) => {
    expect(run(shell, args)).toMatchObject({ status: 0, stderr: '' });
  });

  it('gives shellcheck nothing to say', () => {
    expect(run('shellcheck', ['--shell=sh', '--severity=style', '-'])).toMatchObject({ status: 0, stdout: '' });
  });

  it('asks for a restart in a minute, and answers with its nonce', () => {
    machine.program('shutdown', '[ "$1" = -r ] && [ "$2" = +1 ] || exit 9');
    const { status, stdout } = machine.run(text, { nonce: 'n0nce' });
    expect([status, JSON.parse(stdout)]).toEqual([0, { v: 1, script: 'restart-linux', nonce: 'n0nce' }]);
  });

  it('fails, and says nothing of success, where the machine does not take it', () => {
    machine.program('shutdown', 'echo "Access denied" >&2; exit 1');
    expect(machine.run(text)).toMatchObject({ status: 1, stdout: '' });
  });
});
