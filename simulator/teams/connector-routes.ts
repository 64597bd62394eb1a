import type { Route } from './connector.ts';
import { activityHandlers } from './connector-activities.ts';
import { memberHandlers } from './connector-members.ts';

type Sources = Parameters<typeof activityHandlers>[0];

/** What the connector answers, and what Teams counts each call as. */
export function connectorRoutes(sources: Sources): Route[] {
  const activities = activityHandlers(sources);
  const members = memberHandlers(sources);
  const conversation = '/v3/conversations/*';
  const activity = `${conversation}/activities/*`;
  return [
    { method: 'POST', path: '/v3/conversations', operation: 'connector.openConversation', scenario: 'send', handler: activities.open },
    {
      method: 'POST',
      path: `${conversation}/activities`,
      operation: 'connector.sendActivity',
      scenario: 'send',
      handler: activities.send,
    },
    { method: 'POST', path: activity, operation: 'connector.replyToActivity', scenario: 'send', handler: activities.send },
    { method: 'PUT', path: activity, operation: 'connector.editActivity', scenario: 'send', handler: activities.edit },
    { method: 'DELETE', path: activity, operation: 'connector.deleteActivity', scenario: 'send', handler: activities.remove },
    {
      method: 'GET',
      path: `${conversation}/members`,
      operation: 'connector.listMembers',
      scenario: 'allMembers',
      handler: members.members,
    },
    { method: 'GET', path: `${conversation}/members/*`, operation: 'connector.getMember', scenario: 'members', handler: members.member },
    {
      method: 'GET',
      path: `${conversation}/pagedmembers`,
      operation: 'connector.listMembersPaged',
      scenario: 'members',
      handler: members.pagedMembers,
    },
    { method: 'GET', path: '/v3/teams/*', operation: 'connector.getTeam', scenario: 'conversations', handler: members.team },
    {
      method: 'GET',
      path: '/v3/teams/*/conversations',
      operation: 'connector.listChannels',
      scenario: 'conversations',
      handler: members.channels,
    },
  ];
}
