import type { Machine } from '../../estates/machine.ts';

const DAY = 86_400_000;

/** A WSUS server that is up and gets through to Microsoft synchronises once a day. True when it did now (virtual ms). */
export function synchronise({ guest, vm }: Machine, now: number): boolean {
  const { wsusServer } = guest;
  if (!wsusServer || !guest.online || guest.egress === 'azure-only' || (vm !== null && vm.power !== 'running')) return false;
  // One that never did is not set up, and does not begin by itself.
  if (wsusServer.lastSync === null || now - Date.parse(wsusServer.lastSync) < DAY) return false;
  wsusServer.lastSync = new Date(now).toISOString();
  return true;
}
