import type { Expectation } from '../../core/expectation.ts';
import type { MachineFacts } from '../../core/machine.ts';
import { activeOn } from './activation.ts';

/** In these Defender Antivirus looks on, and another product may protect (Microsoft, “Defender Antivirus compatibility”). */
const LOOKING_ON = ['Passive Mode', 'SxS Passive Mode', 'EDR Block Mode', 'Not running'] as const;

/** Exactly one engine is active: Defender with no other product running, or another product with Defender looking on. */
export function oneEngine(machine: MachineFacts): readonly Expectation[] {
  const running = { path: 'thirdParty', words: 'another product runs' } as const;
  return [
    {
      words: 'exactly one engine is active: Defender alone, or the old product with Defender looking on',
      either: [
        [...activeOn(machine), { ...running, hasNo: { running: true }, words: 'no other product runs' }],
        [
          { ...running, has: { running: true } },
          { path: 'defender.mode', oneOf: LOOKING_ON, words: 'Defender looks on' },
        ],
      ],
    },
    // Where it could not look at services, it does not know which run.
    { path: 'unchecked', hasNo: 'services', words: 'the services could be looked at' },
  ];
}
