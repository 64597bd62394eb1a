import { scripts } from '../../../playbook/scripts/index.ts';
import { type LinuxMachine, linuxMachine, switchableMdatp } from '../../support/linux-machine.ts';

const { text } = scripts.clearPassiveModeLinux;
/** Waits no time between its looks. */
const IMPATIENT = text.replace('sleep 5', 'sleep 0');
let machine: LinuxMachine;
beforeEach(() => {
  machine = linuxMachine();
});
afterEach(() => machine.remove());

const cleared = { v: 1, script: 'clear-passive-mode-linux', nonce: 'ab12', before: true, after: false, realTimeProtection: true };

// Ubuntu's sh is dash, Red Hat's is bash.
describe.each(['/bin/dash', '/bin/bash --posix'])('in %s', (shell) => {
  const run = (nonce = 'ab12') => machine.run(IMPATIENT, { shell, nonce });
  const printed = (nonce?: string) => {
    const { status, stdout, stderr } = run(nonce);
    expect({ status, stderr, lines: stdout.split('\n').length }).toEqual({ status: 0, stderr: '', lines: 2 });
    return JSON.parse(stdout);
  };

  test('switches passive mode off and tells what it was and is', () => {
    machine.program('mdatp', switchableMdatp());
    expect(printed()).toEqual(cleared);
  });
  test('does no harm when it is run again', () => {
    machine.program('mdatp', switchableMdatp());
    printed();
    expect(printed()).toEqual({ ...cleared, before: false });
  });
  test('waits for real-time protection to come up', () => {
    machine.program('mdatp', switchableMdatp({ looksUntilRealTime: 20 }));
    expect(printed()).toEqual(cleared);
  });
  test('does not wait for ever, and does not claim what it has not seen', () => {
    machine.program('mdatp', switchableMdatp({ looksUntilRealTime: 24 }));
    expect(printed()).toEqual({ ...cleared, realTimeProtection: false });
  });
  test('fails with what mdatp said where a managed configuration wins', () => {
    machine.program(
      'mdatp',
      switchableMdatp({ managed: true, config: `echo 'Passive mode is "managed" by the administrator'; echo more; exit 1` }),
    );
    expect(run()).toEqual({
      status: 1,
      stdout: '',
      stderr: 'mdatp does not leave passive mode: Passive mode is managed by the administrator\n',
    });
  });
  test('fails where mdatp says that it did and did not', () => {
    machine.program('mdatp', switchableMdatp({ config: 'echo done' }));
    expect(run()).toMatchObject({ status: 1, stdout: '', stderr: 'mdatp does not leave passive mode: done\n' });
  });
  test('looks at what mdatp tells, not at its exit code', () => {
    machine.program('mdatp', switchableMdatp({ config: ': >"$0.off"; exit 3' }));
    expect(printed()).toEqual(cleared);
  });
  test('fails where mdatp does not answer', () => {
    machine.program('mdatp', `echo 'Could not connect to the daemon.' >&2\nexit 1`);
    expect(run()).toMatchObject({ status: 1, stdout: '', stderr: 'mdatp does not leave passive mode: Could not connect to the daemon.\n' });
  });
  test('fails where there is no mdatp', () => {
    expect(run()).toEqual({ status: 1, stdout: '', stderr: 'mdatp is not installed.\n' });
  });
  test('takes a hostile nonce for text', () => {
    machine.program('mdatp', switchableMdatp());
    expect(printed(`ab12"; rm -rf / #\n'$(id)`).nonce).toBe('ab12 rm -rf / ');
  });
});
