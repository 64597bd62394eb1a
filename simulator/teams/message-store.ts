import type { Activity, CardView, Message } from './types.ts';

export interface StoredTeams {
  messages: Message[];
  views: [string, CardView][];
  pending: Activity[];
  change: number;
}

export interface MessageStore {
  /** Increasing, looks like a Teams id: milliseconds of the virtual clock. */
  nextId(): string;
  add(message: Omit<Message, 'change' | 'revision' | 'editedAt' | 'deleted'>): Message;
  edit(id: string, content: Pick<Message, 'text' | 'summary' | 'mentions' | 'cards'>): Message;
  remove(id: string): void;
  get(id: string): Message | undefined;
  all(): Message[];
  /** Number of changes so far; a message's `change` says when it last changed for anybody. */
  version(): number;
  view(personId: string, messageId: string): CardView | undefined;
  setView(personId: string, messageId: string, view: CardView): void;
  snapshot(): Omit<StoredTeams, 'pending'>;
}

export interface StoreEvents {
  changed(message: Message, kind: 'posted' | 'edited' | 'deleted' | 'view', personId?: string): void;
}

export function createMessageStore(now: () => number, stored: StoredTeams | undefined, events: StoreEvents): MessageStore {
  const messages = new Map((stored?.messages ?? []).map((message) => [message.id, message]));
  const views = new Map<string, CardView>(stored?.views);
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
    get: (id) => messages.get(id),
    all: () => [...messages.values()],
    version: () => change,
    view: (personId, id) => views.get(`${personId} ${id}`),
    setView: (personId, id, view) => {
      views.set(`${personId} ${id}`, view);
      events.changed(touch(existing(id)), 'view', personId);
    },
    snapshot: () => ({ messages: [...messages.values()], views: [...views], change }),
  };
}
