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
];
