// A process of its own that opens a store; it prints one JSON line for everything that happened and is meant to be killed.
import { openStore } from '../../../services/store/open-store.ts';

const [mode, dataDir, schema, databaseUrl] = process.argv.slice(2) as [string, string, string, string | undefined];
const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

const modes: Record<string, (store: Awaited<ReturnType<typeof openStore>>) => Promise<void>> = {
  /** Appends to the ledger as fast as it is acknowledged. */
  async append({ store }) {
    for (;;) {
      const { seq, hash } = await store.transact((tx) => tx.appendLedger({ at: 1, kind: 'post', actor: null, subject: 's', data: {} }));
      say({ seq, hash });
    }
  },
  /** Sends one message and gets stuck while delivering it. */
  async send({ store, jobs }) {
    await jobs.start(async (id) => {
      const claimed = await store.transact((tx) => tx.claimOutbox(id));
      say({ delivering: id, claimed: claimed !== null });
      await new Promise(silent);
    });
    await store.transact((tx) => tx.outbox({ how: 'post-once', key: 'k', data: {}, at: 1 }));
  },
  /** Delivers what is left. */
  async deliver({ store, jobs }) {
    await jobs.start(async (id) => {
      const claimed = await store.transact((tx) => tx.claimOutbox(id));
      say({ delivering: id, claimed: claimed !== null });
    });
  },
};

async function main(): Promise<void> {
  const opened = await openStore({ databaseUrl: databaseUrl ?? null, dataDir, schema, log, clock: { now: Date.now } });
  say({ open: process.pid });
  await modes[mode]!(opened);
}

main().catch((error: unknown) => {
  process.stderr.write(error instanceof Error ? error.message : String(error), () => process.exit(1));
});
