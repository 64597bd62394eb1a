import { guid } from '../../core/person.ts';
import { isLoopback, parseUrl } from './urls.ts';

/** Everything the Teams side needs to know about the bot's registration and where it listens. */
export interface TeamsSettings {
  /** The bot's app id (client id), a GUID. Also the only audience accepted. */
  readonly appId: string;
  /** The tenant the app is registered in. */
  readonly appTenantId: string;
  /** The app's client secret; null for a user-assigned managed identity. */
  readonly appPassword: string | null;
  /** Where the signing keys of the Bot Connector are announced. */
  readonly openIdMetadata: string;
  /** Where the bot's own tokens come from, with or without the tenant at the end. */
  readonly loginUrl: string;
  /** What the bot's own tokens are for. */
  readonly connectorScope: string;
  /** Where the Bot Connector is reached until an activity names another address. In a rehearsal the only address there is. */
  readonly serviceUrl: string;
  readonly rehearsal: boolean;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Port of the counters, on loopback only; null for none. */
  readonly metricsPort: number | null;
}

/** The only issuer of tokens that Teams sends. */
export const ISSUER = 'https://api.botframework.com';

const METADATA_HOSTS = new Set(['login.botframework.com']);
const LOGIN_HOSTS = new Set(['login.microsoftonline.com']);
const SCOPES = new Set(['https://api.botframework.com', 'https://api.botframework.com/.default']);

// The commercial and GCC clouds share issuer and login; GCC High and DoD have others and are not served.
const SERVICE_HOSTS = new Set(['smba.trafficmanager.net', 'smba.infra.gcc.teams.microsoft.com']);

/** Throws when the bot would run without authentication, or in production with addresses that are not Microsoft's. */
export function checkSettings(settings: TeamsSettings): void {
  const wrong = problems(settings);
  if (wrong.length > 0) throw new Error(`The Teams settings cannot be used: ${wrong.join(' ')}`);
}

function problems(settings: TeamsSettings): string[] {
  const found: string[] = [];
  if (guid(settings.appId) === null)
    found.push('The app id must be the GUID of the bot registration; without it nobody could be authenticated.');
  if (guid(settings.appTenantId) === null) found.push('The app tenant id must be a GUID.');
  if (settings.appPassword !== null && settings.appPassword.trim() === '') {
    found.push('The app password is blank: set it, or leave it out to use a managed identity.');
  }
  return [...found, ...(settings.rehearsal ? rehearsalProblems(settings) : productionProblems(settings))];
}

function rehearsalProblems(settings: TeamsSettings): string[] {
  const found: string[] = [];
  if (settings.appPassword === null) found.push('A rehearsal has no managed identity: give the pretend app password.');
  for (const [name, value] of Object.entries({
    'OpenID metadata': settings.openIdMetadata,
    login: settings.loginUrl,
    service: settings.serviceUrl,
  })) {
    const url = parseUrl(value);
    if (!url || !isLoopback(url)) found.push(`In a rehearsal the ${name} address must be on this machine.`);
  }
  if (!isLoopbackHost(settings.host)) found.push('A rehearsal listens on this machine only: use 127.0.0.1.');
  return found;
}

function productionProblems(settings: TeamsSettings): string[] {
  const found: string[] = [];
  if (!isOn(settings.openIdMetadata, METADATA_HOSTS))
    found.push(`The OpenID metadata must come from https://${[...METADATA_HOSTS].join(', ')}.`);
  if (!isOn(settings.loginUrl, LOGIN_HOSTS)) found.push(`The login address must be https://${[...LOGIN_HOSTS].join(', ')}.`);
  if (!SCOPES.has(settings.connectorScope)) found.push('The connector scope must be https://api.botframework.com.');
  if (!serviceUrls(settings)(settings.serviceUrl)) found.push('The service address is not one of the Bot Connector.');
  return found;
}

function isOn(raw: string, hosts: ReadonlySet<string>): boolean {
  const url = parseUrl(raw);
  return url !== null && url.protocol === 'https:' && url.port === '' && hosts.has(url.hostname);
}

function isLoopbackHost(host: string): boolean {
  return host === '127.0.0.1' || host === '::1' || host === 'localhost';
}

/** Tells whether a request goes to the Bot Connector's site: the last look before the bot's token leaves. */
export function serviceSites(settings: Pick<TeamsSettings, 'rehearsal' | 'serviceUrl'>): (url: string) => boolean {
  const isServiceUrl = serviceUrls(settings);
  const rehearsed = URL.parse(settings.serviceUrl)?.origin;
  return (raw) => {
    const origin = URL.parse(raw)?.origin;
    return settings.rehearsal ? origin !== undefined && origin === rehearsed : isServiceUrl(`${origin}/`);
  };
}

/** Tells whether an address is the Bot Connector's: a claim from outside or a stored value is compared with this before it is used. */
export function serviceUrls(settings: Pick<TeamsSettings, 'rehearsal' | 'serviceUrl'>): (raw: unknown) => raw is string {
  const bare = (raw: string): string => raw.replace(/\/+$/, '');
  return (raw): raw is string => {
    if (typeof raw !== 'string') return false;
    if (settings.rehearsal) return bare(raw) === bare(settings.serviceUrl);
    const url = parseUrl(raw);
    return url !== null && url.protocol === 'https:' && url.port === '' && SERVICE_HOSTS.has(url.hostname);
  };
}
