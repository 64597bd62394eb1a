import type { Mutant } from './mutant.ts';

const suite = 'test/playbook/actions.test.ts';
const deploying = 'test/playbook/actions/deploy-defender-extension.test.ts';
const assigning = 'test/playbook/actions/assign-defender-initiative.test.ts';

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
    name: 'any mode of Defender counts as active',
    file: 'playbook/actions/activation.ts',
    from: "{ path: 'defender.mode', equals: 'Normal', words: 'Defender is in mode Normal' },",
    to: '',
    suite,
  },
  {
    name: 'one look without the old product is enough',
    file: 'playbook/platform/third-party-gone.ts',
    from: 'if (lastBoot <= cleanSince) return',
    to: 'if (lastBoot < 0) return',
    suite,
  },
  {
    name: 'Defender is deployed to Windows without a proven key',
    file: 'playbook/actions/onboarding.ts',
    from: "if (platform === 'linux' || passiveKey === 1) return null;",
    to: 'return null;',
    suite: deploying,
  },
  {
    name: 'Defender is deployed on an old look',
    file: 'playbook/actions/onboarding.ts',
    from: "if (guest.state === 'unread' || now - guest.observedAt > evidenceKinds.guest.maxAge) {",
    to: "if (guest.state === 'unread') {",
    suite: deploying,
  },
  {
    name: 'an extension that succeeded counts as a passive engine',
    file: 'playbook/actions/deploy-defender-extension.ts',
    from: "{ ...extensionSucceeded('extension'), safe: false },",
    to: "extensionSucceeded('extension'),",
    suite: deploying,
  },
  {
    name: 'the initiative is assigned enforced',
    file: 'playbook/actions/assign-defender-initiative.ts',
    from: "there?.enforcement === 'Default' ? 'Default' : 'DoNotEnforce'",
    to: "'Default'",
    suite: assigning,
  },
  {
    name: 'the initiative is enforced while a machine has no proven key',
    file: 'playbook/actions/assign-defender-initiative.ts',
    from: 'return unpreparedAmong(within, snapshot, now);',
    to: 'return null;',
    suite: assigning,
  },
  {
    name: 'machines outside the ring are deployed to',
    file: 'playbook/actions/assign-defender-initiative.ts',
    from: 'const reached = within.filter(({ id }) => wanted.has(id));',
    to: 'const reached = within.filter(({ id }) => wanted.has(id) || true);',
    suite: assigning,
  },
];
