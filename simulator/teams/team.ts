import { createHash } from 'node:crypto';
import type { Channel } from './types.ts';

export interface TeamChannel {
  id: string;
  name: string;
  isDeleted: boolean;
}

/** The team the app is in: its names and channels, which people may change while everything runs. */
export interface Team {
  readonly tenantId: string;
  readonly id: string;
  /** The channel of the migration, whatever became of it. */
  readonly channelId: string;
  /** As `channelData.team` shows it. */
  info(): { id: string; name: string; aadGroupId: string };
  /** The migration's channel as the page shows it. */
  shown(): Channel;
  /** Without the deleted ones. */
  channels(): TeamChannel[];
  /** A channel that exists. */
  find(id: string): TeamChannel | undefined;
  /** A deleted one. */
  deleted(id: string): TeamChannel | undefined;
  rename(name: string): void;
  create(name: string): TeamChannel;
  snapshot(): StoredTeam;
}

export interface StoredTeam {
  name: string;
  channels: TeamChannel[];
}

export const GENERAL = 'General';

export function createTeam(channel: Channel, stored?: StoredTeam): Team {
  const { tenantId, teamId, channelId } = channel;
  const first = [{ id: teamId, name: GENERAL }, ...(channel.others ?? []), { id: channelId, name: channel.channelName }];
  const all = new Map((stored?.channels ?? first.map((one) => ({ ...one, isDeleted: false }))).map((one) => [one.id, one]));
  let name = stored?.name ?? channel.teamName;

  const find = (id: string): TeamChannel | undefined => {
    const one = all.get(id);
    return one?.isDeleted ? undefined : one;
  };
  return {
    tenantId,
    id: teamId,
    channelId,
    info: () => ({ id: teamId, name, aadGroupId: groupId(teamId) }),
    shown: () => ({ tenantId, teamId, teamName: name, channelId, channelName: all.get(channelId)?.name ?? channel.channelName }),
    channels: () => [...all.values()].filter((one) => !one.isDeleted),
    find,
    deleted: (id) => (all.get(id)?.isDeleted ? all.get(id) : undefined),
    rename: (wanted) => {
      name = wanted;
    },
    create: (wanted) => {
      const digest = createHash('sha256').update([teamId, wanted, all.size].join('\n')).digest('hex').slice(0, 32);
      const made = { id: `19:${digest}@thread.tacv2`, name: wanted, isDeleted: false };
      all.set(made.id, made);
      return made;
    },
    snapshot: () => ({ name, channels: [...all.values()] }),
  };
}

// A team's Microsoft 365 group has an id of its own; one made from the team id keeps it the same after a restart.
function groupId(teamId: string): string {
  const hex = Buffer.from(teamId).toString('hex').padEnd(32, '0').slice(-32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
