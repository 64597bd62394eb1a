import type { Instant } from '../../core/instant.ts';
import type { MachineFacts } from '../../core/machine.ts';

/** What of a machine tells which device is its own. Ids in lower case. */
export type JoinableMachine = Pick<MachineFacts, 'id' | 'name' | 'kind' | 'vmId' | 'fqdn'>;

/** What of a device tells whose it is. Ids in lower case, null where Defender does not say. */
export interface JoinableDevice {
  readonly deviceId: string;
  /** Full or host name as the device calls itself. */
  readonly name: string;
  readonly resourceId: string | null;
  readonly vmId: string | null;
  /** The device it turned out to be. */
  readonly mergedInto: string | null;
  /** Defender or a person marked it: a potential duplicate, or excluded. */
  readonly setAside: boolean;
  readonly firstSeen: Instant | null;
  readonly lastSeen: Instant | null;
}
