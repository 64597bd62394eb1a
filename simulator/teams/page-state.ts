import type { VirtualClock } from '../clock.ts';
import type { CardActions } from './card-actions.ts';
import type { MessageStore } from './message-store.ts';
import type { Member, Roster } from './roster.ts';
import type { Channel, Message } from './types.ts';

export interface PageState {
  /** The channel as one person sees it; with `since` only the messages changed after that version. */
  read(me: Member, since: number): Record<string, unknown>;
}

export function createPageState(deps: {
  channel: Channel;
  roster: Roster;
  store: MessageStore;
  clock: VirtualClock;
  actions: CardActions;
}): PageState {
  const { channel, roster, store, clock, actions } = deps;

  function show(me: Member, message: Message): Record<string, unknown> {
    const mine = store.view(me.id, message.id);
    const { id, threadId, from, at, text, summary, mentions, revision, deleted } = message;
    return {
      id,
      threadId,
      place: message.conversation === channel.channelId ? 'channel' : 'chat',
      from: { name: from.name, id: from.id, isBot: from.isBot },
      at,
      edited: message.editedAt !== null,
      editedAt: message.editedAt,
      text,
      summary,
      mentions: mentions.map((mention) => ({ ...mention, isMe: mention.id === me.mri })),
      mentionsMe: mentions.some((mention) => mention.id === me.mri),
      cards: message.cards.map((card, index) => (mine?.cardIndex === index ? mine.card : card)),
      view: mine ? 'mine' : 'base',
      refreshes: actions.wantsRefresh(me, message),
      revision,
      deleted,
    };
  }

  return {
    read: (me, since) => ({
      me: person(me),
      people: roster.members.map(person),
      bot: { id: roster.botId, name: roster.botName },
      channel,
      clock: clock.read(),
      rehearsal: true,
      version: store.version(),
      messages: store
        .all()
        .filter(
          (message) => message.change > since && (message.conversation === channel.channelId || message.conversation === roster.chatOf(me)),
        )
        .map((message) => show(me, message)),
    }),
  };
}

function person({ name, id, mri, role, upn, isGuest, tenantId }: Member): Record<string, unknown> {
  return { name, id, mri, role, upn, isGuest, tenantId };
}
