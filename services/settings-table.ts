import { z } from 'zod';
import { guid } from '../core/person.ts';
import { defenderHosts } from './defender/apis.ts';
import { logLevels } from './log.ts';

/** When a setting must be given. `rehearsal`: only there, and there always. */
type Need = 'always' | 'optional' | 'rehearsal';

/** One setting: everything a person needs to fill it in, and what a good value is. */
export interface SettingRow {
  /** Headline it stands under in the example file. */
  readonly group: string;
  /** What it is. */
  readonly what: string;
  /** Where to find or make it. */
  readonly where: string;
  readonly example: string;
  readonly need: Need;
  /** A secret is never repeated in an error. */
  readonly secret: boolean;
  /** Takes the text of the setting; the message says what was expected. */
  readonly schema: z.ZodType;
}

const id = (what: string) =>
  z.string().transform((text, context) => guid(text) ?? refuse(context, `${what}, a GUID like 1b4e28ba-2fa1-4d3b-883f-0016d3cca427`));
const text = z.string().min(1);
const secret = z.string().min(8, 'at least 8 characters');
const port = z.coerce.number('a port number').int('a port number').min(0, 'a port from 0 to 65535').max(65_535, 'a port from 0 to 65535');
const loopbackUrl = z.string().refine(isLoopback, 'an address on this machine (localhost or 127.0.0.1): it is for rehearsals only');

const BOT = 'Bot registration';
const READER = 'Identity that reads Azure';
const WRITER = 'Identity that carries out signed plans';
const HOUSE = 'Greenlight itself';
const REHEARSAL = 'Only a rehearsal sets these, all of them together; production refuses to start with any of them';

const APP = 'Entra admin centre > App registrations > the app > Overview';
const SECRET = 'Entra admin centre > App registrations > the app > Certificates & secrets: the value, not the secret id';
const MANAGED = 'Leave it out to use a managed identity with this client id: safer, because there is no secret to lose';

