import type { InForce } from '../../bot/flows/file/in-force.ts';
import type { Migration } from '../../core/migration.ts';

/** A migration file that lies on disk as it counts, and never changes by itself: what a flow needs that is about something else. */
export function inForceOf(migration: () => Migration): InForce {
  return {
    get written() {
      return migration();
    },
    since: null,
    waits: false,
    accepts: (fileHash) => fileHash === migration().fileHash,
    isCurrent: async () => true,
    refresh: async () => undefined,
    look: async () => null,
    settle: () => undefined,
    hashOnDisk: () => migration().fileHash,
  };
}
