import { connect } from 'node:net';
import { doorPath } from './door-path.ts';

/** What the terminal door is sent to hand out the ledger, as one line. */
export const LEDGER_REQUEST = { ledger: 'export' } as const;

/** The export of the ledger a running bot holds, piece by piece; null when no bot runs on this data folder (an absolute path). */
export async function runningLedger(dataDir: string): Promise<AsyncIterable<Uint8Array> | null> {
  const socket = connect(doorPath(dataDir));
  const opened = await new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)));
  if (!opened) return null;
  socket.write(`${JSON.stringify(LEDGER_REQUEST)}\n`);
  return socket;
}
