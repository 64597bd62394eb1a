import { HOUR, MINUTE } from '../../core/instant.ts';
import type { Sample } from '../samples.ts';
import { failedSources, hostileName, hostileNames, hostileSources, sampleNow } from '../samples.ts';
import type { DigestView } from './view.ts';

const usual: DigestView = {
  slot: sampleNow - 10 * MINUTE,
  headline: '68% of Prepare is ready, 21 more than yesterday; missing probes explain most of the gap',
  phases: [
    {
      phase: 'prepare',
      readyShare: 0.68,
      tally: { ready: 280, 'not-ready': 37, unknown: 84, waived: 11, 'not-applicable': 96 },
      previous: { ready: 259, 'not-ready': 41, unknown: 101, waived: 11, 'not-applicable': 96 },
    },
    {
      phase: 'onboard',
      readyShare: 0.23,
      tally: { ready: 95, 'not-ready': 200, unknown: 117, waived: 0, 'not-applicable': 0 },
      previous: { ready: 99, 'not-ready': 196, unknown: 117, waived: 0, 'not-applicable': 0 },
    },
    { phase: 'cut-over', readyShare: 0, tally: { ready: 0, 'not-ready': 0, unknown: 412, waived: 0, 'not-applicable': 0 }, previous: null },
  ],
  blockers: [
    {
      title: 'Passive mode is set',
      phase: 'prepare',
      count: 21,
      because: 'ForceDefenderPassiveMode is absent',
      fix: 'Have "Set passive mode" signed for the rings.',
    },
    { title: 'Connected to Azure', phase: 'prepare', count: 9, because: 'the agent is offline', fix: 'Start it or reinstall it.' },
  ],
  gaps: '2 machines without an active engine that was detected as far as known; 3 gaps ended since the digest before, the longest 3 to 18 min',
  waiting: [{ id: 'GL-0007', title: 'Set passive mode on ring-1', missing: 1, expiresAt: sampleNow + 22 * HOUR }],
  runs: [{ id: 'GL-0006', title: 'Probe ring canary', sentence: 'Complete: every machine is verified.' }],
  blindSpot: ['4 machines of the server list are not connected to Azure'],
  sources: failedSources,
  late: null,
  ledger: { seq: 1042, hash: '41be9f2c41aa0d3b5e7788c1d2e3f4a5b6c7d8e9f00112233445566778899aab' },
  next: sampleNow + 23 * HOUR,
};

export const digestSamples: readonly Sample<DigestView>[] = [
  { name: 'usual', view: usual },
  {
    name: 'asked for, late',
    view: { ...usual, slot: null, late: 'the digest of Sat 21 Nov 08:00 was not posted: the bot was down', next: null },
  },
  {
    name: 'nothing known',
    view: {
      ...usual,
      headline: 'Nothing could be judged yet',
      gaps: null,
      phases: usual.phases.map((phase) => ({
        ...phase,
        readyShare: 0,
        tally: { ready: 0, 'not-ready': 0, unknown: 0, waived: 0, 'not-applicable': 0 },
        previous: null,
      })),
      blockers: [],
      waiting: [],
      runs: [],
      blindSpot: [],
      sources: [],
    },
  },
  { name: 'no phases', view: { ...usual, phases: [], blockers: [] } },
  {
    name: 'all ready',
    view: {
      ...usual,
      headline: 'Everything is ready',
      phases: usual.phases.map((phase) => ({
        ...phase,
        readyShare: 1,
        tally: { ...phase.tally, ready: 412, 'not-ready': 0, unknown: 0, waived: 0 },
      })),
      blockers: [],
    },
  },
  {
    name: 'hostile names',
    view: {
      ...usual,
      headline: hostileName,
      gaps: hostileName,
      late: hostileName,
      blockers: hostileNames.map((bad) => ({ title: bad, phase: 'prepare' as const, count: 1, because: bad, fix: bad })),
      waiting: hostileNames.map((bad) => ({ id: 'GL-0007', title: bad, missing: 1, expiresAt: sampleNow })),
      runs: hostileNames.map((bad) => ({ id: 'GL-0007', title: bad, sentence: bad })),
      blindSpot: hostileNames,
      sources: hostileSources,
    },
  },
];
