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
];
