import { at } from './json.ts';
import type { Call, Plan, ScriptExit } from './plan.ts';
import { referredScript } from './plan.ts';

/** What the exit code of the script that a call sends means, by the plan that was signed; null when the plan does not say. */
export function exitOf({ scripts }: Pick<Plan, 'scripts'>, { body }: Pick<Call, 'body'>, exitCode: number): ScriptExit | null {
  const named = at(body, 'properties.source.script');
  const wanted = typeof named === 'string' ? referredScript(named) : null;
  return scripts.find(({ sha256 }) => sha256 === wanted)?.exits?.[String(exitCode)] ?? null;
}
