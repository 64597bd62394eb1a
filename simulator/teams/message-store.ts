import type { Client } from './clients.ts';
import type { CardView, Message } from './types.ts';

export interface StoredMessages {
  messages: Message[];
  /** by `person client message` */
  views: [string, CardView][];
  change: number;
}

export interface OwnView {
  personId: string;
  client: Client;
  view: CardView;
}

export interface MessageStore {
  /** Increasing, looks like a Teams id: milliseconds of the virtual clock. */
  nextId(): string;
  add(message: Omit<Message, 'change' | 'revision' | 'editedAt' | 'deleted'>): Message;
  edit(id: string, content: Pick<Message, 'text' | 'summary' | 'mentions' | 'cards'>): Message;
  remove(id: string): void;
  /** Adds a person's reaction or takes it away; `false` when nothing changed. */
  react(id: string, by: string, type: string, added: boolean): boolean;
  get(id: string): Message | undefined;
  all(): Message[];
  /** Number of changes so far; a message's `change` says when it last changed for anybody. */
  version(): number;
  view(personId: string, client: Client, messageId: string): CardView | undefined;
  viewsOf(messageId: string): OwnView[];
  setView(personId: string, client: Client, messageId: string, view: CardView): void;
  snapshot(): StoredMessages;
}

export interface StoreEvents {
  /** Before an edit, or before one client's view changes. */
  replacing(message: Message, who?: { personId: string; client: Client }): void;
  changed(message: Message, kind: 'posted' | 'edited' | 'deleted' | 'reacted' | 'view', personId?: string): void;
}

export function createMessageStore(now: () => number, stored: Partial<StoredMessages> | undefined, events: StoreEvents): MessageStore {
  const messages = new Map((stored?.messages ?? []).map((message) => [message.id, message]));
  const views = new Map<string, CardView>(stored?.views ?? []);
  let change = stored?.change ?? 0;
  let lastId = Math.max(0, ...[...messages.keys()].map(Number));

  const touch = (message: Message): Message => {
    message.change = change += 1;
    return message;
  };
  const existing = (id: string): Message => {
    const message = messages.get(id);
    if (!message) throw new Error(`no message ${id}`);
    return message;
  };
  const forgetViews = (id: string): void => {
    for (const key of views.keys()) if (key.endsWith(` ${id}`)) views.delete(key);
  };
  const viewsOf = (id: string): OwnView[] =>
    [...views].flatMap(([key, view]) => {
      const [personId = '', client, messageId] = key.split(' ');
      return messageId === id ? [{ personId, client: client as Client, view }] : [];
    });

  return {
    nextId: () => {
      lastId = Math.max(Math.floor(now()), lastId + 1);
      return String(lastId);
    },
    add: (content) => {
      const message = touch({ ...content, revision: 1, editedAt: null, deleted: false, change: 0 });
      messages.set(message.id, message);
      events.changed(message, 'posted');
      return message;
    },
    edit: (id, content) => {
      events.replacing(existing(id));
      const message = Object.assign(existing(id), content);
      message.revision += 1;
      message.editedAt = now();
      forgetViews(id);
      events.changed(touch(message), 'edited');
      return message;
    },
    remove: (id) => {
      const message = Object.assign(existing(id), { text: '', summary: '', mentions: [], cards: [], deleted: true });
      forgetViews(id);
      events.changed(touch(message), 'deleted');
    },
    react: (id, by, type, added) => {
      const message = existing(id);
      const before = message.reactions ?? [];
      const others = before.filter((reaction) => reaction.by !== by || reaction.type !== type);
      if (added === others.length < before.length) return false;
      message.reactions = added ? [...others, { type, by }] : others;
      events.changed(touch(message), 'reacted');
      return true;
    },
    get: (id) => messages.get(id),
    all: () => [...messages.values()],
    version: () => change,
    view: (personId, client, id) => views.get(`${personId} ${client} ${id}`),
    viewsOf,
    setView: (personId, client, id, view) => {
      events.replacing(existing(id), { personId, client });
      views.set(`${personId} ${client} ${id}`, view);
      events.changed(touch(existing(id)), 'view', personId);
    },
    snapshot: () => ({ messages: [...messages.values()], views: [...views], change }),
  };
}
