import { HOUR, MINUTE } from '../../core/instant.ts';
import type { Sample } from '../samples.ts';
import { hostileName, hostileNames, sampleNow } from '../samples.ts';
import type { RunCounts, RunView } from './view.ts';

const zero: RunCounts = {
  total: 18,
  verified: 0,
  bad: 0,
  underWay: 0,
  restoring: 0,
  dropped: 0,
  held: 0,
  untouched: 0,
  planned: 0,
  restored: 0,
  unsafe: 0,
};

const running: RunView = {
  id: 'GL-0007',
  hash: '9f2c41aa0d3b5e7788c1d2e3f4a5b6c7d8e9f00112233445566778899aabbe41',
  title: 'Set passive mode on ring canary and ring-1',
  state: 'running',
  verdict: null,
  startsAt: sampleNow - 40 * MINUTE,
  begunAt: sampleNow - 40 * MINUTE,
  endedAt: null,
  updatedAt: sampleNow,
  waves: [
    { name: 'canary', total: 2, proven: 2, bad: 0, state: 'proven', detail: 'Proven Sun 09:02', soaksUntil: null },
    {
      name: 'ring-1, part 1',
      total: 10,
      proven: 6,
      bad: 1,
      state: 'running',
      detail: 'Waiting for the probe of SRV-FIN-07',
      soaksUntil: null,
    },
    {
      name: 'ring-1, part 2',
      total: 6,
      proven: 0,
      bad: 0,
      state: 'waiting',
      detail: 'Begins when the wave before it is proven',
      soaksUntil: null,
    },
  ],
  counts: { ...zero, verified: 8, bad: 1, underWay: 2, dropped: 1, planned: 6 },
  attention: [{ name: 'SRV-FIN-05', status: 'not proven', note: 'the probe did not answer within 5 min' }],
  unsafe: [],
  stop: null,
  halting: false,
  window: null,
  final: null,
  gaps: [],
  followUps: { rest: false, undo: false },
  nextUpdateBy: sampleNow + 5 * MINUTE,
};

const finished: RunView = {
  ...running,
  state: 'finished',
  verdict: 'complete',
  endedAt: sampleNow - MINUTE,
  waves: running.waves.map((wave) => ({ ...wave, proven: wave.total, bad: 0, state: 'proven' as const, detail: '' })),
  counts: { ...zero, verified: 18 },
  attention: [],
  followUps: { rest: false, undo: true },
  nextUpdateBy: null,
};

const soaking: RunView = {
  ...running,
  waves: running.waves.map((wave, index) => ({
    ...wave,
    proven: index === 0 ? wave.total : 0,
    bad: 0,
    state: index === 0 ? ('proven' as const) : ('waiting' as const),
    detail: '',
    soaksUntil: index === 1 ? sampleNow + 22 * HOUR : null,
  })),
  counts: { ...zero, verified: 2, planned: 15, held: 1 },
  attention: [],
  window: { name: 'nights', until: sampleNow + 30 * HOUR },
};

const confirming: RunView = {
  ...finished,
  final: { total: 2, confirmed: 1, contradicted: 0, unknown: 0, dueBy: sampleNow + 23 * HOUR },
};

const gap = {
  name: 'SRV-FIN-07',
  condition: 'none-active',
  lastGood: sampleNow - 12 * MINUTE,
  firstBad: sampleNow - 6 * MINUTE,
  lastBad: sampleNow - 6 * MINUTE,
  firstGood: null,
  ended: null,
  known: true,
} as const;
const over = { ...gap, name: 'SRV-FIN-01', lastBad: sampleNow - 3 * MINUTE, firstGood: sampleNow - MINUTE, ended: 'good' } as const;

