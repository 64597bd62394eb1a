import { DAY, MINUTE } from '../../core/instant.ts';
import type { Sample } from '../samples.ts';
import { failedSources, hostileName, hostileNames, hostileSources, sampleNow, sampleSources } from '../samples.ts';
import type { StepView, StepVouching } from './view.ts';

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
      subjects: 26,
      names: servers(26),
      asOf: sampleNow - 40 * MINUTE,
    },
    {
      verdict: 'unknown',
      because: 'the machine is not connected to Azure, so nothing could look inside',
      fix: 'Start its agent.',
      subjects: 2,
      names: ['srv-web-01.finance.contoso.example', 'SRV-OLD-9'],
      asOf: null,
    },
    {
      verdict: 'waived',
      because: 'waived until 1 December by Ana Diaz: appliance',
      fix: '',
      subjects: 1,
      names: ['APPL-1'],
      asOf: sampleNow - 40 * MINUTE,
    },
  ],
  moreGroups: 0,
  handsOut: [],
  owner: 'server owner',
  ring: null,
  vouching: null,
  request: { action: 'set-passive-mode', title: 'Set passive mode', rings: ['canary', 'ring-1', 'ring-2'] },
  sources: failedSources,
  blindSpot: ['4 machines of the server list are not connected to Azure'],
};

const vouched: StepVouching = {
  attesters: ['Ana Diaz', 'Tom Weber'],
  words: [
    { id: 'a'.repeat(64), by: 'Ana Diaz', scope: 'ring canary', at: sampleNow - 20 * DAY, until: sampleNow + 10 * DAY },
    {
      id: 'b'.repeat(64),
      by: 'Tom Weber',
      scope: 'machine srv-web-01.finance.contoso.example',
      at: sampleNow,
      until: sampleNow + 30 * DAY,
    },
  ],
  own: null,
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
      groups: [
        {
          verdict: 'ready',
          because: 'ForceDefenderPassiveMode is 1',
          fix: '',
          subjects: 48,
          names: servers(48),
          asOf: sampleNow - 40 * MINUTE,
        },
      ],
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
  { name: 'a step to vouch for, for everyone', view: { ...mixed, vouching: vouched } },
  {
    name: 'a step to vouch for, one who may',
    view: { ...mixed, ring: 'canary', vouching: { ...vouched, own: { data: { step: mixed.id, ring: 'canary' } } } },
  },
  { name: 'a step to vouch for, one who may not', view: { ...mixed, vouching: { ...vouched, words: [], own: { data: null } } } },
  {
    name: 'asked for as a whole',
    view: { ...mixed, request: { action: 'create-exclusion-policy', title: 'Create exclusion policy', rings: null } },
  },
  {
    name: 'lists to hand out',
    view: {
      ...mixed,
      phase: 'onboard',
      id: 'third-party-excludes-defender',
      title: 'The old product leaves Defender alone',
      moreGroups: 0,
      handsOut: [
        {
          title: 'Windows Server 2012 R2 to 2025',
          lines: servers(25).map((server) => `C:\\Program Files\\Windows Defender Advanced Threat Protection\\${server}.exe`),
        },
        { title: 'Linux', lines: ['/opt/microsoft/mdatp/sbin/wdavdaemon', '/opt/microsoft/mde_netfilter/sbin/mde_netfilter'] },
      ],
      request: null,
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
        subjects: 2 * hostileNames.length,
        names: hostileNames.flatMap((other) => [other, other]),
        asOf: null,
      })),
      owner: hostileName,
      ring: hostileName,
      vouching: {
        attesters: hostileNames,
        words: hostileNames.map((bad) => ({ id: 'a'.repeat(64), by: bad, scope: bad, at: sampleNow, until: sampleNow })),
        own: { data: { step: 'x' } },
      },
      moreGroups: 0,
      handsOut: [{ title: hostileName, lines: hostileNames }],
      request: { action: 'set-passive-mode', title: hostileName, rings: hostileNames },
      sources: hostileSources,
      blindSpot: hostileNames,
    },
  },
];
