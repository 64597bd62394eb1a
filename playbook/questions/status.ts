import type { Question } from '../../core/question.ts';

/** Where things stand. */
export const statusQuestions: readonly Question[] = [
  {
    intent: 'phase.status',
    title: 'Where a phase stands',
    examples: [
      { text: 'where are we with phase 1?', args: { phase: 'prepare' } },
      { text: 'how is onboarding going', args: { phase: 'onboard' } },
      { text: 'phase 3', args: { phase: 'cut-over' } },
      { text: 'show the cutover checklist', args: { phase: 'cut-over' } },
      { text: 'where do we stand', args: {} },
    ],
    cues: ['$phase', 'where we', 'where stand', 'status', 'checklist', 'how going', 'readiness', 'ready', 'progress'],
    unless: ['run', '$action', '$step', '$machine'],
  },
  {
    intent: 'step.status',
    title: 'One step across its machines',
    examples: [
      { text: 'is passive mode set everywhere?', args: { step: 'passive-mode-set' } },
      { text: 'which machines have arc problems', args: { step: 'arc-connected' } },
      { text: 'are the defender extensions healthy?', args: { step: 'defender-extension-healthy' } },
    ],
    cues: ['$step', 'is $step', 'are $step', 'which $step', 'how $step', 'status $step', 'what $step'],
    drops: ['action'],
    unless: ['$machine'],
  },
  {
    intent: 'readiness.machine',
    title: 'One machine',
    examples: [{ text: 'how is machine srv-sql-07', args: { machine: 'srv-sql-07' } }],
    cues: ['$machine', 'how $machine', 'why $machine', 'status $machine', 'is $machine'],
    unless: ['$action'],
  },
  {
    intent: 'help',
    title: 'What you can ask',
    examples: [
      { text: 'help', args: {} },
      { text: 'what can you do?', args: {} },
    ],
    cues: ['help', 'what can you', 'commands', 'hello', 'hi'],
  },
  {
    intent: 'text',
    title: 'The last card as plain text',
    examples: [{ text: 'text', args: {} }],
    cues: ['text', 'plain text', 'as text'],
    unless: ['$phase', '$action'],
  },
];
