import { MINUTE } from '../../core/instant.ts';
import type { Sample } from '../samples.ts';
import { failedSources, hostileName, hostileNames, hostileSources, sampleNow, sampleSources } from '../samples.ts';
import type { StepView } from './view.ts';

const servers = (count: number) => Array.from({ length: count }, (_, index) => `SRV-FIN-${String(index + 1).padStart(2, '0')}`);

const mixed: StepView = {
  phase: 'prepare',
  id: 'passive-mode-set',
  title: 'Passive mode is set',
  why: 'Without it Defender turns active the moment a server is onboarded, beside the product that is still there.',
  link: 'https://learn.microsoft.com/defender-endpoint/switch-to-mde-phase-2',
  readAs: 'the step "passive mode is set"',
  tally: { ready: 20, 'not-ready': 26, unknown: 2, waived: 1, 'not-applicable': 4 },
  groups: [
    {
      verdict: 'not-ready',
      because: 'ForceDefenderPassiveMode is absent',
      fix: 'Have "Set passive mode" signed for the ring.',
      names: servers(26),
      asOf: sampleNow - 40 * MINUTE,
    },
    {
      verdict: 'unknown',
      because: 'the machine is not connected to Azure, so nothing could look inside',
      fix: 'Start its agent.',
      names: ['srv-web-01.finance.contoso.example', 'SRV-OLD-9'],
      asOf: null,
    },
    {
      verdict: 'waived',
      because: 'waived until 1 December by Ana Diaz: appliance',
      fix: '',
      names: ['APPL-1'],
      asOf: sampleNow - 40 * MINUTE,
    },
  ],
  request: { action: 'set-passive-mode', title: 'Set passive mode', rings: ['canary', 'ring-1', 'ring-2'] },
  sources: failedSources,
  blindSpot: ['4 machines of the server list are not connected to Azure'],
};

export const stepSamples: readonly Sample<StepView>[] = [
  { name: 'mixed', view: mixed },
  {
    name: 'ready, nothing to ask for',
    view: {
      ...mixed,
      readAs: null,
      link: '',
      tally: { ready: 48, 'not-ready': 0, unknown: 0, waived: 0, 'not-applicable': 0 },
      groups: [{ verdict: 'ready', because: 'ForceDefenderPassiveMode is 1', fix: '', names: servers(48), asOf: sampleNow - 40 * MINUTE }],
      request: null,
      sources: sampleSources,
      blindSpot: [],
    },
  },
  {
    name: 'nothing known',
    view: {
      ...mixed,
      tally: { ready: 0, 'not-ready': 0, unknown: 0, waived: 0, 'not-applicable': 0 },
      groups: [],
      request: { ...mixed.request!, rings: ['canary'] },
    },
  },
  {
    name: 'hostile names',
    view: {
      ...mixed,
      title: hostileName,
      why: hostileName,
      link: 'javascript:alert(1)',
      readAs: hostileName,
      groups: hostileNames.map((bad) => ({
        verdict: 'not-ready' as const,
        because: bad,
        fix: bad,
        names: hostileNames.flatMap((other) => [other, other]),
        asOf: null,
      })),
      request: { action: 'set-passive-mode', title: hostileName, rings: hostileNames },
      sources: hostileSources,
      blindSpot: hostileNames,
    },
  },
];
