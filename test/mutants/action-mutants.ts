import type { Mutant } from './mutant.ts';

const suite = 'test/playbook/actions.test.ts';

/** What an action asks of a machine before it touches it, and what proves it. */
export const actionMutants: readonly Mutant[] = [
  {
    name: 'passive mode is cleared beside the old product',
    file: 'playbook/actions/clear-passive-mode.ts',
    from: ' ?? oldProduct(machine, guest, snapshot, now);',
    to: ';',
    suite,
  },
  {
    name: 'passive mode is cleared on an old look',
    file: 'playbook/actions/clear-passive-mode.ts',
    from: ' || now - guest.observedAt > OLDEST_LOOK',
    to: '',
    suite,
  },
  {
    name: 'the feature is installed on a word that has ended',
    file: 'playbook/platform/exclusions-word.ts',
    from: 'if (now < word.until) return word;',
    to: 'if (word.until > 0) return word;',
    suite,
  },
  {
    name: 'the feature is installed without the passive key',
    file: 'playbook/actions/install-defender-feature.ts',
    from: 'if (passiveKey !== 1) {',
    to: 'if (passiveKey === 0) {',
    suite,
  },
  {
    name: 'a feature is taken off the only engine',
    file: 'playbook/actions/install-defender-feature.ts',
    from: 'if (running(guest).length > 0) return null;',
    to: 'if (guest.platform.length > 0) return null;',
    suite,
  },
  {
    name: 'nothing pending at a WSUS counts as nothing missing',
    file: 'playbook/actions/install-updates.ts',
    from: "return empty === null ? { code: 'already'",
    to: "return empty !== undefined ? { code: 'already'",
    suite,
  },
  {
    name: 'a WSUS may answer in place of Microsoft',
    file: 'playbook/actions/install-updates.ts',
    from: '...(isWsus(service)',
    to: '...(service.length > 0',
    suite,
  },
  {
    name: 'the servicing stack goes in with what waits for it',
    file: 'playbook/platform/update-order.ts',
    from: '.filter((group) => group.length > 0);',
    to: '.filter((group) => group.length > 9);',
    suite,
  },
  {
    name: 'any mode of Defender counts as active',
    file: 'playbook/actions/activation.ts',
    from: "{ path: 'defender.mode', equals: 'Normal', words: 'Defender is in mode Normal' },",
    to: '',
    suite,
  },
  {
    name: 'one look without the old product is enough',
    file: 'playbook/platform/third-party-gone.ts',
    from: 'if (!restartedSince) return',
    to: 'if (lastBoot < 0) return',
    suite,
  },
  {
    name: 'an exclusion policy that somebody else made is assigned',
    file: 'playbook/actions/create-exclusion-policy.ts',
    from: 'policy.policies.filter(({ name }) => name === wanted.policyName)',
    to: 'policy.policies',
    suite,
  },
  {
    name: 'something is made beside an exclusion policy that differs',
    file: 'playbook/actions/create-exclusion-policy.ts',
    from: "policy.state === 'differs' || (",
    to: '(',
    suite,
  },
  {
    name: 'an exclusion policy is planned although the file leaves it to people',
    file: 'playbook/actions/create-exclusion-policy.ts',
    from: 'if (!snapshot.options.createExclusionPolicy.write) {',
    to: 'if (false) {',
    suite,
  },
  {
    name: 'what was made in Graph is known by its name alone',
    file: 'services/azure/listed.ts',
    from: " && at(entry, 'description') === body['description']",
    to: '',
    suite: 'test/services/azure/graph-writes.test.ts',
  },
  {
    name: 'a call of Azure may go to Graph',
    file: 'services/azure/egress.ts',
    from: "(call.api ?? 'arm') === api && ",
    to: '',
    suite: 'test/services/azure/graph-writes.test.ts',
  },
  {
    name: 'what may have been made in Graph is sent again',
    file: 'core/plan.ts',
    from: "new Set(['operation', 'listed'])",
    to: "new Set(['operation'])",
    suite: 'test/bot/flows/runs/create-exclusion-policy.test.ts',
  },
];
