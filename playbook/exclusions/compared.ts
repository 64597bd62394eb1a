import type { ExclusionPolicies } from '../../core/facts/devices.ts';
import { excludes } from '../platform/exclusion-marks.ts';
import { isForDevices, sameRule } from './membership-rule.ts';
import type { WantedExclusions } from './wanted.ts';
import { platforms } from './wanted.ts';

type Policy = ExclusionPolicies['policies'][number];

/** How the group that is wanted stands. One of our name with another rule is somebody’s decision, and is left alone. */
export type FoundGroup =
  | { readonly state: 'missing' }
  | { readonly state: 'there' | 'paused' | 'other-rule'; readonly id: string; readonly name: string; readonly rule: string };

/** How the policy that is wanted stands: there is none, one or several together hold all of it, or one holds something else. */
export type FoundPolicy =
  | { readonly state: 'missing' }
  | { readonly state: 'there'; readonly policies: readonly Policy[]; readonly reach: Reach }
  | { readonly state: 'differs'; readonly policy: Policy; readonly lacks: readonly string[]; readonly beside: readonly string[] };

/** Whom a policy gets to: the servers; nobody; the servers once a rule is processed; others. */
export type Reach = 'servers' | 'nobody' | 'paused' | 'others';

/** What is wanted on one platform, beside what is there. */
export interface Compared {
  readonly wanted: WantedExclusions;
  readonly group: FoundGroup;
  readonly policy: FoundPolicy;
}

/** Holds what is wanted against what Intune and Entra show. Pure; of several that would do, always the same is named. */
export function compareExclusions(wanted: WantedExclusions, { policies, deviceGroups }: ExclusionPolicies): Compared {
  return { wanted, group: findGroup(wanted, deviceGroups), policy: findPolicy(wanted, policies) };
}

function findGroup({ group }: WantedExclusions, groups: ExclusionPolicies['deviceGroups']): FoundGroup {
  const fitting = groups.filter(({ rule }) => sameRule(rule, group.rule));
  const [best] = fitting.toSorted(
    (a, b) => Number(b.processing) - Number(a.processing) || first(b.name === group.name, a.name === group.name, a.id, b.id),
  );
  if (best) return { state: best.processing ? 'there' : 'paused', id: best.id, name: best.name, rule: best.rule };
  const other = groups.find(({ name }) => name === group.name);
  return other ? { state: 'other-rule', id: other.id, name: other.name, rule: other.rule } : { state: 'missing' };
}

function findPolicy(wanted: WantedExclusions, all: readonly Policy[]): FoundPolicy {
  const mine = all.filter(({ platform }) => platform === wanted.platform);
  const ranked = mine.toSorted(
    (a, b) =>
      REACHES.indexOf(reachOf(a, wanted)) - REACHES.indexOf(reachOf(b, wanted)) ||
      first(b.name === wanted.policyName, a.name === wanted.policyName, a.id, b.id),
  );
  const whole = ranked.find((policy) => hasEntries(wanted) && lackingIn(wanted, [policy]).length === 0);
  if (whole) return { state: 'there', policies: [whole], reach: reachOf(whole, wanted) };
  const parts = ranked.filter((policy) => holdsSome(wanted, policy));
  if (parts.length > 1 && lackingIn(wanted, parts).length === 0)
    return { state: 'there', policies: parts, reach: worstReach(parts, wanted) };
  const about = ranked.filter((policy) => policy.name === wanted.policyName || parts.includes(policy) || isAbout(wanted, policy));
  const [nearest] = about.toSorted(
    (a, b) =>
      lackingIn(wanted, [a]).length - lackingIn(wanted, [b]).length ||
      first(b.name === wanted.policyName, a.name === wanted.policyName, a.id, b.id),
  );
  if (!nearest) return { state: 'missing' };
  return { state: 'differs', policy: nearest, lacks: lackingIn(wanted, [nearest]), beside: besideIn(wanted, nearest) };
}

const REACHES: readonly Reach[] = ['servers', 'paused', 'nobody', 'others'];

function worstReach(policies: readonly Policy[], wanted: WantedExclusions): Reach {
  return REACHES.findLast((reach) => policies.some((policy) => reachOf(policy, wanted) === reach)) ?? 'nobody';
}

function reachOf({ toAllDevices, groups, leavesOut }: Policy, { platform }: WantedExclusions): Reach {
  if (toAllDevices) return 'servers';
  const reaching = groups.filter(({ rule }) => isForDevices(rule, platforms[platform].deviceType));
  if (reaching.some(({ processing }) => processing)) return 'servers';
  if (reaching.length > 0) return 'paused';
  return groups.length === 0 && leavesOut.length === 0 ? 'nobody' : 'others';
}

function lackingIn({ platform, processes, paths }: WantedExclusions, policies: readonly Policy[]): readonly string[] {
  const there = {
    processes: new Set(policies.flatMap((policy) => policy.processes.map((entry) => spelled(platform, entry)))),
    paths: new Set(policies.flatMap((policy) => policy.paths.map((entry) => spelled(platform, entry)))),
  };
  return [
    ...paths.filter((entry) => !there.paths.has(spelled(platform, entry))),
    ...processes.filter((entry) => !there.processes.has(spelled(platform, entry))),
  ];
}

function besideIn({ platform, processes, paths }: WantedExclusions, policy: Policy): readonly string[] {
  const wanted = new Set([...processes, ...paths].map((entry) => spelled(platform, entry)));
  const entries = [...policy.paths, ...policy.processes].filter((entry) => !wanted.has(spelled(platform, entry)));
  return [...entries, ...policy.extensions.map((extension) => `files ending in ${extension}`)];
}

/** False where nobody knows what any of the products consists of. */
export function hasEntries({ paths, processes }: WantedExclusions): boolean {
  return paths.length + processes.length > 0;
}

function holdsSome(wanted: WantedExclusions, policy: Policy): boolean {
  return lackingIn(wanted, [policy]).length < wanted.paths.length + wanted.processes.length;
}

function isAbout({ vendors }: WantedExclusions, { processes, paths }: Policy): boolean {
  return vendors.some((vendor) => excludes([...processes, ...paths], vendor));
}

const FOLDERS: readonly (readonly [RegExp, string])[] = [
  [/^%programfiles%/, 'c:\\program files'],
  [/^%programfiles\(x86\)%/, 'c:\\program files (x86)'],
  [/^%(?:programdata|allusersprofile)%/, 'c:\\programdata'],
  [/^%(?:windir|systemroot)%/, 'c:\\windows'],
];

/** One spelling for what is the same to Defender: on Windows letter case, variables and a last `\` or `\*` do not count, on Linux a last `/`. */
function spelled(platform: WantedExclusions['platform'], entry: string): string {
  if (platform === 'linux') return entry.trim().replace(/(?<=.)\/\*?$/, '');
  const lower = FOLDERS.reduce((text, [variable, folder]) => text.replace(variable, folder), entry.trim().toLowerCase());
  return lower.replace(/\\\*?$/, '');
}

/** The order of two: the one that is named as ours first, then by id. */
function first(second: boolean, one: boolean, a: string, b: string): number {
  return Number(second) - Number(one) || (a < b ? -1 : 1);
}
