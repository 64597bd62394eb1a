import { LAST_ROLLUP, PREREQUISITES } from './platform/known-updates.ts';

/**
 * KB numbers the Windows probe looks for, because a step asks for them. Windows lists here what came as a servicing package: KB4052623
 * (antivirus platform) and KB5005292 (sensor) never appear (UNVERIFIED), so their absence says nothing.
 */
export const ASKED_HOTFIXES: readonly string[] = [...PREREQUISITES, LAST_ROLLUP.free.kb].toSorted();
