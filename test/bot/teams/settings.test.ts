import { createConversationReference } from '../../../bot/teams/conversation-reference.ts';
import { checkSettings, serviceSites, serviceUrls, type TeamsSettings } from '../../../bot/teams/settings.ts';
import { TENANT } from './support/activities.ts';
import { setUp } from './support/setup.ts';
import { APP_ID } from './support/tokens.ts';

const production: TeamsSettings = {
  appId: APP_ID,
  appTenantId: TENANT,
  appPassword: 'secret',
  openIdMetadata: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  loginUrl: 'https://login.microsoftonline.com',
  connectorScope: 'https://api.botframework.com',
  serviceUrl: 'https://smba.trafficmanager.net/teams/',
  rehearsal: false,
  host: '0.0.0.0',
  port: 3978,
  metricsPort: null,
};
const rehearsal: TeamsSettings = {
  ...production,
  openIdMetadata: 'http://127.0.0.1:4001/v1/.well-known/openidconfiguration',
  loginUrl: 'https://localhost:4000',
  serviceUrl: 'http://127.0.0.1:4001/',
  rehearsal: true,
  host: '127.0.0.1',
};

it('accepts what is meant', () => {
  expect(() => checkSettings(production)).not.toThrow();
  expect(() => checkSettings({ ...production, appPassword: null })).not.toThrow();
  expect(() => checkSettings(rehearsal)).not.toThrow();
});

it.each(['', ' ', 'app', '00000000-0000-0000-0000-000000000000'])('T10: does not start with the app id "%s"', async (appId) => {
  expect(() => checkSettings({ ...production, appId })).toThrow(/app id/);
  await expect(setUp({ settings: { appId } })).rejects.toThrow(/app id/);
});

it.each<Partial<TeamsSettings>>([
  { openIdMetadata: rehearsal.openIdMetadata },
  { openIdMetadata: 'http://login.botframework.com/v1' },
  { openIdMetadata: 'https://login.botframework.com.evil.example/v1' },
  { openIdMetadata: 'https://login.botframework.com:8443/v1' },
  { loginUrl: 'https://localhost:4000' },
  { loginUrl: 'https://login.microsoftonline.com@evil.example' },
  { connectorScope: 'https://evil.example' },
  { serviceUrl: 'http://127.0.0.1:4001/' },
])('T11: does not start in production with %j', (over) => {
  expect(() => checkSettings({ ...production, ...over })).toThrow(/cannot be used/);
});

it.each<Partial<TeamsSettings>>([
  { openIdMetadata: production.openIdMetadata },
  { loginUrl: production.loginUrl },
  { serviceUrl: production.serviceUrl },
  { host: '0.0.0.0' },
  { appPassword: null },
  { appPassword: ' ' },
])('a rehearsal stays on this machine: %j', (over) => {
  expect(() => checkSettings({ ...rehearsal, ...over })).toThrow(/cannot be used/);
});

describe('T07: an address of the Bot Connector', () => {
  it.each([
    'https://smba.trafficmanager.net/emea/',
    'https://smba.trafficmanager.net/amer/',
    `https://smba.trafficmanager.net/emea/${TENANT}/`,
  ])('%s is one', (url) => {
    expect(serviceUrls(production)(url)).toBe(true);
    expect(serviceSites(production)(`${url}v3/conversations/19%3Aa%40thread.tacv2%3Bmessageid%3D1/activities`)).toBe(true);
  });

  it.each([
    'http://smba.trafficmanager.net/emea/',
    'https://user@smba.trafficmanager.net/emea/',
    'https://user:p@smba.trafficmanager.net/',
    'https://smba.trafficmanager.net:8443/emea/',
    'https://smba.trafficmanager.net./emea/',
    'https://smba.trafficmanager.net.evil.example/',
    'https://evil.example/smba.trafficmanager.net/',
    'https://smba.trafficmanager.nеt/',
    'https://smba.trafficmanager.net\\@evil.example/',
    'https://smba.trafficmanager.net/emea/?x=1',
    'https://smba.trafficmanager.net/emea/#x',
    ' https://smba.trafficmanager.net/emea/',
    'https://smba.trafficmanager.net/\n',
    'https:smba.trafficmanager.net',
    'https://127.0.0.1/',
    'https://[::1]/',
    '',
    null,
    ['https://smba.trafficmanager.net/emea/'],
  ])('%j is not', (url) => {
    expect(serviceUrls(production)(url)).toBe(false);
  });
});

describe('T60: a stored address', () => {
  const reference = (stored: unknown, saved: unknown[] = []) =>
    createConversationReference({
      settings: production,
      load: async () => stored as never,
      save: async (value) => {
        saved.push(value);
      },
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    });

  it('is used when it is one of Microsoft', async () => {
    expect(await reference({ serviceUrl: 'https://smba.trafficmanager.net/emea/' }).serviceUrl()).toBe(
      'https://smba.trafficmanager.net/emea/',
    );
    expect(await reference(null).serviceUrl()).toBe(production.serviceUrl);
  });

  it.each([{ serviceUrl: 'https://evil.example/' }, { serviceUrl: 7 }, {}, [], 'x'])(
    'that was tampered with is not used: %j',
    async (stored) => {
      expect(await reference(stored).serviceUrl()).toBeNull();
    },
  );

  it('is replaced by that of the next activity', async () => {
    const saved: unknown[] = [];
    const one = reference({ serviceUrl: 'https://evil.example/' }, saved);
    await one.seen('https://smba.trafficmanager.net/amer/');
    await one.seen('https://smba.trafficmanager.net/amer/');
    expect(await one.serviceUrl()).toBe('https://smba.trafficmanager.net/amer/');
    expect(saved).toEqual([{ serviceUrl: 'https://smba.trafficmanager.net/amer/' }]);
  });
});