export const runSamples: readonly Sample<RunView>[] = [
  {
    name: 'waiting',
    view: {
      ...running,
      state: 'waiting',
      startsAt: sampleNow + 2 * MINUTE,
      begunAt: null,
      waves: running.waves.map((wave) => ({ ...wave, proven: 0, bad: 0, state: 'waiting' as const, detail: '' })),
      counts: { ...zero, planned: 18 },
      attention: [],
    },
  },
  { name: 'running', view: running },
  { name: 'gaps it accounts for', view: { ...running, gaps: [gap, over, { ...over, condition: 'both-active', name: 'SRV-FIN-02' }] } },
  { name: 'running well', view: { ...running, attention: [], counts: { ...zero, verified: 12, planned: 6 } } },
  { name: 'stopping', view: { ...running, stop: { by: 'Lee Chan', at: sampleNow - MINUTE, reason: 'the application is down' } } },
  { name: 'soaking', view: soaking },
  {
    name: 'being made safe',
    view: {
      ...running,
      stop: { by: null, at: sampleNow - MINUTE, reason: 'the change window “nights” has ended' },
      window: { name: 'nights', until: sampleNow - MINUTE },
      counts: { ...zero, verified: 8, bad: 1, restored: 1, restoring: 2, underWay: 1, planned: 6 },
      attention: [
        { name: 'SRV-FIN-06', status: 'failed; being brought back to safety', note: 'the script ended with code 1' },
        { name: 'SRV-FIN-05', status: 'not proven; brought back to safety', note: 'the probe did not answer within 5 min' },
      ],
    },
  },
  {
    name: 'unsafe',
    view: {
      ...running,
      halting: true,
      counts: { ...zero, verified: 8, bad: 2, unsafe: 1, restored: 1, underWay: 2, planned: 6 },
      unsafe: [{ name: 'SRV-FIN-09', note: 'it could not be brought back to safety: the probe did not answer' }],
    },
  },
  { name: 'complete', view: finished },
  { name: 'awaiting final verification', view: confirming },
  {
    name: 'contradicted',
    view: { ...finished, final: { total: 2, confirmed: 1, contradicted: 1, unknown: 0, dueBy: null } },
  },
  {
    name: 'partly',
    view: {
      ...finished,
      verdict: 'partly',
      counts: { ...zero, verified: 17, bad: 1 },
      attention: running.attention,
      followUps: { rest: true, undo: true },
    },
  },
  {
    name: 'halted',
    view: {
      ...finished,
      verdict: 'halted',
      followUps: { rest: true, undo: true },
      waves: running.waves.map((wave, index) => ({ ...wave, state: index === 0 ? ('proven' as const) : ('held' as const) })),
      counts: { ...zero, verified: 6, bad: 6, untouched: 6 },
      attention: Array.from({ length: 6 }, (_, index) => ({
        name: `SRV-FIN-0${index}`,
        status: 'failed',
        note: 'the script ended with code 1',
      })),
    },
  },
  {
    name: 'stopped',
    view: {
      ...finished,
      verdict: 'stopped',
      followUps: { rest: true, undo: true },
      counts: { ...zero, verified: 6, untouched: 12 },
      stop: { by: 'Lee Chan', at: sampleNow - MINUTE, reason: '' },
    },
  },
  {
    name: 'voided',
    view: {
      ...finished,
      verdict: 'voided',
      begunAt: null,
      waves: [],
      followUps: { rest: true, undo: false },
      counts: { ...zero, dropped: 7, untouched: 11 },
      stop: { by: null, at: sampleNow - MINUTE, reason: '7 of 18 targets changed since the plan was signed' },
    },
  },
  {
    name: 'hundred waves',
    view: {
      ...running,
      waves: Array.from({ length: 100 }, (_, index) => ({
        name: `wave ${index + 1}`,
        total: 10,
        proven: index < 50 ? 10 : 0,
        bad: 0,
        state: index < 50 ? ('proven' as const) : ('waiting' as const),
        detail: 'x'.repeat(390),
        soaksUntil: null,
      })),
    },
  },
  {
    name: 'hostile names',
    view: {
      ...running,
      title: hostileName,
      waves: hostileNames.map((bad) => ({ name: bad, total: 1, proven: 0, bad: 1, state: 'held' as const, detail: bad, soaksUntil: null })),
      unsafe: hostileNames.map((bad) => ({ name: bad, note: bad })),
      window: { name: hostileName, until: sampleNow + HOUR },
      attention: hostileNames.map((bad) => ({ name: bad, status: bad, note: bad })),
      gaps: hostileNames.map((bad) => ({ ...gap, name: bad })),
      stop: { by: hostileName, at: sampleNow, reason: hostileName },
    },
  },
];
