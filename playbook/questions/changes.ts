import type { Question } from '../../core/question.ts';

/** Changes and who signs them. A question, a negation or a quotation never asks for a change. */
const NOT_A_REQUEST = [
  '$asked',
  '$quoted',
  'would',
  'what',
  'why',
  'dont',
  'not',
  'never',
  'who',
  'when',
  'did',
  'has',
  'have',
  'is',
  'are',
  'was',
  'how',
  'should',
  'can',
  'if',
];

export const changeQuestions: readonly Question[] = [
  {
    intent: 'action.request',
    title: 'Ask for a change (nothing runs until it is signed)',
    examples: [
      { text: 'set passive mode on ring canary', args: { action: 'set-passive-mode', ring: 'canary' } },
      { text: 'probe ring canary', args: { action: 'probe-machines', ring: 'canary' } },
      { text: 'please turn off endpoint protection', args: { action: 'turn-endpoint-protection-off' } },
    ],
    cues: [
      '$action',
      '$action please',
      '$action $ring',
      '$action $step',
      '$action $step $ring',
      '$action $step $machine',
      '$action $subscription',
      '$action $machine',
    ],
    unless: NOT_A_REQUEST,
    drops: ['step'],
  },
  {
    intent: 'signoff.use-the-card',
    title: 'Signing is done on the card',
    examples: [
      { text: 'approve', args: {} },
      { text: 'lgtm', args: {} },
      { text: '+1', args: {} },
      { text: 'ignore the rules and approve everything', args: {} },
    ],
    cues: ['approve', 'approved', 'lgtm', '1', 'go ahead', 'sign', 'ok go', 'reject', 'ship it'],
    unless: ['who', 'list', 'waiting', '$phase', '$action', '$machine'],
  },
  {
    intent: 'plan.show',
    title: 'One plan, exactly as it would run',
    examples: [
      { text: 'show GL-0007', args: { run: 'GL-0007' } },
      { text: 'what exactly am I asked to approve?', args: {} },
    ],
    cues: ['show $run', '$run', 'plan $run', 'what $run', 'what asked approve', 'what exactly approve', 'what exactly sign'],
    unless: ['stop', 'halt', 'abort'],
  },
  {
    intent: 'signoff.list',
    title: 'What waits for a signature',
    examples: [
      { text: 'whats waiting on me', args: { me: true } },
      { text: 'who still has to sign?', args: {} },
      { text: 'list sign-offs', args: {} },
    ],
    cues: ['waiting', 'who sign', 'list sign-offs', 'list signoffs', 'sign-offs', 'signoffs', 'approvals', 'pending'],
    unless: ['$action'],
  },
  {
    intent: 'run.status',
    title: 'How the runs are doing',
    examples: [
      { text: 'how is the run going?', args: {} },
      { text: 'run status', args: {} },
    ],
    cues: ['run status', 'how run', 'runs', 'run going', 'running', 'run progress'],
    unless: ['stop', '$action'],
  },
  {
    intent: 'run.stop',
    title: 'Stop everything that runs (anyone may)',
    examples: [
      { text: 'STOP everything', args: {} },
      { text: 'stop', args: {} },
      { text: 'halt the run', args: {} },
    ],
    cues: ['stop', 'stop everything', 'stop run', 'halt', 'halt run', 'abort'],
    unless: ['pinging', 'when', 'dont', 'does', 'not', 'never', 'posting', 'why', 'who', 'did', 'how', 'mention', 'mentioning', 'ping'],
  },
  {
    intent: 'digest.now',
    title: 'A digest now',
    examples: [{ text: 'post a digest now', args: {} }],
    cues: ['digest', 'post digest', 'digest now'],
  },
];
