import type { IncomingMessage, ServerResponse } from 'node:http';
import type { VirtualClock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { RequestLog } from '../request-log.ts';

export interface Person {
  name: string;
  /** Entra object id */
  id: string;
  tenantId: string;
  upn: string;
  role: string;
  isGuest: boolean;
  /** Somebody without an account: Teams tells no object id, no address and no tenant of theirs. */
  isAnonymous?: boolean;
}

export interface Channel {
  tenantId: string;
  teamId: string;
  teamName: string;
  channelId: string;
  channelName: string;
  /** Further channels of the team. General, which shares the team's id, is always there. */
  others?: readonly { id: string; name: string }[];
}

export interface Bot {
  appId: string;
  name: string;
}

export interface TeamsOptions {
  clock: VirtualClock;
  /** Requests are logged and faults applied by the server in front of `handle`, which sees every request of both servers. */
  log?: RequestLog;
  faults?: Faults;
  dataDir: string;
  channel: Channel;
  people: readonly Person[];
  bot: Bot;
  tokenVerifier: (authorization: string | undefined) => { appId: string } | null;
  messagesUrl?: string;
  /** Where the connector is reached, e.g. `http://127.0.0.1:4001/`; without it the address of the first request is taken. */
  serviceUrl?: string | (() => string | undefined);
  /** Real milliseconds Teams waits for an invoke (10,000) and for a message (15,000). */
  invokeTimeoutMs?: number;
  messageTimeoutMs?: number;
  /** Real milliseconds after which what timed out is sent again under a new id (30,000). */
  redeliverAfterMs?: number;
  /** Real milliseconds a client may still show, and press, what was replaced (2,000). */
  clientLagMs?: number;
  /** Decides which deliveries the troubles of a given rate hit. */
  seed?: number;
  /** `false` switches the rate limits off. */
  limits?: boolean;
}

export interface PretendTeams {
  /** Answers the request if it is one of Teams' routes; `false` leaves it untouched. A body read before is taken from `req.rawBody`. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  setBot(messagesUrl: string): void;
  save(): Promise<void>;
  close(): Promise<void>;
  signingKeyFile: string;
}

export type Card = Record<string, unknown>;

export interface Mention {
  id: string;
  name: string;
  /** exactly as it stands in the message text, e.g. `<at>Greenlight</at>` */
  text: string;
}

export interface Message {
  id: string;
  /** the channel's id or that of a personal chat, without `;messageid=` */
  conversation: string;
  /** id of the message that opened the thread; in a personal chat the message's own id */
  threadId: string;
  from: { id: string; name: string; isBot: boolean };
  at: number;
  editedAt: number | null;
  /** rises with each edit */
  revision: number;
  /** position in the store's sequence of changes */
  change: number;
  text: string;
  summary: string;
  mentions: Mention[];
  cards: Card[];
  deleted: boolean;
  /** What people reacted with, once each. */
  reactions?: Reaction[];
}

export interface Reaction {
  type: string;
  /** MRI */
  by: string;
}

/** A card one person sees in place of the message's own, until the message is edited. */
export interface CardView {
  at: number;
  cardIndex: number;
  card: Card;
}

export type Activity = Record<string, unknown> & { id: string; type: string };
