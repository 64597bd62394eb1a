import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActivityMaker } from './activities.ts';
import type { CardActions, PressedAction } from './card-actions.ts';
import type { Delivery } from './delivery.ts';
import { HttpError, readJson, sendError, sendJson } from './http.ts';
import { markMentions } from './mentions.ts';
import type { MessageStore } from './message-store.ts';
import type { PageEvents } from './page-events.ts';
import type { PageState } from './page-state.ts';
import type { Member, Roster } from './roster.ts';
import { serveStatic } from './static-files.ts';
import type { Channel, Message } from './types.ts';
import { type Json, record, text } from './values.ts';

export interface PageDeps {
  channel: Channel;
  roster: Roster;
  store: MessageStore;
  now: () => number;
  make: ActivityMaker;
  delivery: Delivery;
  actions: CardActions;
  state: PageState;
  events: PageEvents;
}

export interface PageRoutes {
  handle(req: IncomingMessage, res: ServerResponse, url: URL): Promise<boolean>;
}

const LONGEST_TEXT = 128_000;

export function createPageRoutes(deps: PageDeps): PageRoutes {
  const { channel, roster, store, now, make, delivery, actions, state, events } = deps;

  const speaker = (as: unknown): Member => {
    const member = roster.byPerson(text(as));
    if (!member) throw new HttpError(404, 'PersonNotFound', 'Nobody with this id is in the channel; see people in /_page/state.');
    return member;
  };
  const seen = (member: Member, id: unknown): Message => {
    const message = store.get(text(id));
    const visible = message && !message.deleted && [channel.channelId, roster.chatOf(member)].includes(message.conversation);
    if (!message || !visible) throw new HttpError(404, 'ActivityNotFound', 'There is no such message.');
    return message;
  };

  async function say(body: Json): Promise<unknown> {
    const member = speaker(body['as']);
    const typed = text(body['text']).trim();
    if (!typed || typed.length > LONGEST_TEXT) throw new HttpError(400, 'BadSyntax', `Say something of up to ${LONGEST_TEXT} characters.`);
    const answered = body['replyTo'] === undefined || body['replyTo'] === null ? undefined : seen(member, body['replyTo']);
    const inChat = answered ? answered.conversation !== channel.channelId : body['to'] === 'chat';
    const id = store.nextId();
    const message = store.add({
      id,
      conversation: inChat ? roster.chatOf(member) : channel.channelId,
      threadId: inChat ? id : (answered?.threadId ?? id),
      from: { id: member.mri, name: member.name, isBot: false },
      at: now(),
      summary: '',
      cards: [],
      ...markMentions(typed, roster),
    });
    if (!inChat && !message.mentions.some((mention) => mention.id === roster.botId)) {
      return { activityId: id, delivered: false, detail: `the message does not mention ${roster.botName}` };
    }
    return { activityId: id, ...(await delivery.deliver(make.message(member, message, answered?.threadId))) };
  }

  async function press(body: Json): Promise<unknown> {
    const member = speaker(body['as']);
    const { type, id, title, verb, data } = record(body['action']);
    const action: PressedAction = {
      type: text(type),
      ...(typeof id === 'string' ? { id } : {}),
      ...(typeof title === 'string' ? { title } : {}),
      ...(typeof verb === 'string' ? { verb } : {}),
      ...(data === undefined ? {} : { data }),
    };
    return actions.press(member, seen(member, body['activityId']), action, record(body['inputs']));
  }

  async function open(body: Json): Promise<unknown> {
    const member = speaker(body['as']);
    const message = seen(member, body['activityId']);
    const answer = await actions.refresh(member, message);
    const mine = store.view(member.id, message.id) !== undefined;
    return { refreshed: answer !== null, ...(answer ?? { status: 200, type: 'none', value: null }), view: mine ? 'mine' : 'base' };
  }

  const posts: Record<string, (body: Json) => Promise<unknown>> = { '/_page/say': say, '/_page/press': press, '/_page/open': open };

  async function answer(req: IncomingMessage, res: ServerResponse, url: URL): Promise<boolean> {
    const action = posts[url.pathname];
    if (action) {
      if (req.method !== 'POST') throw new HttpError(405, 'MethodNotAllowed', 'Use POST.');
      sendJson(res, 200, await action(await readJson(req)));
      return true;
    }
    if (req.method !== 'GET') return false;
    if (url.pathname === '/_page/state') {
      const as = url.searchParams.get('as') ?? roster.members[0]?.id;
      sendJson(res, 200, state.read(speaker(as), Number(url.searchParams.get('since') ?? 0) || 0));
      return true;
    }
    if (url.pathname === '/_page/events') {
      events.watch(speaker(url.searchParams.get('as')).id, res);
      return true;
    }
    return serveStatic(url.pathname, res);
  }

  return {
    handle: async (req, res, url) => {
      try {
        if (url.pathname.startsWith('/_page/')) checkHost(req);
        return await answer(req, res, url);
      } catch (error) {
        sendError(res, error);
        return true;
      }
    },
  };
}

// Another site's name that resolves to loopback must not speak for the people here.
function checkHost(req: IncomingMessage): void {
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(req.headers.host ?? '')) {
    throw new HttpError(403, 'Forbidden', 'The page answers on the loopback address only.');
  }
}
