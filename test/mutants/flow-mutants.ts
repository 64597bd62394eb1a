import type { Mutant } from './mutant.ts';

/** What happens between the plan and Azure. */
export const flowMutants: readonly Mutant[] = [
  {
    name: 'stale view accepted',
    file: 'bot/flows/decide-sign-off.ts',
    from: "if (seen === 'unknown' || revision !== record.signOff.revision) {",
    to: "if (seen === 'unknown') {",
    suite: 'test/core/histories',
  },
  {
    name: 'blank/unknown nonce accepted',
    file: 'bot/flows/decide-sign-off.ts',
    from: "if (seen === 'unknown' || revision !== record.signOff.revision) {",
    to: 'if (revision !== record.signOff.revision) {',
    suite: 'test/core/histories',
  },
  {
    name: 'lost lease not noticed',
    file: 'bot/flows/held-run.ts',
    from: 'if (!(await tx.saveRun(next, record.version, fence))) throw',
    to: 'if ((await tx.saveRun(next, record.version, fence)) === null) throw',
    suite: 'test/core/histories',
  },
  {
    name: 'blind resend',
    file: 'bot/flows/work-target.ts',
    from: "if (!throttled && asked - line.intentAt < SETTLE_MS) return 'wait';",
    to: '',
    suite: 'test/core/histories',
  },
  {
    name: 'sent before the intent',
    file: 'bot/flows/work-target.ts',
    from: 'if (committed) await send(context, held, target, call);',
    to: 'if (!committed) await send(context, held, target, call);',
    also: { from: '  if (!(await maySend(context, held, target, call))) return;\n', to: '' },
    suite: 'test/core/histories',
  },
  {
    name: 'refused commit is sent all the same',
    file: 'bot/flows/work-target.ts',
    from: 'if (committed) await send(context, held, target, call);',
    to: 'await send(context, held, target, call);',
    also: { from: '  if (!(await maySend(context, held, target, call))) return;\n', to: '' },
    suite: 'test/core/histories',
  },
  {
    name: 'targets not held',
    file: 'bot/flows/begin-runs.ts',
    from: 'if (conflicts.length > 0) return;',
    to: '',
    suite: 'test/core/histories',
  },
  {
    name: 'the age of a look is that of its answer',
    file: 'bot/flows/work-target.ts',
    from: 'return sendAgainOrGiveUp(context, held, target, call, asked);',
    to: 'return sendAgainOrGiveUp(context, held, target, call, at);',
    suite: 'test/core/histories/frozen.test.ts',
  },
  {
    name: 'nothing looked at before sending',
    file: 'bot/flows/work-target.ts',
    from: '  if (!(await maySend(context, held, target, call))) return;\n',
    to: '',
    suite: 'test/core/histories/frozen.test.ts',
  },
];
