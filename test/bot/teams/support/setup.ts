import type { Inbox, Press, PressReply, Said } from '../../../../bot/flows/inbox.ts';
import type { TeamsSettings } from '../../../../bot/teams/settings.ts';
import { createTeamsHost, type TeamsHost } from '../../../../bot/teams/teams-host.ts';
import type { Json } from '../../../../core/json.ts';
import type { Log, OutgoingMessage } from '../../../../core/ports.ts';
import { CHANNEL, type Loose, member, TENANT } from './activities.ts';
import { type PretendLogin, startPretendLogin } from './pretend-login.ts';
import { type PretendTeams, startPretendTeams } from './pretend-teams.ts';
import { APP_ID, createSigner, newKeyPair, type Signer } from './tokens.ts';

export interface Setup {
  host: TeamsHost;
  teams: PretendTeams;
  login: PretendLogin;
  signer: Signer;
  said: Said[];
  pressed: Press[];
  logged: string[];
  saved: Json[];
  inbox: { said(said: Said): Promise<OutgoingMessage | null>; pressed(press: Press): Promise<PressReply> };
  /** Sends an activity signed as Teams would. */
  act(activity: unknown, claims?: Loose): Promise<Response>;
  close(): Promise<void>;
}

export const SECRET = 'canary-secret-of-the-bot';

export function words(text: string, over: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { card: null, text, mentions: [], replyTo: null, ...over };
}

export interface SetupOptions {
  settings?: Partial<TeamsSettings>;
  patience?: number;
  stored?: Json;
  ready?: () => Promise<{ ok: boolean; detail: Record<string, boolean | string> }>;
}

let keyPair: ReturnType<typeof newKeyPair> | undefined;

/** The real host between pretend Teams and a pretend inbox, all on loopback. */
export async function setUp(options: SetupOptions = {}): Promise<Setup> {
  const teams = await startPretendTeams();
  const login = await startPretendLogin();
  keyPair ??= newKeyPair();
  const signer = await createSigner(() => teams.url, 'key-1', await keyPair);
  teams.keys = [{ ...signer.jwk, endorsements: ['msteams', 'webchat'] }];
  teams.members = [member()];
  const [said, pressed, logged, saved]: [Said[], Press[], string[], Json[]] = [[], [], [], []];
  const note =
    (level: string): Log['info'] =>
    (text, data) =>
      logged.push(`${level} ${text} ${JSON.stringify(data ?? {})}`);
  const answers: Setup['inbox'] = {
    said: async ({ text }) => words(`you said: ${text}`),
    pressed: async ({ verb }) => ({ kind: 'message', text: `you pressed ${verb}` }),
  };
  const inbox: Inbox = {
    said: (one) => {
      said.push(one);
      return answers.said(one);
    },
    pressed: (one) => {
      pressed.push(one);
      return answers.pressed(one);
    },
    broke: (reference) => words(`Something broke. Reference ${reference}.`),
  };
  let references = 0;
  const host = await createTeamsHost({
    settings: {
      appId: APP_ID,
      appTenantId: TENANT,
      appPassword: SECRET,
      openIdMetadata: teams.metadataUrl,
      loginUrl: login.url,
      connectorScope: 'https://api.botframework.com',
      serviceUrl: teams.url,
      rehearsal: true,
      host: '127.0.0.1',
      port: 0,
      metricsPort: 0,
      ...options.settings,
    },
    channel: CHANNEL,
    inbox: () => inbox,
    clock: { now: () => 1_763_800_000_000 },
    ids: { nonce: () => 'f'.repeat(32), reference: () => `REF${String(++references).padStart(5, '0')}` },
    log: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
    loadReference: async () => options.stored ?? null,
    saveReference: async (reference) => {
      saved.push(reference);
    },
    ready: options.ready ?? (async () => ({ ok: true, detail: { store: true } })),
    ...(options.patience === undefined ? {} : { patience: options.patience }),
  }).catch(async (error: unknown) => {
    await Promise.all([teams.close(), login.close()]);
    throw error;
  });
  await host.listen();
  return {
    host,
    teams,
    login,
    signer,
    said,
    pressed,
    logged,
    saved,
    inbox: answers,
    act: async (activity, claims = {}) => post(host, activity, `Bearer ${await signer.sign(claims)}`),
    close: async () => {
      await host.close();
      await Promise.all([teams.close(), login.close()]);
    },
  };
}

/** Posts a body to the messages endpoint with any authorization. */
export function post(
  host: TeamsHost,
  body: unknown,
  authorization: string | null,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${host.url}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization === null ? {} : { authorization }), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Waits until something holds; the test's own time limit ends it otherwise. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
