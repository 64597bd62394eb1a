import type { Question } from '../../core/question.ts';

/** What may have gone wrong with protection. A change is never asked for in these words. */
export const safetyQuestions: readonly Question[] = [
  {
    intent: 'safety.gap',
    title: 'Machines with two active engines, or none',
    examples: [
      { text: 'anything running two active AVs right now?', args: { condition: 'both-active' } },
      { text: 'which servers have no antivirus', args: { condition: 'none-active' } },
      { text: 'is anything unprotected in ring canary?', args: { condition: 'none-active', ring: 'canary' } },
      { text: 'was anything unprotected since 2026-11-20?', args: { condition: 'none-active', from: '2026-11-20' } },
      { text: 'protection gaps between 2026-11-20 and 2026-11-22', args: { from: '2026-11-20', to: '2026-11-22' } },
      { text: 'any protection gaps?', args: {} },
    ],
    cues: [
      '$condition',
      '$condition $machine',
      '$condition $ring',
      '$condition running',
      '$condition is',
      '$condition are',
      '$condition which',
      '$condition $step',
      'is $condition $step',
      'are $condition $step',
      'which $condition $step',
      'gap',
      'gaps',
      'protection gap',
      'protection gaps',
    ],
    drops: ['step', 'phase', 'action', 'me'],
    takes: ['from', 'to'],
    // What somebody wants done about it goes first.
    unless: ['stop', 'halt', 'abort', 'hold', 'keep', 'resume', 'undo', 'approve', 'waive', 'waiver', 'attest', '$run'],
  },
];
