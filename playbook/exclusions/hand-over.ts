import type { HandOver } from '../../core/action.ts';
import { count, joinedBy, someOf } from '../some-of.ts';
import type { Compared, FoundGroup, FoundPolicy, Reach } from './compared.ts';
import { hasEntries } from './compared.ts';
import { platforms } from './wanted.ts';

/** The comparison in words, and everything that is missing, to be pasted as it stands. */
export function exclusionsHandOver(compared: readonly Compared[], next: string): HandOver {
  const lists = compared.flatMap((one) => [found(one), ...missing(one)]);
  return { because: compared.map(foundWords).join('; '), next, lists };
}

/** How one platform stands, in one part of a sentence. */
export function foundWords({ wanted: { platform }, group, policy }: Compared): string {
  const { words } = platforms[platform];
  if (policy.state === 'there' && policy.reach === 'servers') return `${words}: everything is there`;
  return `${words}: ${policyWords[policy.state]}, ${groupWords[group.state]}${policy.state === 'there' ? `, ${reachWords[policy.reach]}` : ''}`;
}

const policyWords: Readonly<Record<FoundPolicy['state'], string>> = {
  missing: 'no policy excludes the old product',
  differs: 'a policy is there and differs',
  there: 'the policy is there',
};

const groupWords: Readonly<Record<FoundGroup['state'], string>> = {
  missing: 'the group is missing',
  there: 'the group is there',
  paused: 'the rule of the group is not processed',
  'other-rule': 'a group of that name has another rule',
};

const reachWords: Readonly<Record<Reach, string>> = {
  servers: 'it is assigned',
  nobody: 'it is assigned to nobody',
  paused: 'it is assigned to a group whose rule is not processed',
  others: 'it is assigned to others than these servers',
};

function found({ wanted, group, policy }: Compared): HandOver['lists'][number] {
  const { vendors, unlisted, unseen, platform } = wanted;
  return {
    title: `${platforms[platform].words}: what is there`,
    lines: [
      `For ${joinedBy('and', vendors, vendors.length)}${unseen === 0 ? '' : `; ${count(unseen, 'server')} could not be looked into and may have another product`}.`,
      ...unlisted.map((vendor) => `Nobody knows here what ${vendor} consists of: take its folders and programs from the vendor.`),
      ...groupLines(group),
      ...policyLines(policy),
    ],
  };
}

function groupLines(group: FoundGroup): readonly string[] {
  if (group.state === 'missing') return ['Group: none has this rule.'];
  if (group.state === 'other-rule')
    return [`Group “${group.name}” is left alone. Its rule is:`, group.rule || 'none, so that its members are added by hand'];
  return [`Group “${group.name}” has the rule${group.state === 'paused' ? ', and its processing is paused: switch it on in Entra' : ''}.`];
}

function policyLines(policy: FoundPolicy): readonly string[] {
  if (policy.state === 'missing') return ['Policy: none excludes these products.'];
  if (policy.state === 'there') {
    const names = policy.policies.map(({ name }) => `“${name}”`);
    return [`Policy ${joinedBy('and', names)} holds all of it; ${reachWords[policy.reach]}.`];
  }
  const { name } = policy.policy;
  return [
    `Policy “${name}” is left alone. It differs:`,
    ...policy.lacks.map((entry) => `lacks: ${entry}`),
    ...policy.beside.map((entry) => `beside: ${entry}`),
  ];
}

function missing({ wanted, group, policy }: Compared): HandOver['lists'] {
  if (policy.state === 'there' && policy.reach === 'servers') return [];
  const { platform, paths, processes, policyName } = wanted;
  const { words, profile } = platforms[platform];
  const groupName = group.state === 'there' || group.state === 'paused' ? group.name : wanted.group.name;
  const steps = [`Assign it to the group ${groupName}.`];
  const policySteps = policy.state === 'missing' ? [`Name: ${policyName}`, `Platform and profile: ${profile}`, ...steps] : steps;
  return [
    ...(group.state === 'missing' || group.state === 'other-rule'
      ? [
          {
            title: `${words}: the group, in Entra`,
            lines: [
              `Name: ${wanted.group.name}`,
              'Type: Security. Membership: Dynamic Device (needs Entra ID P1). Rule:',
              wanted.group.rule,
              'It is empty until servers are onboarded and enrolled; that is as it should be.',
            ],
          },
        ]
      : []),
    { title: `${words}: the policy, in the security portal or Intune`, lines: policySteps },
    ...(policy.state === 'there' || !hasEntries(wanted)
      ? []
      : [
          { title: `${words}: excluded paths`, lines: paths },
          { title: `${words}: excluded processes`, lines: processes },
        ]),
  ].filter(({ lines }) => lines.length > 0);
}

/** The policies that are left alone because they differ, for a sentence. */
export function differingNames(compared: readonly Compared[]): string {
  return someOf(compared.flatMap(({ policy }) => (policy.state === 'differs' ? [`“${policy.policy.name}”`] : [])));
}
