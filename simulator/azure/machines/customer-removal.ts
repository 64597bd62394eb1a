import type { Machine } from '../../estates/machine.ts';
import { RESTART_NEEDED } from './feature.ts';
import type { Script } from './script.ts';
import { removeProduct } from './third-party.ts';

const REMOVES = /^# rehearsal: removes ([^\n]{1,80})$/m;

/**
 * A customer's own removal script as a rehearsal understands it: by a line of its text, `# rehearsal: removes CrowdStrike`. A parameter named Token is
 * the product's uninstall token. Null for a text that has no such line.
 */
export function customerRemoval(text: string, os: Script['os']): Script | null {
  const vendor = REMOVES.exec(text)?.[1]?.trim();
  if (vendor === undefined) return null;
  return {
    os,
    run(machine: Machine, { values, lie, now }) {
      if (lie) return { line: { removed: vendor }, changed: false };
      const { exitCode, message } = removeProduct(machine, vendor, values.get('token') ?? null, now);
      const changed = exitCode === 0 || exitCode === RESTART_NEEDED;
      return { line: { removed: changed ? vendor : null }, changed, exitCode, error: changed ? '' : message };
    },
  };
}