/** Every setting there is. A new one is one row here. */
export const settingsTable = {
  MICROSOFT_APP_ID: row(
    BOT,
    'Application (client) id of the bot',
    APP,
    '1b4e28ba-2fa1-4d3b-883f-0016d3cca427',
    'always',
    id('the application id'),
  ),
  MICROSOFT_APP_TENANT_ID: row(
    BOT,
    'Tenant the bot is registered in',
    APP,
    '72f988bf-86f1-41af-91ab-2d7cd011db47',
    'always',
    id('the tenant id'),
  ),
  MICROSOFT_APP_PASSWORD: hidden(BOT, 'Client secret of the bot', SECRET, 'always', secret),

  READER_TENANT_ID: row(
    READER,
    'Tenant of the subscriptions; the tenant of the bot when left out',
    APP,
    '',
    'optional',
    id('the tenant id'),
  ),
  READER_CLIENT_ID: row(
    READER,
    'Client id of the app registration or managed identity with Reader and Security Reader on every subscription of the migration, and with the application permissions of docs/operate.md',
    APP,
    '2c5ea4c0-4067-4fe5-8e2d-2a9a0c8a5b6e',
    'always',
    id('the client id of the reader identity'),
  ),
  READER_CLIENT_SECRET: hidden(READER, `Its client secret. ${MANAGED}`, SECRET, 'optional', secret),
  DEFENDER_API_HOST: row(
    READER,
    'Host of the Defender for Endpoint API: one near the tenant’s data answers faster',
    `One of ${defenderHosts.join(', ')}`,
    defenderHosts[0],
    'optional',
    z.enum(defenderHosts, { error: `one of ${defenderHosts.join(', ')}` }),
  ),

  WRITER_TENANT_ID: row(
    WRITER,
    'Tenant of the subscriptions; the tenant of the bot when left out',
    APP,
    '',
    'optional',
    id('the tenant id'),
  ),
  WRITER_CLIENT_ID: row(
    WRITER,
    'Client id of the app registration or managed identity that may write run commands and security settings, and nothing else',
    APP,
    '3d6fb5d1-5178-40f6-9f3e-3bab1d9b6c7f',
    'always',
    id('the client id of the writer identity'),
  ),
  WRITER_CLIENT_SECRET: hidden(WRITER, `Its client secret. ${MANAGED}`, SECRET, 'optional', secret),

  MIGRATION_FILE: row(
    HOUSE,
    'The migration file (YAML)',
    'Written by the migration team; kept under review',
    './migration.yaml',
    'always',
    text,
  ),
  DATABASE_URL: hidden(
    HOUSE,
    'PostgreSQL 15 or newer, e.g. postgres://greenlight@db.example/greenlight; the embedded database in DATA_DIR when left out',
    'Your database team',
    'optional',
    z.string().regex(/^postgres(ql)?:\/\/./, 'an address that begins with postgres://'),
  ),
  DATA_DIR: row(
    HOUSE,
    'Folder for the embedded database and the witness file',
    'Any folder that is backed up',
    './data',
    'optional',
    text.default('./data'),
  ),
  LEDGER_WITNESS_FILE: row(
    HOUSE,
    'File that remembers how far the ledger had come; in DATA_DIR when left out',
    'A disk that restoring a backup of the database or of DATA_DIR leaves alone',
    '',
    'optional',
    text,
  ),
  HOST: row(HOUSE, 'Address to listen on', 'Keep the default behind a reverse proxy', '127.0.0.1', 'optional', text.default('127.0.0.1')),
  PORT: row(HOUSE, 'Port of the messages endpoint', 'Any free port', '3978', 'optional', port.default(3978)),
  METRICS_PORT: row(HOUSE, 'Port of /metrics on loopback; no metrics when left out', 'Any free port', '', 'optional', port),
  LOG_LEVEL: row(
    HOUSE,
    'How much is logged',
    `One of ${logLevels.join(', ')}`,
    'info',
    'optional',
    z.enum(logLevels, { error: `one of ${logLevels.join(', ')}` }).default('info'),
  ),

  AZURE_ENDPOINT: override('Address of the pretend Azure Resource Manager, Graph and Defender', 'https://localhost:4000', loopbackUrl),
  AZURE_AUTHORITY: override('Address of the pretend Entra', 'https://localhost:4000', loopbackUrl),
  TEAMS_SERVICE_URL: override('Address of the pretend Bot Connector', 'http://127.0.0.1:4001', loopbackUrl),
  TEAMS_OPENID_METADATA: override('Address of its signing keys', 'http://127.0.0.1:4001/v1/.well-known/openidconfiguration', loopbackUrl),
  TEAMS_LOGIN: override('Address where the bot gets its tokens', 'https://localhost:4000', loopbackUrl),
  CA_FILE: override('Certificate authority of the pretend outside (PEM)', './data/simulator/ca.pem', text),
  CLOCK_URL: override('Address of the movable clock', 'http://127.0.0.1:4001/_clock', loopbackUrl),
} as const satisfies Record<string, SettingRow>;

export type SettingName = keyof typeof settingsTable;

/** Values by name after their schemas; null for one that was left out and has no default. */
export type SettingValues = { readonly [N in SettingName]: z.output<(typeof settingsTable)[N]['schema']> | null };

export const settingNames = Object.keys(settingsTable) as readonly SettingName[];

/** The ones that turn the real outside into a pretended one. */
export const overrideNames = settingNames.filter((name) => settingsTable[name].need === 'rehearsal');

function row<S extends z.ZodType>(group: string, what: string, where: string, example: string, need: Need, schema: S) {
  return { group, what, where, example, need, secret: false, schema } as const;
}

function hidden<S extends z.ZodType>(group: string, what: string, where: string, need: Need, schema: S) {
  return { group, what, where, example: '', need, secret: true, schema } as const;
}

function override<S extends z.ZodType>(what: string, example: string, schema: S) {
  return row(REHEARSAL, what, 'Printed by npm run simulator -- --json', example, 'rehearsal', schema);
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** http or https, on a name or number that is this machine and nothing else. */
function isLoopback(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  return isThisMachine(hostname) && (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

/** A host name or number that never leaves this machine. */
export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
