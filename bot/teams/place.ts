import type { Channel } from '../../core/migration.ts';
import type { InboundActivity } from './activity.ts';

/** Where an activity comes from, seen from the migration: its channel (with the thread), its team, or anywhere else. */
export type Place =
  | { readonly kind: 'channel'; readonly threadId: string | null }
  | { readonly kind: 'team' }
  | { readonly kind: 'elsewhere' };

const ELSEWHERE: Place = { kind: 'elsewhere' };

/** The tenant was checked before; here every id the activity bears must agree. */
export function placeOf(activity: InboundActivity, channel: Channel): Place {
  const { conversation, channelData } = activity;
  const isChannel = (conversation.conversationType ?? 'channel') === 'channel';
  if (!isChannel || !isOurTeam(channelData, channel.teamId)) return ELSEWHERE;
  const [base, thread, ...rest] = conversation.id.split(';messageid=');
  const named = [channelData.channel?.id, channelData.teamsChannelId].filter((id) => id != null);
  if (base === channel.channelId && rest.length === 0 && named.every((id) => id === channel.channelId)) {
    return { kind: 'channel', threadId: thread || null };
  }
  return channelData.team?.id == null ? ELSEWHERE : { kind: 'team' };
}

// A team is known by its thread id and by that of its group; the migration file may name either.
function isOurTeam({ team, teamsTeamId }: InboundActivity['channelData'], ours: string): boolean {
  const named = [team?.id, teamsTeamId].filter((id) => id != null);
  return team?.aadGroupId === ours ? new Set(named).size <= 1 : named.every((id) => id === ours);
}
