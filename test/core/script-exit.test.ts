import { scriptReference } from '../../core/plan.ts';
import { exitOf } from '../../core/script-exit.ts';

const sha256 = 'a'.repeat(64);
const exits = { 3010: { done: true, words: 'done; a restart is needed' }, 5: { done: false, words: 'the files are missing' } };
const plan = { scripts: [{ id: 'one', text: 'exit 5', sha256, exits }] };
const call = (script: string) => ({ body: { properties: { source: { script } } } });

describe('an exit code', () => {
  it('means what the signed plan says of the script that was sent', () => {
    expect(exitOf(plan, call(scriptReference(sha256)), 3010)).toEqual({ done: true, words: 'done; a restart is needed' });
    expect(exitOf(plan, call(scriptReference(sha256)), 5)).toMatchObject({ done: false });
  });

  it.each([
    ['a code that is not listed', call(scriptReference(sha256)), 6],
    ['a script the plan does not hold', call(scriptReference('b'.repeat(64))), 5],
    ['a call that sends no script', { body: null }, 5],
  ])('of %s means nothing', (_words, sent, code) => {
    expect(exitOf(plan, sent, code)).toBeNull();
  });
});
