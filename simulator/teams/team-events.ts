import type { ActivityFrame } from './activity-frame.ts';
import type { Member, Roster } from './roster.ts';
import type { Team, TeamChannel } from './team.ts';
import type { Activity } from './types.ts';

export type TeamChange = 'channelCreated' | 'channelRenamed' | 'channelDeleted' | 'channelRestored' | 'teamRenamed';

/** What Teams tells a bot about the team it is in and about its own installation. */
export interface TeamEvents {
  /** The app was added to the team, or taken out of it. */
  team(action: 'add' | 'remove'): Activity[];
  personal(action: 'add' | 'remove', member: Member): Activity[];
  joined(member: Member): Activity[];
  left(member: Member): Activity[];
  changed(eventType: TeamChange, channel?: TeamChannel): Activity[];
}

export function createTeamEvents(frame: ActivityFrame, team: Team, roster: Roster): TeamEvents {
  // Somebody has to have done it; a team without anybody left tells nothing.
  const byOwner = (make: (owner: Member) => Activity[]): Activity[] => {
    const owner = roster.members.find((member) => member.role === 'owner') ?? roster.members[0];
    return owner ? make(owner) : [];
  };
  const inChannel = (id: string): object => ({ isGroup: true, conversationType: 'channel', tenantId: team.tenantId, id });
  const tenant = { id: team.tenantId };
  const bot = { id: roster.botId };
  const memberEvent = (change: object, eventType: string): Activity[] =>
    byOwner((owner) => [
      {
        ...frame.base('conversationUpdate', owner),
        conversation: inChannel(team.id),
        ...change,
        channelData: { team: team.info(), eventType, tenant },
      },
    ]);
  const account = ({ mri, id, isAnonymous }: Member): object => ({ id: mri, ...(isAnonymous ? {} : { aadObjectId: id }) });

  return {
    team: (action) =>
      byOwner((owner) => {
        const conversation = inChannel(team.channelId);
        const channel = { id: team.channelId };
        const common = { tenant, team: team.info(), channel, settings: { selectedChannel: channel } };
        const [members, eventType] = action === 'add' ? ['membersAdded', 'teamMemberAdded'] : ['membersRemoved', 'teamMemberRemoved'];
        return [
          { ...frame.base('installationUpdate', owner), action, conversation, channelData: { ...common, source: { name: 'message' } } },
          { ...frame.base('conversationUpdate', owner), conversation, [members as string]: [bot], channelData: { ...common, eventType } },
        ];
      }),
    personal: (action, member) => {
      const conversation = { conversationType: 'personal', tenantId: team.tenantId, id: roster.chatOf(member) };
      const channelData = { tenant };
      return [
        { ...frame.base('installationUpdate', member), action, conversation, channelData: { ...channelData, source: { name: 'message' } } },
        ...(action === 'add' ? [{ ...frame.base('conversationUpdate', member), conversation, membersAdded: [bot], channelData }] : []),
      ];
    },
    joined: (member) => memberEvent({ membersAdded: [account(member)] }, 'teamMemberAdded'),
    left: (member) => memberEvent({ membersRemoved: [account(member)] }, 'teamMemberRemoved'),
    changed: (eventType, channel) =>
      byOwner((owner) => [
        {
          ...frame.base('conversationUpdate', owner),
          conversation: inChannel(team.id),
          channelData: { ...(channel ? { channel: { id: channel.id, name: channel.name } } : {}), team: team.info(), eventType, tenant },
        },
      ]),
  };
}
