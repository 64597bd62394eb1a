import type { ExclusionPolicies } from '../../core/facts/devices.ts';
import { isWindows } from '../../core/machine.ts';
import type { Judgement } from '../../core/step.ts';
import { notKnown, notReady, ready, step } from '../../core/step.ts';
import type { Surroundings } from '../../core/surroundings.ts';
import { excludes } from '../platform/exclusion-marks.ts';
import { notLookedEverywhere } from '../platform/products.ts';
import { count, joinedBy, someOf } from '../some-of.ts';

type Policy = ExclusionPolicies['policies'][number];
type Group = Policy['groups'][number];

/**
 * a policy of the security portal, assigned to a dynamic group of the servers that Defender manages, excludes the products that were seen. Its
 * members appear after onboarding only, when Defender is passive, so that an empty group is as it should be. What Intune does not hold may be
 * held elsewhere, such as in a group policy.
 */
export const defenderExcludesThirdParty = step({
  id: 'defender-excludes-third-party',
  phase: 'onboard',
  title: 'Defender leaves the old product alone',
  why: 'Passive or not, Defender looks into files and processes; the old product’s own are to be left alone while both are there.',
  link: 'https://learn.microsoft.com/defender-endpoint/switch-to-mde-phase-2',
  subject: 'organisation',
  needs: ['exclusion-policies'],
  around: ['guest'],
  owner: 'security team',
  holdsThrough: 'cut-over',
  action: 'create-exclusion-policy',
  attestable: {
    statement:
      'Defender is told to leave the old product’s files and processes alone on every Windows server, by other means than an Intune policy.',
    holdsDays: 90,
  },
  check(facts, _subject, _beside, around) {
    const { vendors, unseen } = productsSeen(around);
    if (vendors.length === 0) {
      return unseen === 0
        ? ready('no product of another vendor was seen on any Windows server')
        : notKnown(
            'products-unread',
            'no Windows server was probed that shows which product it is about',
            'Request the probe for a ring, and have it signed.',
          );
    }
    const covering = facts['exclusion-policies'].policies.filter((policy) => vendors.some((vendor) => covers(policy, vendor)));
    const missing = vendors.filter((vendor) => !covering.some((policy) => covers(policy, vendor)));
    if (missing.length > 0) {
      return notKnown(
        'exclusions-not-found',
        `no exclusion policy names ${joinedBy('or', missing)}, and what is excluded by other means is not seen`,
        'Ask “create exclusion policy”: it shows what is there and hands over what is missing. Or have it attested: attest defender-excludes-third-party.',
      );
    }
    const judged = vendors.map((vendor) => covering.filter((policy) => covers(policy, vendor)).map(assigned));
    const bad = judged.find((policies) => policies.every(({ verdict }) => verdict !== 'ready'))?.[0];
    if (bad) return bad;
    const blind = unseen === 0 ? '' : `; ${count(unseen, 'Windows server')} not probed`;
    return ready(`${someOf(covering.map(({ name }) => `“${name}”`))} excludes ${someOf(vendors)}${blind}`);
  },
});

function covers({ platform, processes, paths }: Policy, vendor: string): boolean {
  return platform === 'windows' && excludes([...processes, ...paths], vendor);
}

/** The vendors seen on Windows servers, and how many of these could not be looked into. */
function productsSeen(around: Surroundings<'guest'>): { readonly vendors: readonly string[]; readonly unseen: number } {
  const vendors = new Set<string>();
  let unseen = 0;
  for (const { id, facts } of around.machines) {
    if (facts.kind === 'listed' || (facts.os !== null && !isWindows(facts.os))) continue;
    const guest = around.about('guest', id);
    if (guest.state === 'unread' || notLookedEverywhere(guest.value)) unseen += 1;
    if (guest.state === 'read') for (const { vendor } of guest.value.thirdParty) vendors.add(vendor);
  }
  return { vendors: [...vendors].toSorted(), unseen };
}

/** Does a policy get to the servers? */
function assigned({ name, toAllDevices, groups, leavesOut }: Policy): Judgement {
  const reaching = groups.filter(isForServers);
  if (!toAllDevices && reaching.length === 0) {
    const none = groups.length === 0;
    return notReady(
      none ? 'exclusions-not-assigned' : 'exclusions-wrong-group',
      none
        ? `the policy “${name}” is assigned to nobody`
        : `no group of the policy “${name}” is a dynamic one of servers that Defender manages`,
      'Assign it to a dynamic group: (device.managementType -eq "MicrosoftSense") and (device.deviceOSType -eq "Windows Server").',
    );
  }
  if (!toAllDevices && !reaching.some(({ processing }) => processing)) {
    return notReady(
      'exclusions-group-paused',
      `the rule of the group “${reaching[0]?.name}” is not processed`,
      'In Entra: switch the processing of its membership rule on.',
    );
  }
  if (leavesOut.length > 0) {
    return notKnown(
      'exclusions-leave-out',
      `the policy “${name}” leaves out the members of ${someOf(leavesOut)}`,
      'See that none of the migration’s servers is left out, then: attest defender-excludes-third-party.',
    );
  }
  return ready(name);
}

/** A rule for servers that Defender manages, as far as its text tells. */
function isForServers({ rule }: Group): boolean {
  return /microsoftsense|windows server/i.test(rule);
}
