import { z } from 'zod';
import type { EdrAssessment } from '../../core/facts/devices.ts';

/** The names of the two findings of agentless scanning: a product should be there, and it should be set up well. */
export const EDR_ASSESSMENTS = {
  presence: '06e3a6db-6c0c-4ad9-943f-31d9d73ecf6c',
  configuration: 'dc5357d0-3858-4d17-a1a3-072840bff5be',
} as const;

const findingSchema = z.object({
  name: z.string().min(1),
  code: z.string().min(1),
  cause: z.string().nullish(),
  additional: z.record(z.string(), z.unknown()).nullish(),
});
export type EdrFinding = z.output<typeof findingSchema>;

/** One of the two findings; null for anything of another shape. */
export function edrFinding(value: unknown): EdrFinding | null {
  const parsed = findingSchema.safeParse(value);
  if (!parsed.success) return null;
  return Object.values(EDR_ASSESSMENTS).some((name) => name === parsed.data.name.toLowerCase()) ? parsed.data : null;
}

/** What the findings of one machine say together: what is wrong before what is well, and whether a product is there before how it is set up. */
export function edrFacts(findings: readonly EdrFinding[]): EdrAssessment {
  const ranked = findings.toSorted((a, b) => rank(a) - rank(b));
  const [first] = ranked;
  if (!first) return { assessed: false };
  return {
    assessed: true,
    code: first.code,
    cause: first.cause ?? '',
    product: ranked.map(productOf).find((name) => name !== null) ?? null,
  };
}

const CODES = ['unhealthy', 'healthy'];

function rank({ code, name }: EdrFinding): number {
  const place = CODES.indexOf(code.toLowerCase());
  return (place < 0 ? CODES.length : place) * 2 + (name.toLowerCase() === EDR_ASSESSMENTS.presence ? 0 : 1);
}

/** Under which key an assessment names the product is not documented: the first that speaks of EDR or a solution. UNVERIFIED. */
function productOf({ additional }: EdrFinding): string | null {
  const found = Object.entries(additional ?? {}).find(([key, value]) => /edr|solution|product/i.test(key) && typeof value === 'string');
  const name = typeof found?.[1] === 'string' ? found[1].trim() : '';
  return name === '' || /^(none|unknown|n\/a)$/i.test(name) ? null : name;
}
