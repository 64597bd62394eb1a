import type { Guest, RebootReason } from '../../estates/guest.ts';

/** Notes that the machine wants a restart, and where Windows notes it. */
export function awaitReboot(guest: Guest, reason: RebootReason): void {
  if (!guest.rebootPending) guest.rebootReasons = [];
  guest.rebootPending = true;
  if (!guest.rebootReasons.includes(reason)) guest.rebootReasons.push(reason);
}

/** Where a pending restart is noted; a machine that only says it wants one has it from Windows Update. */
export function rebootReasons(guest: Guest): RebootReason[] {
  if (!guest.rebootPending) return [];
  return guest.rebootReasons.length > 0 ? guest.rebootReasons : ['wu'];
}
