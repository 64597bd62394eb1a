import { MINUTE } from '../../core/instant.ts';
import type { Sample } from '../samples.ts';
import { failedSources, hostileName, hostileNames, hostileSources, sampleNow } from '../samples.ts';
import type { ListView } from './view.ts';

const hash = '9f2c41aa0d3b5e7788c1d2e3f4a5b6c7d8e9f00112233445566778899aabbe41';

const waiting: ListView = {
  title: 'Waiting for a signature',
  sentence: '2 plans wait, 1 of them for you',
  items: [
    { id: 'GL-0007', hash, title: 'Set passive mode on ring-1', detail: 'needs 1 more approval by Mon 23 Nov 08:10 CET' },
    { id: 'GL-0008', hash: null, title: 'Probe ring canary', detail: 'waits for its window' },
  ],
};

export const listSamples: readonly Sample<ListView>[] = [
  { name: 'two waiting', view: waiting },
  { name: 'empty', view: { title: 'Waiting for a signature', sentence: 'Nothing waits', items: [] } },
  {
    name: 'sources read again',
    view: {
      title: 'Read again',
      sentence: '2 of 4 sources were read anew; 1 could not be read; 1 is still being read',
      items: [],
      blindSpot: ['What is inside machines is only seen by the probe, which is signed'],
      sources: [
        ...failedSources,
        { words: 'update assessments', source: 'Azure Resource Graph', readAt: sampleNow - 40 * MINUTE, failure: null, beingRead: true },
      ],
    },
  },
  {
    name: 'two hundred',
    view: { ...waiting, items: Array.from({ length: 200 }, (_, index) => ({ ...waiting.items[0]!, id: `GL-${1000 + index}` })) },
  },
  {
    name: 'hostile names',
    view: {
      title: hostileName,
      sentence: hostileName,
      items: hostileNames.map((bad) => ({ id: 'GL-0007', hash, title: bad, detail: bad })),
      blindSpot: hostileNames,
      sources: hostileSources,
    },
  },
];
