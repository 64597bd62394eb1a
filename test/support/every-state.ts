import { steps } from '../../playbook/index.ts';

/** How a test reaches the sample estate: the doors of the pretend outside, its clock, and a person's word. */
export interface Doors {
  readonly estate: (change: object) => Promise<unknown>;
  readonly fault: (fault: object) => Promise<unknown>;
  /** By the clock of the rehearsal. */
  readonly now: () => number | Promise<number>;
  readonly vouch: (stepId: string) => Promise<unknown>;
}

/** Something that happens to the sample estate. */
export interface Happening {
  readonly what: string;
  /** Only a probe that comes after it shows it. */
  readonly inside?: boolean;
  readonly happens?: (doors: Doors) => Promise<unknown>;
}

/** A policy that excludes what the products of the sample estate need, assigned to these. */
const policy = (assignments: readonly object[]) => ({
  id: '00000001-0000-4000-8000-000000000000',
  name: 'Exclusions',
  templateId: '45fea5e9-280d-4da1-9792-fb5736da0ca9_1',
  settings: {
    device_vendor_msft_policy_config_defender_excludedpaths: ['CrowdStrike', 'Trellix', 'McAfee', 'Trend Micro'].map(
      (vendor) => `C:\\Program Files\\${vendor}`,
    ),
  },
  assignments,
});
const assigned = (...to: readonly object[]) => ({ directory: { configurationPolicies: [policy(to)] } });

/** What has to happen to the sample estate so that every step can be seen in every state, one after the other. */
export const happenings: readonly Happening[] = [
  { what: 'nothing', inside: true },
  { what: 'an exclusion policy that reaches nobody', happens: ({ estate }) => estate(assigned()) },
  {
    what: 'the exclusion policy is assigned to every device',
    happens: ({ estate }) => estate(assigned({ target: 'allDevicesAssignmentTarget' })),
  },
  {
    // No other product was detected on it when it was looked into first.
    what: 'a server without another product restarts',
    inside: true,
    happens: async ({ estate, now }) => {
      const lastBoot = new Date(await now()).toISOString();
      await estate({ machines: [{ name: 'dev-build-01', guest: { lastBoot } }] });
    },
  },
  {
    what: 'nobody may read the settings of Defender for Cloud',
    happens: ({ fault }) => fault({ match: { path: 'Microsoft.Security/settings' }, fault: { status: 403, code: 'AuthorizationFailed' } }),
  },
  { what: 'a person vouches for the other product', happens: ({ vouch }) => vouch('third-party-excludes-defender') },
];

const STATES = ['not-ready', 'unknown', 'ready'] as const;

/** Only the old product's console could contradict a person's word, and nobody reads that. */
const NEVER: ReadonlySet<string> = new Set([seenAs('third-party-excludes-defender', 'not-ready')]);

/** How a step that was seen in a state is noted. */
export function seenAs(stepId: string, verdict: string): string {
  return `${stepId} ${verdict}`;
}

/** What should have been seen and was not, and what cannot be and was. */
export function amiss(seen: ReadonlySet<string>): readonly string[] {
  const all = steps.flatMap(({ id }) => STATES.map((verdict) => seenAs(id, verdict)));
  return all.filter((one) => seen.has(one) === NEVER.has(one));
}
