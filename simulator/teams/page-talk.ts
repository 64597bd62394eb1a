import type { ActivityMaker } from './activities.ts';
import type { Actor } from './card-actions.ts';
import type { Delivered, Delivery } from './delivery.ts';
import { HttpError } from './http.ts';
import type { Installation } from './installation.ts';
import { markMentions } from './mentions.ts';
import type { MessageStore } from './message-store.ts';
import type { Member, Roster } from './roster.ts';
import type { Sight } from './sight.ts';
import type { Team } from './team.ts';
import type { TeamEvents } from './team-events.ts';
import type { Activity, Message } from './types.ts';
import { type Json, text } from './values.ts';

/** What a request to the page's doors does; the answer is JSON. */
export type PageDoor = (body: Json) => Promise<unknown>;

export interface TalkDeps {
  team: Team;
  roster: Roster;
  store: MessageStore;
  installation: Installation;
  sight: Sight;
  now: () => number;
  make: ActivityMaker;
  events: TeamEvents;
  delivery: Delivery;
  changed: () => void;
}

const LONGEST_TEXT = 128_000;
// All that Teams knows ("Message reaction events").
const REACTIONS = new Set(['like', 'heart', 'laugh', 'surprised', 'sad', 'angry']);

/** What people write: messages, edits, deletions, reactions. */
export function talkDoors(deps: TalkDeps): Record<string, PageDoor> {
  const { team, roster, store, installation, sight, now, make, events, delivery } = deps;
  const isChat = (message: Message): boolean => roster.byChat(message.conversation) !== undefined;
  const mentionsBot = (message: Message): boolean => message.mentions.some((mention) => mention.id === roster.botId);

  /** Why the bot does not hear of something in this message's place; null when it does. */
  function deaf(member: Member, message: Message): string | null {
    if (!isChat(message)) return installation.inTeam() ? null : 'the app is not installed in the team';
    return installation.isBlockedBy(member) ? 'the bot is blocked in this chat' : null;
  }

  async function tell(member: Member, message: Message, make: () => Activity): Promise<Delivered> {
    const reason = deaf(member, message);
    return reason ? { delivered: false, detail: reason } : delivery.deliver(make());
  }

  function placeOf(body: Json, member: Member): { conversation: string; threadId?: string } {
    if (body['replyTo'] !== undefined && body['replyTo'] !== null) {
      const answered = sight.seen(member, body['replyTo']);
      return isChat(answered) ? { conversation: answered.conversation } : answered;
    }
    if (body['to'] === 'chat') return { conversation: roster.chatOf(member) };
    const id = body['channel'] === undefined ? team.channelId : text(body['channel']);
    if (!team.find(id)) throw new HttpError(404, 'ChannelNotFound', 'There is no such channel; see channels in /_page/state.');
    return { conversation: id };
  }

  // Who writes to a bot for the first time adds its app by that.
  async function addForPerson(member: Member): Promise<void> {
    if (installation.forPerson(member)) return;
    installation.setPerson(member, true);
    deps.changed();
    for (const activity of events.personal('add', member)) await delivery.deliver(activity);
  }

  async function say(body: Json): Promise<unknown> {
    const { member, client } = sight.actor(body);
    const words = spoken(body);
    const { conversation, threadId } = placeOf(body, member);
    const id = store.nextId();
    const from = { id: member.mri, name: member.name, isBot: false };
    const marked = markMentions(words, roster);
    const message = store.add({ id, conversation, threadId: threadId ?? id, from, at: now(), summary: '', cards: [], ...marked });
    if (isChat(message)) {
      if (deaf(member, message) === null) await addForPerson(member);
    } else if (!mentionsBot(message)) {
      return { activityId: id, delivered: false, detail: `the message does not mention ${roster.botName}` };
    }
    return { activityId: id, ...(await tell(member, message, () => make.message(member, message, client))) };
  }

  function own({ member }: Actor, body: Json): Message {
    const message = sight.seen(member, body['activityId']);
    if (message.from.id !== member.mri) throw new HttpError(403, 'Forbidden', 'People change only what they wrote themselves.');
    return message;
  }

  return {
    '/_page/say': say,
    '/_page/edit': async (body) => {
      const actor = sight.actor(body);
      const before = own(actor, body);
      const heard = isChat(before) || mentionsBot(before);
      const message = store.edit(before.id, { summary: '', cards: [], ...markMentions(spoken(body), roster) });
      if (!heard && !mentionsBot(message)) return { delivered: false, detail: `the message does not mention ${roster.botName}` };
      return tell(actor.member, message, () => make.edited(actor.member, message));
    },
    '/_page/delete': async (body) => {
      const actor = sight.actor(body);
      const message = own(actor, body);
      const heard = isChat(message) || mentionsBot(message);
      store.remove(message.id);
      if (!heard) return { delivered: false, detail: `the message did not mention ${roster.botName}` };
      return tell(actor.member, message, () => make.deleted(actor.member, message));
    },
    '/_page/react': async (body) => {
      const { member } = sight.actor(body);
      const message = sight.seen(member, body['activityId']);
      const type = text(body['type']);
      if (!REACTIONS.has(type)) throw new HttpError(400, 'BadSyntax', `type must be one of ${[...REACTIONS].join(', ')}.`);
      const added = body['remove'] !== true;
      const changed = store.react(message.id, member.mri, type, added);
      if (!changed || !message.from.isBot) return { delivered: false, detail: 'nothing the bot hears of' };
      return tell(member, message, () => make.reaction(member, message, added ? { added: type } : { removed: type }));
    },
  };
}

function spoken(body: Json): string {
  const words = text(body['text']).trim();
  if (words && words.length <= LONGEST_TEXT) return words;
  throw new HttpError(400, 'BadSyntax', `Say something of up to ${LONGEST_TEXT} characters.`);
}
