import { createRequire } from 'node:module';
import type { ServiceClientCredentialsFactory } from 'botframework-connector';
import {
  JwtTokenProviderFactory,
  ManagedIdentityServiceClientCredentialsFactory,
  MsalServiceClientCredentialsFactory,
} from 'botframework-connector';
import { guid } from '../../core/person.ts';
import type { TeamsSettings } from './settings.ts';

type Msal = {
  ConfidentialClientApplication: new (configuration: object) => ConstructorParameters<typeof MsalServiceClientCredentialsFactory>[1];
};

/** The bot's own sign-in: a secret through MSAL, or its managed identity. */
export function createCredentials(settings: TeamsSettings): ServiceClientCredentialsFactory {
  const { appId, appPassword } = settings;
  if (appPassword === null) return new ManagedIdentityServiceClientCredentialsFactory(appId, new JwtTokenProviderFactory());
  const { ConfidentialClientApplication } = connectorsMsal();
  const authority = authorityOf(settings);
  // MSAL asks Microsoft about an authority it does not know; the pretend one is known by definition.
  const knownAuthorities = settings.rehearsal ? [new URL(authority).host] : [];
  return new MsalServiceClientCredentialsFactory(
    appId,
    new ConfidentialClientApplication({ auth: { clientId: appId, clientSecret: appPassword, authority, knownAuthorities } }),
  );
}

/** The login address with the tenant at its end. */
export function authorityOf(settings: Pick<TeamsSettings, 'loginUrl' | 'appTenantId'>): string {
  const base = settings.loginUrl.replace(/\/+$/, '');
  return guid(base.split('/').at(-1)) === null ? `${base}/${settings.appTenantId}` : base;
}

// The connector works with its own, older copy of MSAL: one of another version would not be understood.
function connectorsMsal(): Msal {
  const here = createRequire(import.meta.url);
  return createRequire(here.resolve('botframework-connector'))('@azure/msal-node') as Msal;
}
