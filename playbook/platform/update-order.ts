import type { OperatingSystem } from '../../core/machine.ts';
import { hasPackagedSensor } from '../operating-systems.ts';
import { PLATFORM_KB, PREREQUISITES, SENSOR_KB } from './known-updates.ts';

/**
 * What has to be on a server before what comes behind it is offered or goes in: the servicing stack first. (microsoft/mdefordownlevelserver,
 * Install.ps1; Defender for Endpoint: onboard-server.)
 */
const IN_ORDER: { readonly [O in OperatingSystem]?: readonly (readonly string[])[] } = {
  'windows-server-2012-r2': [['KB2919442'], ['KB2919355'], ['KB2959977', 'KB3068708']],
  'windows-server-2016': [['KB5005698'], ['KB4457127']],
};

/** KB numbers that an installation asks for by name, beside classifications. */
export interface UpdateOrder {
  /** Each group in an installation of its own, in this order. */
  readonly before: readonly (readonly string[])[];
  /** With all the rest, at the end. */
  readonly last: readonly string[];
}

/**
 * In which order what is pending goes in. Defender’s own updates are asked for whether they are listed or not: they come and go every few days, and
 * a plan that named them only while they are would not be the same plan when it runs.
 */
export function updateOrder(os: OperatingSystem | null, pending: readonly string[]): UpdateOrder {
  const missing = new Set(pending.filter((kb) => PREREQUISITES.has(kb)));
  const groups = (os === null ? undefined : IN_ORDER[os]) ?? [];
  const before = groups.map((group) => group.filter((kb) => missing.has(kb))).filter((group) => group.length > 0);
  const own = hasPackagedSensor(os) ? [PLATFORM_KB, SENSOR_KB] : [PLATFORM_KB];
  return { before, last: [...[...missing].filter((kb) => !before.flat().includes(kb)).toSorted(), ...own] };
}
