import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What the simulator says of itself when it is ready. */
export interface Outside {
  readonly azure: string;
  readonly teams: string;
  readonly page: string;
  readonly identities: Readonly<Record<'reader' | 'writer' | 'bot', Identity>>;
  readonly botAppId: string;
  readonly caFile: string;
  readonly teamsSigningKeyFile: string;
  readonly channel: { readonly tenantId: string; readonly teamId: string; readonly channelId: string };
  readonly people: readonly { readonly name: string; readonly id: string; readonly role: string }[];
  readonly migrationFile: string;
  readonly pid: number;
}

interface Identity {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const READY_WITHIN_MS = 60_000;

/** The rehearsal that is running on this data folder, or null. */
export async function findOutside(dataDir: string): Promise<Outside | null> {
  const file = memoryFile(dataDir);
  if (!existsSync(file)) return null;
  try {
    const outside = JSON.parse(readFileSync(file, 'utf8')) as Outside;
    const answer = await fetch(new URL('_health', outside.page), { signal: AbortSignal.timeout(2_000) });
    const health = (await answer.json()) as { pid?: number };
    return health.pid === outside.pid ? outside : null;
  } catch {
    return null;
  }
}

/** Starts the pretend Azure and Teams as a process of their own; on the addresses they had before, if there are such. */
export async function startOutside(dataDir: string, args: readonly string[]): Promise<Outside> {
  const home = join(dataDir, 'outside');
  mkdirSync(home, { recursive: true });
  const script = fileURLToPath(new URL('../simulator/main.ts', import.meta.url));
  const outside = await launch(script, ['--json', '--data', home, '--parent', String(process.pid), ...lastPort(dataDir), ...args]).catch(
    (error) => {
      if (lastPort(dataDir).length === 0) throw error;
      return launch(script, ['--json', '--data', home, '--parent', String(process.pid), ...args]);
    },
  );
  // Holds the identities' secrets of a pretend Azure; still nobody else's business.
  writeFileSync(memoryFile(dataDir), `${JSON.stringify(outside)}\n`, { mode: 0o600 });
  return outside;
}

/** Tells the pretend Teams where the bot listens. */
export async function introduceBot(outside: Outside, messages: string): Promise<void> {
  const body = JSON.stringify({ messages });
  const answer = await fetch(new URL('_bot', outside.page), { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  if (!answer.ok) throw new Error(`the pretend Teams did not take the bot's address: ${answer.status}`);
}

/** The settings a rehearsal has instead of a person's. */
export function rehearsalEnvironment(outside: Outside, env: NodeJS.ProcessEnv): Record<string, string> {
  const { reader, writer, bot } = outside.identities;
  return {
    MICROSOFT_APP_ID: outside.botAppId,
    MICROSOFT_APP_TENANT_ID: bot.tenantId,
    MICROSOFT_APP_PASSWORD: bot.clientSecret,
    READER_TENANT_ID: reader.tenantId,
    READER_CLIENT_ID: reader.clientId,
    READER_CLIENT_SECRET: reader.clientSecret,
    WRITER_TENANT_ID: writer.tenantId,
    WRITER_CLIENT_ID: writer.clientId,
    WRITER_CLIENT_SECRET: writer.clientSecret,
    MIGRATION_FILE: env['MIGRATION_FILE'] ?? outside.migrationFile,
    AZURE_ENDPOINT: outside.azure,
    AZURE_AUTHORITY: outside.azure,
    TEAMS_SERVICE_URL: `${outside.teams}/`,
    TEAMS_OPENID_METADATA: `${outside.teams}/v1/.well-known/openidconfiguration`,
    TEAMS_LOGIN: `${outside.azure}/${bot.tenantId}`,
    CA_FILE: outside.caFile,
    CLOCK_URL: `${outside.teams}/_clock`,
    PORT: env['PORT'] ?? '0',
    LOG_LEVEL: env['LOG_LEVEL'] ?? 'warn',
  };
}

function launch(script: string, args: readonly string[]): Promise<Outside> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const timer = setTimeout(() => child.kill(), READY_WITHIN_MS);
    child.once('exit', (code) =>
      reject(new Error(`starting the pretend Azure and Teams: the process ended (${code}) before it was ready`)),
    );
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      child.removeAllListeners('exit');
      child.stdout.destroy();
      child.unref();
      resolve(JSON.parse(line) as Outside);
    });
  });
}

/** An address people have open in a browser should survive a restart. */
function lastPort(dataDir: string): readonly string[] {
  try {
    const { azure } = JSON.parse(readFileSync(memoryFile(dataDir), 'utf8')) as Outside;
    return ['--port', new URL(azure).port];
  } catch {
    return [];
  }
}

function memoryFile(dataDir: string): string {
  return join(dataDir, 'rehearsal.json');
}
