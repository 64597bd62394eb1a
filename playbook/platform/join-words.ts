import type { JoinedBy } from '../../core/facts/devices.ts';

/** What is to be added where only a name ties a device to a server: unique, and still no proof. */
export function joinWords({ joinedBy }: { readonly joinedBy: JoinedBy }): string {
  return joinedBy === 'name' ? ' (found by its name alone)' : '';
}
