import { createLog } from '../services/log.ts';
import type { Settings } from '../services/settings.ts';
import { startApp } from './app.ts';
import { logApprovers } from './flows/file/check-approvers.ts';
import { dataFolder, endOutside, prepareLaunch, refuseStart } from './launch.ts';
import type { Outside } from './rehearsal.ts';
import { introduceBot } from './rehearsal.ts';
import { openTerminalDoor } from './terminal-door.ts';

const args = process.argv.slice(2);
const json = args.includes('--json');
const botOnly = args.includes('--bot-only');

// A defect nobody caught: say so and stop, so that whoever supervises starts a clean process, which goes on from the journal.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    console.error(`${event}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exit(1);
  });
}

try {
  await main();
} catch (error) {
  refuseStart(error);
}

async function main(): Promise<void> {
  const { settings, outside, giveUp } = await prepareLaunch(dataFolder(), botOnly, args);
  console.error(settings.mode === 'rehearsal' ? 'REHEARSAL: nothing real is touched.' : 'PRODUCTION: signed plans change Azure.');
  const app = await startApp(settings, (clock) => createLog(settings.logLevel, { clock })).catch((error: unknown) => {
    giveUp();
    throw error;
  });
  const door = await openTerminalDoor(settings.dataDir, app);

  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    door
      .close()
      .then(() => app.close())
      .then(
        () => {
          if (outside && !botOnly) endOutside(outside);
          process.exit(0);
        },
        (error: unknown) => {
          console.error(`stopping: ${String(error)}`);
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', stop);

  if (outside) await introduceBot(outside, app.url);
  await logApprovers(app.context);
  console.log(json ? readyLine(settings, app.url, outside) : humanLine(app.url, outside));
}

function humanLine(url: string, outside: Outside | null): string {
  return outside ? `Open ${outside.page} to try Greenlight. Ctrl-C ends the rehearsal.` : `Greenlight listens on ${url}`;
}

function readyLine(settings: Settings, url: string, outside: Outside | null): string {
  const identity = ({ tenantId, clientId, clientSecret }: Settings['reader']) => ({ tenantId, clientId, clientSecret });
  return JSON.stringify({
    mode: settings.mode,
    bot: url,
    page: outside?.page ?? null,
    azure: settings.rehearsal?.azureEndpoint ?? 'https://management.azure.com',
    teams: outside?.teams ?? settings.rehearsal?.teamsServiceUrl ?? null,
    // A rehearsal's identities are pretended ones; real secrets are never printed.
    identities: outside ? { reader: identity(settings.reader), writer: identity(settings.writer) } : null,
    botAppId: settings.bot.appId,
    migrationFile: settings.migrationFile,
    channel: outside?.channel ?? null,
    people: outside?.people ?? [],
    pids: { bot: process.pid, simulator: outside?.pid ?? null },
    dataDir: settings.dataDir,
    caFile: settings.rehearsal?.caFile ?? null,
    teamsSigningKeyFile: outside?.teamsSigningKeyFile ?? null,
  });
}
