import { existsSync } from 'node:fs';
import type { DefenderHost } from './defender/apis.ts';
import type { LogLevel } from './log.ts';
import type { SettingName, SettingValues } from './settings-table.ts';
import { isThisMachine, overrideNames, settingNames, settingsTable } from './settings-table.ts';

/** An application identity. Without a secret it is a managed identity. */
export interface IdentitySettings {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
}

/** Where a rehearsal finds its pretended outside; every address is on this machine. */
export interface RehearsalSettings {
  readonly azureEndpoint: string;
  readonly azureAuthority: string;
  readonly teamsServiceUrl: string;
  readonly teamsOpenidMetadata: string;
  readonly teamsLogin: string;
  readonly caFile: string;
  readonly clockUrl: string;
}

/** All settings, checked. */
export interface Settings {
  readonly mode: 'production' | 'rehearsal';
  readonly bot: { readonly appId: string; readonly tenantId: string; readonly password: string };
  readonly reader: IdentitySettings;
  readonly writer: IdentitySettings;
  /** Null: the general one. */
  readonly defenderHost: DefenderHost | null;
  readonly migrationFile: string;
  /** Null: the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** Where acknowledged ledger heads are remembered; null: in `dataDir`. */
  readonly witnessFile: string | null;
  readonly host: string;
  readonly port: number;
  readonly metricsPort: number | null;
  readonly logLevel: LogLevel;
  /** Set in a rehearsal, null in production. */
  readonly rehearsal: RehearsalSettings | null;
}

export type ParsedSettings =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly errors: readonly string[] };

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings out of an environment; every error at once, each naming the setting and where to find its value. */
export function parseSettings(env: Environment): ParsedSettings {
  const given = settingNames.filter((name) => textOf(env, name) !== '');
  const overrides = overrideNames.filter((name) => given.includes(name));
  const rehearsal = overrides.length > 0;
  const errors: string[] = [];
  const values = Object.fromEntries(settingNames.map((name) => [name, readOne(env, name, errors)])) as unknown as SettingValues;
  const missing = overrideNames.filter((name) => !overrides.includes(name));
  if (rehearsal && missing.length > 0) {
    errors.push(
      `${overrides.join(', ')}: only a rehearsal sets ${overrides.length === 1 ? 'this' : 'these'}, together with ${missing.join(', ')}. For production remove ${overrides.length === 1 ? 'it' : 'them'}.`,
    );
  }
  if (rehearsal) errors.push(...inProduction(env), ...missingSecrets(values), ...openHost(values));
  errors.push(...sharedIdentities(values));
  if (rehearsal && errors.length === 0 && !existsSync(values.CA_FILE as string)) errors.push('CA_FILE: there is no such file.');
  return errors.length > 0 ? { ok: false, errors } : { ok: true, settings: settingsOf(values, rehearsal) };
}

/** True when somebody filled in at least one setting that production needs: then it is meant to be production, or a rehearsal by hand. */
export function hasSettings(env: Environment): boolean {
  return settingNames.some((name) => settingsTable[name].need === 'always' && name !== 'MIGRATION_FILE' && textOf(env, name) !== '');
}

function textOf(env: Environment, name: SettingName): string {
  return env[name]?.trim() ?? '';
}

function readOne(env: Environment, name: SettingName, errors: string[]): unknown {
  const { schema, need, what, where, secret } = settingsTable[name];
  const text = textOf(env, name);
  if (text === '') {
    if (need === 'always') errors.push(`${name} is missing. ${what}. Where: ${where}.`);
    return schema.safeParse(undefined).data ?? null;
  }
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  const expected = parsed.error.issues[0]?.message ?? 'another value';
  const found = secret ? '' : ` It is ${JSON.stringify(text.slice(0, 200))}.`;
  errors.push(`${name}: expected ${expected}.${found} Where: ${where}.`);
  return null;
}

/** Pretended keys and a pretended Azure have no place in what is meant to be production. */
function inProduction(env: Environment): readonly string[] {
  if (env['NODE_ENV']?.trim().toLowerCase() !== 'production') return [];
  return [`NODE_ENV is production, where no rehearsal runs. Remove ${overrideNames.join(', ')}; or for a rehearsal remove NODE_ENV.`];
}

/** There is no managed identity in a rehearsal. */
function missingSecrets(values: SettingValues): readonly string[] {
  const names = ['READER_CLIENT_SECRET', 'WRITER_CLIENT_SECRET'] as const;
  return names.flatMap((name) => (values[name] === null ? [`${name} is missing: a rehearsal has no managed identities.`] : []));
}

/** The pretended outside is nobody else's business. */
function openHost({ HOST }: SettingValues): readonly string[] {
  return HOST === null || isThisMachine(HOST) ? [] : ['HOST: a rehearsal listens on this machine only (127.0.0.1).'];
}

/** Whoever reads must not be able to write, and the bot's own registration must not reach Azure. */
function sharedIdentities(values: SettingValues): readonly string[] {
  const names = ['MICROSOFT_APP_ID', 'READER_CLIENT_ID', 'WRITER_CLIENT_ID'] as const;
  return names.flatMap((name, index) => {
    const same = names.slice(0, index).find((other) => values[other] !== null && values[other] === values[name]);
    return same
      ? [`${name} must not be the same as ${same}: each identity may do its own part and nothing else. Make a separate one.`]
      : [];
  });
}

function settingsOf(values: SettingValues, rehearsal: boolean): Settings {
  const v = values as { readonly [N in SettingName]: Exclude<SettingValues[N], null> };
  return {
    mode: rehearsal ? 'rehearsal' : 'production',
    bot: { appId: v.MICROSOFT_APP_ID, tenantId: v.MICROSOFT_APP_TENANT_ID, password: v.MICROSOFT_APP_PASSWORD },
    reader: {
      tenantId: values.READER_TENANT_ID ?? v.MICROSOFT_APP_TENANT_ID,
      clientId: v.READER_CLIENT_ID,
      clientSecret: values.READER_CLIENT_SECRET,
    },
    writer: {
      tenantId: values.WRITER_TENANT_ID ?? v.MICROSOFT_APP_TENANT_ID,
      clientId: v.WRITER_CLIENT_ID,
      clientSecret: values.WRITER_CLIENT_SECRET,
    },
    defenderHost: values.DEFENDER_API_HOST,
    migrationFile: v.MIGRATION_FILE,
    databaseUrl: values.DATABASE_URL,
    dataDir: v.DATA_DIR,
    witnessFile: values.LEDGER_WITNESS_FILE,
    host: v.HOST,
    port: v.PORT,
    metricsPort: values.METRICS_PORT,
    logLevel: v.LOG_LEVEL,
    rehearsal: rehearsal
      ? {
          azureEndpoint: v.AZURE_ENDPOINT,
          azureAuthority: v.AZURE_AUTHORITY,
          teamsServiceUrl: v.TEAMS_SERVICE_URL,
          teamsOpenidMetadata: v.TEAMS_OPENID_METADATA,
          teamsLogin: v.TEAMS_LOGIN,
          caFile: v.CA_FILE,
          clockUrl: v.CLOCK_URL,
        }
      : null,
  };
}
