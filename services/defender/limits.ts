import type { BudgetedRequest } from '../azure/budgets/counted.ts';
import type { Limit } from '../azure/budgets/limit.ts';

/**
 * What Microsoft publishes for the older hunting API; Graph's own numbers are UNVERIFIED: 45 calls a minute, 1,500 an hour. And for the
 * machines list: 100 a minute, 1,500 an hour. Both count over a sliding window, so a bucket and what flows into it in one window share
 * the number between them.
 */
const rows: readonly { readonly path: RegExp; readonly limits: readonly Limit[] }[] = [
  {
    path: /^\/v1\.0\/security\/runHuntingQuery$/i,
    limits: [
      { key: 'hunting an hour', rule: { size: 750, perMinute: 12.5 }, told: null },
      { key: 'hunting a minute', rule: { size: 20, perMinute: 25 }, told: null },
    ],
  },
  {
    path: /^\/api\/machines$/i,
    limits: [
      { key: 'machines an hour', rule: { size: 750, perMinute: 12.5 }, told: null },
      { key: 'machines a minute', rule: { size: 50, perMinute: 50 }, told: null },
    ],
  },
];

/** The limits of Graph and Defender that count a request. Graph publishes none for the few policies and groups that are read. */
export function defenderLimits({ path }: BudgetedRequest): readonly Limit[] {
  return rows.find((row) => row.path.test(path))?.limits ?? [];
}
