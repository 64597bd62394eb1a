import type { VirtualClock } from '../clock.ts';
import type { Actor, CardActions } from './card-actions.ts';
import type { Installation } from './installation.ts';
import type { MessageStore } from './message-store.ts';
import type { Member, Roster } from './roster.ts';
import type { Screens } from './screens.ts';
import type { Sight } from './sight.ts';
import type { Team } from './team.ts';
import type { Message } from './types.ts';

export interface PageState {
  /** The team as one client of one person sees it; with `since` only the messages changed after that version. */
  read(actor: Actor, since: number): Record<string, unknown>;
}

export function createPageState(deps: {
  team: Team;
  roster: Roster;
  store: MessageStore;
  installation: Installation;
  clock: VirtualClock;
  actions: CardActions;
  screens: Screens;
  sight: Sight;
}): PageState {
  const { team, roster, store, installation, clock, actions, screens, sight } = deps;

  function show({ member: me, client }: Actor, message: Message): Record<string, unknown> {
    const mine = store.view(me.id, client, message.id);
    const { id, threadId, from, at, text, summary, mentions, revision, deleted, conversation, reactions = [] } = message;
    return {
      id,
      threadId,
      place: placeOf(conversation, team),
      ...(team.find(conversation) ? { channelId: conversation } : {}),
      from: { name: from.name, id: from.id, isBot: from.isBot },
      at,
      edited: message.editedAt !== null,
      editedAt: message.editedAt,
      text,
      summary,
      mentions: mentions.map((mention) => ({ ...mention, isMe: mention.id === me.mri })),
      mentionsMe: mentions.some((mention) => mention.id === me.mri),
      cards: screens.cards(me, client, message),
      view: mine ? 'mine' : 'base',
      refreshes: actions.wantsRefresh(me, message),
      revision,
      deleted,
      reactions: reactions.map(({ type, by }) => ({ type, by })),
    };
  }

  return {
    read: (actor, since) => ({
      me: person(actor.member),
      people: roster.members.map(person),
      bot: { id: roster.botId, name: roster.botName },
      channel: team.shown(),
      channels: team.channels().map(({ id, name }) => ({ id, name })),
      installed: { team: installation.inTeam(), chat: installation.forPerson(actor.member) },
      clock: clock.read(),
      rehearsal: true,
      version: store.version(),
      messages: store
        .all()
        .filter((message) => message.change > since && sight.isVisible(actor.member, message))
        .map((message) => show(actor, message)),
    }),
  };
}

function placeOf(conversation: string, team: Team): 'channel' | 'elsewhere' | 'chat' {
  if (conversation === team.channelId) return 'channel';
  return team.find(conversation) ? 'elsewhere' : 'chat';
}

function person({ name, id, mri, role, upn, isGuest, tenantId }: Member): Record<string, unknown> {
  return { name, id, mri, role, upn, isGuest, tenantId };
}
