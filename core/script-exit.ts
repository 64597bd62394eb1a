import type { Call, Plan, ScriptExit } from './plan.ts';
import { scriptOf } from './plan.ts';

/** What the exit code of the script that a call sends means, by the plan that was signed; null when the plan does not say. */
export function exitOf({ scripts }: Pick<Plan, 'scripts'>, call: Pick<Call, 'body'>, exitCode: number): ScriptExit | null {
  const sent = scriptOf(call);
  return scripts.find(({ sha256 }) => sha256 === sent)?.exits?.[String(exitCode)] ?? null;
}
