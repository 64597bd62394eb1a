import { HOUR, MINUTE } from '../../core/instant.ts';
import type { Sample } from '../samples.ts';
import { failedSources, hostileName, hostileNames, hostileSources, sampleNow } from '../samples.ts';
import type { MachineView } from './view.ts';

const asOf = sampleNow - 12 * MINUTE;

const server: MachineView = {
  name: 'SRV-SQL-07',
  id: '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-finance/providers/Microsoft.HybridCompute/machines/SRV-SQL-07',
  facts: [
    { title: 'Ring', value: 'canary' },
    { title: 'System', value: 'Windows Server 2016' },
    { title: 'Where', value: 'Finance / rg-finance' },
    { title: 'Agent', value: 'Connected, 1.52' },
  ],
  readAs: 'the machine SRV-SQL-07',
  protection: {
    state: 'none',
    because: 'no active engine was detected (Defender Antivirus is passive); a product the probe does not know cannot be excluded',
    fix: '',
    engines: [
      {
        engine: 'defender',
        product: 'Defender Antivirus',
        active: false,
        words: 'passive',
        kind: 'guest',
        source: 'probe of the machine',
        seenAt: asOf,
      },
      {
        engine: 'third-party',
        product: 'CrowdStrike',
        active: false,
        words: 'not running, its service and driver found',
        kind: 'guest',
        source: 'probe of the machine',
        seenAt: asOf,
      },
    ],
  },
  gaps: [
    {
      condition: 'none-active',
      lastGood: sampleNow - 6 * HOUR,
      firstBad: asOf,
      lastBad: asOf,
      firstGood: null,
      ended: null,
      known: true,
    },
  ],
  findings: [
    {
      phase: 'prepare',
      step: 'arc-connected',
      title: 'Connected to Azure',
      verdict: 'ready',
      because: 'The agent is connected',
      fix: '',
      asOf,
    },
    {
      phase: 'prepare',
      step: 'defender-feature-installed',
      title: 'Defender feature is installed',
      verdict: 'not-ready',
      because: 'The feature Windows-Defender is not installed',
      fix: 'Have "Install the Defender feature" signed for its ring.',
      asOf,
    },
    {
      phase: 'prepare',
      step: 'passive-mode-set',
      title: 'Passive mode is set',
      verdict: 'unknown',
      because: 'The probe was last read more than 24 hours ago',
      fix: 'Request the probe for its ring and have it signed.',
      asOf: sampleNow - 31 * HOUR,
    },
    {
      phase: 'prepare',
      step: 'rollup-current',
      title: 'The 2021 rollup is installed',
      verdict: 'not-applicable',
      because: '',
      fix: '',
      asOf: null,
    },
    {
      phase: 'onboard',
      step: 'updates',
      title: 'Updates are current',
      verdict: 'waived',
      because: 'Waived until 1 December',
      fix: '',
      asOf,
    },
  ],
  sources: failedSources,
};

const blind: MachineView['protection'] = {
  state: 'unknown',
  because: 'the probe of the machine has not been read yet',
  fix: 'Request the probe for its ring and have it signed.',
  engines: [],
};

export const machineSamples: readonly Sample<MachineView>[] = [
  { name: 'a server', view: server },
  { name: 'nothing known', view: { ...server, facts: [], readAs: null, protection: blind, gaps: [], findings: [], sources: [] } },
  {
    name: 'hostile names',
    view: {
      ...server,
      name: hostileName,
      readAs: hostileName,
      facts: hostileNames.map((bad) => ({ title: bad, value: bad })),
      findings: hostileNames.flatMap((bad) =>
        (['prepare', 'onboard', 'cut-over'] as const).map((phase) => ({
          phase,
          step: 'arc-connected',
          title: bad,
          verdict: 'not-ready' as const,
          because: bad,
          fix: bad,
          asOf,
        })),
      ),
      protection: {
        ...blind,
        because: hostileName,
        fix: hostileName,
        engines: hostileNames.map((bad) => ({ ...server.protection.engines[1]!, product: bad, words: bad, source: bad })),
      },
      gaps: Array.from({ length: 40 }, () => server.gaps[0]!),
      sources: hostileSources,
    },
  },
];
