import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createStateFile } from '../persistence.ts';
import { createRandom, seedOf } from '../random.ts';
import { createActivityMaker } from './activities.ts';
import { createActivityFrame } from './activity-frame.ts';
import { createCardActions } from './card-actions.ts';
import { createConnector } from './connector.ts';
import { connectorRoutes } from './connector-routes.ts';
import { createDelivery } from './delivery.ts';
import { createDialogs } from './dialogs.ts';
import { createInstallation, type StoredInstallation } from './installation.ts';
import { createMessageStore, type StoredMessages } from './message-store.ts';
import { sendOpenId } from './openid.ts';
import { createPace } from './pace.ts';
import { createPageEvents } from './page-events.ts';
import { pressDoors } from './page-press.ts';
import { createPageRoutes } from './page-routes.ts';
import { createPageState } from './page-state.ts';
import { talkDoors } from './page-talk.ts';
import { createRateLimits } from './rate-limits.ts';
import { createRoster, type StoredRoster } from './roster.ts';
import { createScreens } from './screens.ts';
import { createSending } from './sending.ts';
import { createSight } from './sight.ts';
import { createSigner } from './signing.ts';
import { createTeam, type StoredTeam } from './team.ts';
import { teamDoors } from './team-doors.ts';
import { createTeamEvents } from './team-events.ts';
import { createTroubles } from './troubles.ts';
import type { Activity, Message, PretendTeams, TeamsOptions } from './types.ts';

/** What outlasts a restart. */
interface StoredTeams extends StoredMessages {
  pending: Activity[];
  roster: StoredRoster;
  team: StoredTeam;
  installation: StoredInstallation;
}

// Long enough for the bot to have stored the id of what it posted before its card is fetched again.
const REFRESH_DELAY_MS = 300;

export function createPretendTeams(options: TeamsOptions): PretendTeams {
  const { clock, dataDir, bot } = options;
  const now = (): number => clock.now();
  const file = createStateFile(join(dataDir, 'teams.json'), () => ({
    ...store.snapshot(),
    pending: delivery.pending(),
    roster: roster.snapshot(),
    team: team.snapshot(),
    installation: installation.snapshot(),
  }));
  const stored = (file.load() ?? undefined) as Partial<StoredTeams> | undefined;
  const team = createTeam(options.channel, stored?.team);
  const roster = createRoster(options.people, bot, team, stored?.roster);
  const installation = createInstallation(roster, stored?.installation);
  const signer = createSigner(dataDir);
  const events = createPageEvents(clock);
  const installedTo = new Set<string>();
  let learnedUrl: string | undefined;
  // Before the server listens its address is not known yet.
  const serviceUrl = (): string | undefined => {
    const given = typeof options.serviceUrl === 'function' ? options.serviceUrl() : options.serviceUrl;
    return given && URL.canParse(given) ? given : learnedUrl;
  };

  const screens = createScreens(() => store, options.clientLagMs ?? 2_000);
  const store = createMessageStore(now, stored, {
    replacing: (message, who) => screens.replacing(message, who),
    changed: (message, kind, personId) => {
      file.changed();
      events.emit('message', { id: message.id, kind, version: message.change }, personId);
      if (kind === 'posted' || kind === 'edited') refreshForViewers(message);
    },
  });
  const frame = createActivityFrame({ team, roster, now, nextId: () => store.nextId(), serviceUrl: () => serviceUrl() ?? '' });
  const troubles = createTroubles(createRandom((options.seed ?? 1) ^ seedOf('teams')));
  const delivery = createDelivery({
    sending: createSending({ signer, appId: bot.appId, serviceUrl }),
    troubles,
    renewed: (activity) => frame.renewed(activity),
    messageTimeoutMs: options.messageTimeoutMs ?? 15_000,
    invokeTimeoutMs: options.invokeTimeoutMs ?? 10_000,
    redeliverAfterMs: options.redeliverAfterMs ?? 30_000,
    pending: stored?.pending ?? [],
    changed: () => file.changed(),
  });
  const make = createActivityMaker(frame);
  const teamEvents = createTeamEvents(frame, team, roster);
  const actions = createCardActions({ make, delivery, store, roster, now });
  const sight = createSight(team, roster, store);

  // Every client that shows the message fetches anew what its person is to see.
  function refreshForViewers(message: Message): void {
    if (!message.cards.length) return;
    const timer = setTimeout(() => {
      for (const { personId, client } of installation.inTeam() ? events.viewers() : []) {
        const member = roster.byPerson(personId);
        if (!member || message.deleted || !sight.isVisible(member, message)) continue;
        actions.refresh({ member, client }, message).catch((error: unknown) => console.error('A card could not be refreshed:', error));
      }
    }, REFRESH_DELAY_MS);
    timer.unref();
  }

  const connector = createConnector(
    connectorRoutes({ team, roster, store, installation, now, serviceUrl: () => serviceUrl() ?? '' }),
    bot.appId,
    options.tokenVerifier,
    options.limits === false ? null : createRateLimits(createPace(now)),
  );
  const changed = (): void => {
    file.changed();
    events.emit('message', { kind: 'team', version: store.version() });
  };
  const shared = { team, roster, store, installation, sight, now, make, delivery, events: teamEvents, changed, screens, actions };
  const doors = { ...talkDoors(shared), ...pressDoors({ ...shared, dialogs: createDialogs(shared) }), ...teamDoors(shared) };
  const state = createPageState({ ...shared, clock });
  const page = createPageRoutes({ roster, sight, state, events, troubles, doors });

  function setBot(messagesUrl: string): void {
    delivery.setBot(messagesUrl);
    if (installedTo.has(messagesUrl)) return;
    installedTo.add(messagesUrl);
    if (installation.inTeam()) for (const activity of teamEvents.team('add')) void delivery.deliver(activity);
  }
  if (options.messagesUrl) setBot(options.messagesUrl);

  return {
    handle: async (req: IncomingMessage, res: ServerResponse) => {
      learnedUrl ??= `http://127.0.0.1:${req.socket.localPort}/`;
      const url = URL.parse(req.url ?? '/', 'http://127.0.0.1');
      if (!url) return false;
      if (req.method === 'GET' && sendOpenId(res, url.pathname, serviceUrl() ?? learnedUrl, signer)) return true;
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
