import { HOUR, MINUTE } from '../../core/instant.ts';
import type { Sample } from '../samples.ts';
import { failedSources, hostileName, hostileNames, hostileSources, sampleNow, sampleSources } from '../samples.ts';
import type { GapRow, GapsView } from './view.ts';

const going: GapRow = {
  name: 'SRV-SQL-07',
  ring: 'canary',
  owner: 'Team Blue',
  condition: 'none-active',
  lastGood: sampleNow - 65 * MINUTE,
  firstBad: sampleNow - 45 * MINUTE,
  lastBad: sampleNow - 5 * MINUTE,
  firstGood: null,
  ended: null,
  known: true,
  source: 'probe of the machine',
  note: '',
};
const over: GapRow = { ...going, name: 'SRV-SQL-08', firstGood: sampleNow - 2 * MINUTE, ended: 'good' };
const both: GapRow = { ...going, name: 'SRV-WEB-01', condition: 'both-active', owner: '', lastGood: null };

const alarm: GapsView = {
  title: 'No active engine on 2 machines',
  sentence: 'Found by the probe; 1 of them is over',
  readAs: null,
  groups: [
    {
      condition: 'none-active',
      cause: 'CrowdStrike does not run, and Defender Antivirus is passive',
      next: 'Have CrowdStrike started again, or find out what stopped it',
      owners: 'Team Blue: 2',
      rows: [going, over],
    },
  ],
  blindSpot: [],
  sources: [],
};

const answer: GapsView = {
  ...alarm,
  title: 'Protection gaps',
  sentence: '2 machines now: 1 without an active engine that was detected, 1 with two',
  readAs: 'Machines with two active engines, or none',
  groups: [
    { ...alarm.groups[0]!, rows: [{ ...going, note: 'GL-0042 is changing it, and its plan accounts for that' }] },
    {
      condition: 'both-active',
      cause: 'Trellix runs, and Defender Antivirus is active because passive mode is not set',
      next: 'Request passive mode for it, or, where the cut-over has begun, have Trellix removed',
      owners: 'no owner known: 1',
      rows: [{ ...both, known: false, lastBad: sampleNow - 26 * HOUR, firstBad: sampleNow - 30 * HOUR }],
    },
  ],
  blindSpot: ['12 machines could not be judged: the probe of the machine has not been read yet.'],
  sources: failedSources,
};

export const gapsSamples: readonly Sample<GapsView>[] = [
  { name: 'alarm', view: alarm },
  { name: 'over', view: { ...alarm, groups: [{ ...alarm.groups[0]!, rows: [over] }] } },
  { name: 'answer', view: answer },
  {
    name: 'nothing known',
    view: { ...answer, sentence: 'No machine is known to be in one. 12 of 68 could not be judged', groups: [], sources: sampleSources },
  },
  {
    name: 'two thousand',
    view: {
      ...alarm,
      groups: Array.from({ length: 20 }, (_, group) => ({
        ...alarm.groups[0]!,
        cause: `cause ${group} ${'x'.repeat(390)}`,
        rows: Array.from({ length: 100 }, (_row, index) => ({ ...going, name: `SRV-${group}-${index}` })),
      })),
    },
  },
  {
    name: 'hostile names',
    view: {
      title: hostileName,
      sentence: hostileName,
      readAs: hostileName,
      groups: hostileNames.map((bad) => ({
        condition: 'both-active' as const,
        cause: bad,
        next: bad,
        owners: bad,
        rows: hostileNames.map((worse) => ({ ...both, name: worse, ring: bad, owner: bad, source: bad, note: bad })),
      })),
      blindSpot: hostileNames,
      sources: hostileSources,
    },
  },
];
