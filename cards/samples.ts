import type { Instant } from '../core/instant.ts';
import { HOUR, MINUTE } from '../core/instant.ts';
import type { SourceLine } from './sources.ts';

/** Sun 22 Nov 2026, 09:10 in Copenhagen: when every sample card is made. */
export const sampleNow: Instant = Date.UTC(2026, 10, 22, 8, 10);

export interface Sample<View> {
  readonly name: string;
  readonly view: View;
}

/** What people and machines may be called to break a card. */
export const hostileNames: readonly string[] = [
  '[x](http://evil)',
  '<at>all</at>',
  '**bold** _srv_01_ ~~gone~~ `code`',
  '$\u007bsecret}',
  '{{DATE(2026-11-22)}} {{{x}}}',
  'srv\u202Etxt.exe\u2066\u200B\uFEFF',
  '![i](https://evil/beacon.png)\n# heading\n- item\n1. one',
  `${'very-long-name.'.repeat(700)}`,
  `${'x'.repeat(10_240)}`,
  '"},"type":"Action.OpenUrl","url":"https://evil\\',
  'a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301 \uD800 \u0000',
  '\u200B\u200D',
];

/** The worst name of all, for places where there is one. */
export const hostileName = '[x](http://evil) <at>all</at> **b** $\u007bsecret} {{DATE(x)}} \u202Etxt.exe';

export const sampleSources: readonly SourceLine[] = [
  { words: 'Inventory', source: 'Azure Resource Graph', readAt: sampleNow - 3 * MINUTE, failure: null },
  { words: 'Defender extensions', source: 'Azure Resource Graph', readAt: sampleNow - 3 * MINUTE, failure: null },
];

export const failedSources: readonly SourceLine[] = [
  ...sampleSources,
  {
    words: 'Defender for Cloud settings',
    source: 'Azure Resource Manager',
    readAt: sampleNow - 26 * HOUR,
    failure: {
      reason: 'the reader identity may not read them in subscription Finance',
      fix: 'Grant it Security Reader on the subscription.',
      since: sampleNow - 68 * MINUTE,
    },
  },
];

export const hostileSources: readonly SourceLine[] = hostileNames.map((bad) => ({
  words: bad,
  source: bad,
  readAt: null,
  failure: { reason: bad, fix: bad, since: sampleNow - HOUR },
}));
