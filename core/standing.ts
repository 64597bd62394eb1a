import { canonical } from './canonical.ts';
import { sha256 } from './hash.ts';
import type { Json } from './json.ts';
import { at } from './json.ts';
import type { Plan } from './plan.ts';
import { callsOf, referredScript } from './plan.ts';

/**
 * Why a run may not use a standing sign-off, or null when it is exactly what was signed for: the same action and scripts, in the same scope
 * of the same migration, by the same rules, and nothing that changes a machine. Only the machines found in the scope may differ.
 */
export function outsideStanding(standing: Plan, child: Plan): string | null {
  const same = (field: keyof Plan) => canonical(standing[field] as Json) === canonical(child[field] as Json);
  if (standing.standing === null || child.standing !== null) return 'it is not a standing sign-off';
  if (child.class !== 'read-only') return 'it changes machines';
  if (standing.tidies !== child.tidies) return 'what is deleted after a run differs from what was signed';
  const differs = (['action', 'scope', 'scripts', 'executor', 'channel', 'class'] as const).find((field) => !same(field));
  if (differs) return `its ${differs} differs from what was signed`;
  if (standing.migration.id !== child.migration.id) return 'it belongs to another migration';
  if (child.targets.some(({ sequence, makeSafe }) => makeSafe.length > 0 || sequence.some((item) => item.do === 'change')))
    return 'it changes machines';
  const signed = new Set(standing.scripts.map((script) => script.sha256));
  const foreign = callsOf(child).some(({ call }) => {
    const script = at(call.body, 'properties.source.script');
    return call.settles !== 'run-command' || typeof script !== 'string' || !signed.has(referredScript(script) ?? sha256(script));
  });
  return foreign ? 'it runs a script that was not signed' : null;
}
