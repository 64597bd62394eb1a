import type { Tally } from '../../core/finding.ts';
import { HOUR, MINUTE } from '../../core/instant.ts';
import type { Sample } from '../samples.ts';
import { failedSources, hostileName, hostileNames, hostileSources, sampleNow, sampleSources } from '../samples.ts';
import type { ChecklistStep, ChecklistView } from './view.ts';

const none: Tally = { ready: 0, 'not-ready': 0, unknown: 0, waived: 0, 'not-applicable': 0 };
const learn = 'https://learn.microsoft.com/azure/defender-for-cloud/';

function step(id: string, title: string, counts: Partial<Tally>, rest: Partial<ChecklistStep> = {}): ChecklistStep {
  return {
    id,
    title,
    why: 'Two active antivirus engines on one server slow it down or stop it.',
    link: learn,
    subject: 'machine',
    tally: { ...none, ...counts },
    asOf: sampleNow - 3 * MINUTE,
    examples: [],
    unknownSince: null,
    owner: 'server owner',
    waivedSoon: 0,
    next: '',
    attest: null,
    request: null,
    ...rest,
  };
}

const mixed: ChecklistView = {
  phase: 'prepare',
  scope: 'ring canary',
  readAs: 'phase 1, ring canary',
  ring: 'canary',
  machines: 36,
  fleet: { ready: 16, 'not-ready': 3, unknown: 15, waived: 2, 'not-applicable': 0 },
  waivedSoon: 1,
  gates: [{ ring: 'canary', closed: null }],
  kept: null,
  own: null,
  steps: [
    step('arc-connected', 'Connected to Azure', { ready: 36 }),
    step('updates-current', 'Updates are current', { ready: 34, waived: 2 }, { waivedSoon: 1 }),
    step(
      'passive-mode-set',
      'Passive mode is set',
      { ready: 20, unknown: 16 },
      {
        asOf: null,
        unknownSince: sampleNow - 26 * HOUR,
        next: 'ask for “Probe machines” to be signed',
        examples: [
          {
            name: 'SRV-FIN-02',
            verdict: 'unknown',
            because: 'The probe of the machine was last read more than 24 hours ago',
            fix: 'Request the probe for its ring and have it signed.',
          },
        ],
      },
    ),
    step(
      'rollup-current',
      'The 2021 rollup is installed',
      { ready: 4, 'not-ready': 3, 'not-applicable': 29 },
      {
        examples: [
          { name: 'SRV-SQL-07', verdict: 'not-ready', because: 'KB5005292 is missing', fix: 'Install it from the update catalogue.' },
          { name: 'srv-web-01.finance.contoso.example', verdict: 'not-ready', because: 'KB5005292 is missing', fix: '' },
        ],
      },
    ),
    step(
      'endpoint-protection-off',
      'Automatic onboarding is off',
      { 'not-ready': 1, ready: 1 },
      {
        subject: 'subscription',
        examples: [
          {
            name: 'Finance',
            verdict: 'not-ready',
            because: 'Defender for Cloud onboards every server of this subscription by itself',
            fix: 'Have "Turn endpoint protection off" signed for it.',
          },
        ],
      },
    ),
  ],
  blindSpot: ['4 machines of the server list are not connected to Azure, so nothing is known of them'],
  sources: failedSources,
};

export const checklistSamples: readonly Sample<ChecklistView>[] = [
  { name: 'mixed', view: mixed },
  {
    name: 'kept up to date, closed for a ring',
    view: {
      ...mixed,
      ring: null,
      readAs: null,
      kept: 'living',
      gates: [
        { ring: 'canary', closed: { plan: 'GL-0009', at: sampleNow - 20 * HOUR } },
        ...['pilot', 'broad', 'late', 'last', 'rest'].map((ring) => ({ ring, closed: null })),
      ],
    },
  },
  {
    name: 'one person’s own, only what is not ready',
    view: {
      ...mixed,
      kept: { postedAt: sampleNow - 20 * HOUR },
      own: { openOnly: true, rings: ['canary', 'pilot', 'broad'] },
      steps: mixed.steps.map((one, index) => ({
        ...one,
        next: index < 2 ? '' : 'ask for it to be signed',
        attest: index === 2 ? { step: one.id, ring: 'canary' } : null,
        request: index < 2 ? null : { title: 'Set passive mode', data: { action: 'set-passive-mode', ring: 'canary' } },
      })),
    },
  },
  {
    name: 'all ready',
    view: {
      ...mixed,
      phase: 'cut-over',
      scope: 'the whole fleet',
      readAs: null,
      ring: null,
      machines: 1204,
      fleet: { ...none, ready: 1204 },
      waivedSoon: 0,
      gates: [],
      steps: [
        step('in-security-portal', 'Seen in the security portal', { ready: 1204 }),
        step('antivirus-active', 'Defender is the active antivirus', { ready: 1204 }),
      ],
      blindSpot: [],
      sources: sampleSources,
    },
  },
  {
    name: 'nothing known',
    view: {
      ...mixed,
      phase: 'onboard',
      machines: 0,
      fleet: none,
      waivedSoon: 0,
      steps: [step('arc-connected-for-onboarding', 'Connected to Azure', {}, { asOf: null })],
    },
  },
  {
    name: 'forty steps',
    view: {
      ...mixed,
      steps: Array.from({ length: 40 }, (_, index) =>
        step(
          `step-${index}`,
          `Step number ${index} of a very long phase`,
          { ready: 900, 'not-ready': 300, unknown: 4 },
          {
            examples: hostileNames
              .slice(0, 3)
              .map((bad) => ({ name: bad, verdict: 'not-ready' as const, because: bad.repeat(3), fix: bad })),
          },
        ),
      ),
    },
  },
  {
    name: 'hostile names',
    view: {
      ...mixed,
      scope: hostileName,
      ring: hostileName,
      own: { openOnly: false, rings: hostileNames },
      gates: hostileNames.map((bad) => ({ ring: bad, closed: { plan: bad, at: sampleNow } })),
      readAs: hostileName,
      steps: hostileNames.map((bad, index) =>
        step(
          `step-${index}`,
          bad,
          { 'not-ready': 1 },
          {
            owner: bad,
            next: bad,
            request: { title: bad, data: { action: 'set-passive-mode' } },
            why: bad,
            examples: [{ name: bad, verdict: 'not-ready', because: bad, fix: bad }],
          },
        ),
      ),
      blindSpot: [...hostileNames],
      sources: hostileSources,
    },
  },
];
