import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createStateFile } from '../persistence.ts';
import { createActivityMaker } from './activities.ts';
import { createCardActions } from './card-actions.ts';
import { createConnector } from './connector.ts';
import { activityHandlers } from './connector-activities.ts';
import { memberHandlers } from './connector-members.ts';
import { createDelivery } from './delivery.ts';
import { sendJson } from './http.ts';
import { createMessageStore, type StoredTeams } from './message-store.ts';
import { createPageEvents } from './page-events.ts';
import { createPageRoutes } from './page-routes.ts';
import { createPageState } from './page-state.ts';
import { createRoster } from './roster.ts';
import { createSigner, ISSUER } from './signing.ts';
import type { Message, PretendTeams, TeamsOptions } from './types.ts';

// Long enough for the bot to have stored the id of what it posted before its card is fetched again.
const REFRESH_DELAY_MS = 300;

export function createPretendTeams(options: TeamsOptions): PretendTeams {
  const { clock, channel, dataDir } = options;
  const now = (): number => clock.now();
  const roster = createRoster(options.people, options.bot, channel);
  const signer = createSigner(dataDir);
  const events = createPageEvents(clock);
  const installedTo = new Set<string>();
  let learnedUrl: string | undefined;
  // Before the server listens its address is not known yet.
  const serviceUrl = (): string | undefined => {
    const given = typeof options.serviceUrl === 'function' ? options.serviceUrl() : options.serviceUrl;
    return given && URL.canParse(given) ? given : learnedUrl;
  };

  const file = createStateFile(join(dataDir, 'teams.json'), () => ({ ...store.snapshot(), pending: delivery.pending() }));
  const stored = (file.load() ?? undefined) as StoredTeams | undefined;
  const store = createMessageStore(now, stored, {
    changed: (message, kind, personId) => {
      file.changed();
      events.emit('message', { id: message.id, kind, version: message.change }, personId);
      if (kind === 'posted' || kind === 'edited') refreshForViewers(message);
    },
  });
  const delivery = createDelivery({
    signer,
    appId: options.bot.appId,
    serviceUrl,
    messageTimeoutMs: options.messageTimeoutMs ?? 15_000,
    invokeTimeoutMs: options.invokeTimeoutMs ?? 10_000,
    pending: stored?.pending ?? [],
    changed: () => file.changed(),
  });
  const make = createActivityMaker({ channel, roster, now, nextId: () => store.nextId(), serviceUrl: () => serviceUrl() ?? '' });
  const actions = createCardActions({ make, delivery, store, roster, now });

  function refreshForViewers(message: Message): void {
    if (!message.cards.length) return;
    const timer = setTimeout(() => {
      for (const id of events.viewers()) {
        const member = roster.byPerson(id);
        if (member) actions.refresh(member, message).catch((error: unknown) => console.error('A card could not be refreshed:', error));
      }
    }, REFRESH_DELAY_MS);
    timer.unref();
  }

  const activities = activityHandlers({ channel, roster, store, now, serviceUrl: () => serviceUrl() ?? '' });
  const members = memberHandlers(channel, roster, store);
  const connector = createConnector(
    [
      { method: 'POST', path: '/v3/conversations', operation: 'connector.openConversation', handler: activities.open },
      { method: 'POST', path: '/v3/conversations/*/activities', operation: 'connector.sendActivity', handler: activities.send },
      { method: 'POST', path: '/v3/conversations/*/activities/*', operation: 'connector.replyToActivity', handler: activities.send },
      { method: 'PUT', path: '/v3/conversations/*/activities/*', operation: 'connector.editActivity', handler: activities.edit },
      { method: 'DELETE', path: '/v3/conversations/*/activities/*', operation: 'connector.deleteActivity', handler: activities.remove },
      { method: 'GET', path: '/v3/conversations/*/members', operation: 'connector.listMembers', handler: members.members },
      { method: 'GET', path: '/v3/conversations/*/members/*', operation: 'connector.getMember', handler: members.member },
      { method: 'GET', path: '/v3/conversations/*/pagedmembers', operation: 'connector.listMembersPaged', handler: members.pagedMembers },
      { method: 'GET', path: '/v3/teams/*', operation: 'connector.getTeam', handler: members.team },
      { method: 'GET', path: '/v3/teams/*/conversations', operation: 'connector.listChannels', handler: members.channels },
    ],
    options.bot.appId,
    options.tokenVerifier,
  );
  const state = createPageState({ channel, roster, store, clock, actions });
  const page = createPageRoutes({ channel, roster, store, now, make, delivery, actions, state, events });

  function setBot(messagesUrl: string): void {
    delivery.setBot(messagesUrl);
    if (installedTo.has(messagesUrl)) return;
    installedTo.add(messagesUrl);
    for (const activity of make.installed()) void delivery.deliver(activity);
  }
  if (options.messagesUrl) setBot(options.messagesUrl);

  function openId(res: ServerResponse, path: string, base: string): boolean {
    if (path === '/v1/.well-known/keys' || path === '/v1/keys') sendJson(res, 200, { keys: [signer.publicKey] });
    else if (path === '/v1/.well-known/openidconfiguration') {
      sendJson(res, 200, {
        issuer: ISSUER,
        authorization_endpoint: 'https://invalid.botframework.com',
        jwks_uri: `${base}v1/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
      });
    } else return false;
    return true;
  }

  return {
    handle: async (req: IncomingMessage, res: ServerResponse) => {
      learnedUrl ??= `http://127.0.0.1:${req.socket.localPort}/`;
      const url = URL.parse(req.url ?? '/', 'http://127.0.0.1');
      if (!url) return false;
      if (req.method === 'GET' && openId(res, url.pathname, serviceUrl() ?? learnedUrl)) return true;
      return (await connector.handle(req, res, url)) || page.handle(req, res, url);
    },
    setBot,
    save: async () => file.save(),
    close: async () => {
      delivery.close();
      events.close();
      file.close();
    },
    signingKeyFile: signer.keyFile,
  };
}
