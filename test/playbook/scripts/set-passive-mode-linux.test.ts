import { scripts } from '../../../playbook/scripts/index.ts';
import { type LinuxMachine, linuxMachine, switchableMdatp } from '../../support/linux-machine.ts';

const { text } = scripts.setPassiveModeLinux;
let machine: LinuxMachine;
beforeEach(() => {
  machine = linuxMachine();
});
afterEach(() => machine.remove());

const set = { v: 1, script: 'set-passive-mode-linux', nonce: 'ab12', before: false, after: true };

// Ubuntu's sh is dash, Red Hat's is bash.
describe.each(['/bin/dash', '/bin/bash --posix'])('in %s', (shell) => {
  const run = (script = text, nonce = 'ab12') => machine.run(script, { shell, nonce });
  const printed = (nonce?: string) => {
    const { status, stdout, stderr } = run(text, nonce);
    expect({ status, stderr, lines: stdout.split('\n').length }).toEqual({ status: 0, stderr: '', lines: 2 });
    return JSON.parse(stdout);
  };
  /** mdatp as it is once it left passive mode. */
  const active = (more: Parameters<typeof switchableMdatp>[0] = {}) => {
    machine.program('mdatp', switchableMdatp());
    run(scripts.clearPassiveModeLinux.text.replace('sleep 5', 'sleep 0'));
    machine.program('mdatp', switchableMdatp(more));
  };

  test('switches passive mode on and tells what it was and is', () => {
    active();
    expect(printed()).toEqual(set);
    expect(printed()).toEqual({ ...set, before: true });
  });
  test('has nothing to do where mdatp is not installed', () => {
    expect(printed()).toEqual({ ...set, before: null, after: null });
  });
  test('fails with what mdatp said where it does not go into passive mode', () => {
    active({ config: `echo 'Passive mode is "managed" by the administrator'; exit 1` });
    expect(run()).toEqual({
      status: 1,
      stdout: '',
      stderr: 'mdatp does not go into passive mode: Passive mode is managed by the administrator\n',
    });
  });
  test('does not claim what mdatp does not tell', () => {
    machine.program('mdatp', 'exit 1');
    expect(run()).toMatchObject({ status: 1, stdout: '' });
  });
  test('takes a nonce for what it is', () => {
    active();
    expect(printed('x"; $(id) `id`')).toEqual({ ...set, nonce: 'x id id' });
  });
});
