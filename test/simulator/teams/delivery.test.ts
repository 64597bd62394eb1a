import { readFileSync, statSync } from 'node:fs';
import { createRemoteJWKSet, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import {
  ANA,
  APP_ID,
  asBot,
  CHANNEL,
  call,
  EVE,
  type FakeBot,
  type Json,
  type Outside,
  openBot,
  openTeams,
  START,
  TENANT,
  until,
} from './outside.ts';

const say = (outside: Outside, body: Json) => call('POST', `${outside.url}_page/say`, body);
const ofType = (bot: FakeBot, type: string) => bot.received.map(({ activity }) => activity).filter((activity) => activity['type'] === type);

describe('what the pretend Teams sends to the bot', () => {
  let outside: Outside;
  let bot: FakeBot;

  beforeEach(async () => {
    bot = await openBot();
    outside = await openTeams();
    outside.teams.setBot(bot.url);
    await until(() => bot.received.length === 2);
  });
  afterEach(async () => {
    await outside.close();
    await bot.close();
  });

  test('announces the installation once: installationUpdate and conversationUpdate', async () => {
    outside.teams.setBot(bot.url);
    await say(outside, { as: ANA.id, text: '@Greenlight hello' });
    expect(bot.received).toHaveLength(3);
    expect(ofType(bot, 'installationUpdate')[0]).toMatchObject({ action: 'add', channelData: { team: { id: CHANNEL } } });
    expect(ofType(bot, 'conversationUpdate')[0]).toMatchObject({ membersAdded: [{ id: `28:${APP_ID}` }] });
  });

  test('signs with a token that the published keys verify, bound to bot and service URL', async () => {
    const metadata = await call('GET', `${outside.url}v1/.well-known/openidconfiguration`);
    expect(metadata.body['issuer']).toBe('https://api.botframework.com');
    const keys = await call('GET', metadata.body['jwks_uri'] as string);
    expect(keys.body['keys']).toMatchObject([
      { kty: 'RSA', alg: 'RS256', endorsements: ['msteams'] },
      { kty: 'RSA', alg: 'RS256', endorsements: expect.not.arrayContaining(['msteams']) },
    ]);
    expect(JSON.stringify(keys.body)).not.toContain('"d"');
    const token = bot.received[0]?.authorization.replace('Bearer ', '') ?? '';
    const jwks = createRemoteJWKSet(new URL(metadata.body['jwks_uri'] as string));
    const { payload } = await jwtVerify(token, jwks, { issuer: 'https://api.botframework.com', audience: APP_ID });
    expect(payload['serviceurl']).toBe(outside.url);
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    expect(bot.received[0]?.activity['serviceUrl']).toBe(outside.url);
  });

  test('leaves a private key file, readable by its owner only, that signs what the published keys verify', async () => {
    expect(statSync(outside.teams.signingKeyFile).mode & 0o777).toBe(0o600);
    const jwk = JSON.parse(readFileSync(outside.teams.signingKeyFile, 'utf8')) as JWK;
    const token = await new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid: jwk.kid ?? '' }).sign(await importJWK(jwk, 'RS256'));
    await expect(jwtVerify(token, createRemoteJWKSet(new URL(`${outside.url}v1/keys`)))).resolves.toBeDefined();
  });

  test('delivers a channel message that mentions the bot, shaped as Teams shapes it', async () => {
    const { body } = await say(outside, { as: ANA.id, text: '@greenlight are we ready?' });
    expect(body).toMatchObject({ delivered: true, activityId: expect.stringMatching(/^\d{13}$/) });
    expect(ofType(bot, 'message')[0]).toMatchObject({
      id: body['activityId'],
      channelId: 'msteams',
      text: '<at>Greenlight</at> are we ready?',
      timestamp: new Date(START).toISOString(),
      from: { id: expect.stringMatching(/^29:/), name: 'Ana Diaz', aadObjectId: ANA.id },
      recipient: { id: `28:${APP_ID}`, name: 'Greenlight' },
      conversation: {
        isGroup: true,
        conversationType: 'channel',
        tenantId: TENANT,
        id: `${CHANNEL};messageid=${body['activityId'] as string}`,
      },
      channelData: {
        teamsChannelId: CHANNEL,
        teamsTeamId: CHANNEL,
        tenant: { id: TENANT },
        team: { id: CHANNEL },
        channel: { id: CHANNEL },
      },
      entities: [
        { type: 'mention', mentioned: { id: `28:${APP_ID}`, name: 'Greenlight' }, text: '<at>Greenlight</at>' },
        { type: 'clientInfo' },
      ],
    });
  });

  test('keeps a channel message without a mention from the bot', async () => {
    const { body } = await say(outside, { as: ANA.id, text: 'Greenlight, someone@Greenlight.example, nothing for you' });
    expect(body).toMatchObject({ delivered: false });
    expect(ofType(bot, 'message')).toEqual([]);
    const state = await call('GET', `${outside.url}_page/state?as=${EVE.id}`);
    expect(state.body['messages']).toMatchObject([{ id: body['activityId'], from: { name: 'Ana Diaz', isBot: false }, view: 'base' }]);
  });

  test('puts a reply into the thread it answers', async () => {
    const root = await say(outside, { as: ANA.id, text: 'who has the list?' });
    const reply = await say(outside, { as: EVE.id, text: '@Greenlight show it', replyTo: root.body['activityId'] });
    expect(ofType(bot, 'message')[0]).toMatchObject({ conversation: { id: `${CHANNEL};messageid=${root.body['activityId'] as string}` } });
    const { body } = await call('GET', `${outside.url}_page/state?as=${ANA.id}`);
    expect((body['messages'] as Json[])[1]).toMatchObject({ id: reply.body['activityId'], threadId: root.body['activityId'] });
  });

  test('delivers a personal chat without a mention, as a personal conversation that nobody else sees', async () => {
    await say(outside, { as: ANA.id, text: 'just between us', to: 'chat' });
    expect(ofType(bot, 'message')[0]).toMatchObject({ conversation: { conversationType: 'personal', id: expect.stringMatching(/^a:/) } });
    expect((await call('GET', `${outside.url}_page/state?as=${EVE.id}`)).body['messages']).toEqual([]);
  });

  test('waits with the first delivery until its own address is known', async () => {
    let known = '/';
    const early = await openTeams({ messagesUrl: bot.url, serviceUrl: () => known });
    const before = bot.received.length;
    known = 'http://127.0.0.1:1/';
    await until(() => bot.received.length === before + 2);
    expect(bot.received.at(-1)?.activity['serviceUrl']).toBe(known);
    await early.close();
  });

  test('does not send a refused message again', async () => {
    bot.status = 403;
    const { body } = await say(outside, { as: ANA.id, text: '@Greenlight hello' });
    expect(body).toMatchObject({ delivered: false, detail: 'the bot answered 403' });
    await outside.teams.save();
    expect(JSON.parse(readFileSync(`${outside.dataDir}/teams.json`, 'utf8'))).toMatchObject({ pending: [] });
  });

  test('sends to a bot that was away, in the order things were said', async () => {
    const port = Number(new URL(bot.url).port);
    await bot.close();
    for (const text of ['@Greenlight one', '@Greenlight two']) {
      expect((await say(outside, { as: ANA.id, text })).body).toMatchObject({ delivered: false });
    }
    bot = await openBot(port);
    await until(() => bot.received.length === 2);
    expect(bot.received.map(({ activity }) => activity['text'])).toEqual(['<at>Greenlight</at> one', '<at>Greenlight</at> two']);
  });

  test('remembers messages, key and what is still to be sent over a restart', async () => {
    await bot.close();
    await say(outside, { as: ANA.id, text: '@Greenlight after the restart?' });
    await asBot(outside, 'POST', `v3/conversations/${encodeURIComponent(CHANNEL)}/activities`, { type: 'message', text: 'kept' });
    const before = await call('GET', `${outside.url}v1/keys`);
    await outside.close();
    outside = await openTeams({ dataDir: outside.dataDir });
    expect(await call('GET', `${outside.url}v1/keys`)).toEqual(before);
    const { body } = await call('GET', `${outside.url}_page/state?as=${ANA.id}`);
    expect((body['messages'] as Json[]).map((message) => message['text'])).toEqual(['<at>Greenlight</at> after the restart?', 'kept']);
    bot = await openBot();
    outside.teams.setBot(bot.url);
    await until(() => ofType(bot, 'message').length === 1);
  });
});
