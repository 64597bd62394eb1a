import { exitCodeIn } from '../../../../core/exit-code-in.ts';
import { statusOf } from '../../../../services/azure/extension-status.ts';

test.each([
  ['Failed to configure Microsoft Defender for Endpoint: exit code 5: conflicting application', 5],
  ['The script exited with code 12.', 12],
  ['Command execution finished, but failed because it returned a non-zero exit code of: (31)', 31],
  ['non-zero exit code: 31', 31],
  ['Exit Code = "4"', 4],
  ['exited with 20', 20],
  ['exit status 1', 1],
  ['ExitCode: 41', 41],
  ['failed with error code -2147', -2147],
  ['installation returned code 21', 21],
  ['failed with error code 0x80070643', null],
  ['error code 1.2.3', null],
  ['no connectivity', null],
  ['', null],
])('%j tells exit code %p', (message, code) => {
  expect(exitCodeIn(message)).toBe(code);
});

const failed = (message: string) => ({ code: 'ProvisioningState/failed/1', message });

test('the handler’s word comes first, and the code from wherever it is told', () => {
  const streams = [
    { code: 'ComponentStatus/StdOut/succeeded', message: 'exit code 99' },
    { code: 'ComponentStatus/StdErr/failed', message: 'exit code 5' },
  ];
  expect(statusOf([failed('The handler\n failed')], streams)).toEqual({ message: 'The handler failed', exitCode: 5 });
});

test('a status that succeeded says nothing of why something did not', () => {
  expect(statusOf([{ code: 'ProvisioningState/succeeded', message: 'Onboarding succeeded' }], [])).toEqual({ message: '', exitCode: null });
  expect(statusOf([{ code: 'success', message: 'done' }], [])).toEqual({ message: '', exitCode: null });
});

test('nothing said is nothing known', () => {
  expect(statusOf([], [])).toEqual({ message: '', exitCode: null });
  expect(statusOf([{ code: null, message: null }], [])).toEqual({ message: '', exitCode: null });
});

test('a long text is cut', () => {
  expect(statusOf([failed('x'.repeat(5_000))], []).message).toHaveLength(600);
});
