import type { ServerResponse } from 'node:http';
import type { ClockReading, VirtualClock } from '../clock.ts';
import type { Client } from './clients.ts';

export interface Viewer {
  personId: string;
  client: Client;
}

export interface PageEvents {
  /** Keeps the response open and feeds it; the person counts as looking at the channel with that client until it closes. */
  watch(viewer: Viewer, res: ServerResponse): void;
  /** `to`: only the pages of that person. */
  emit(event: string, data: unknown, to?: string): void;
  /** Who is looking, each client once. */
  viewers(): Viewer[];
  close(): void;
}

const HEARTBEAT_MS = 15_000;

export function createPageEvents(clock: VirtualClock): PageEvents {
  const watchers = new Map<ServerResponse, Viewer>();
  const closing = new AbortController();
  const heartbeat = setInterval(() => {
    for (const res of watchers.keys()) res.write(': still here\n\n');
  }, HEARTBEAT_MS);
  heartbeat.unref();

  const emit: PageEvents['emit'] = (event, data, to) => {
    const frame = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const [res, { personId }] of watchers) if (to === undefined || to === personId) res.write(frame);
  };

  let following = false;
  async function followClock(): Promise<void> {
    following = true;
    let reading: ClockReading = clock.read();
    while (watchers.size && !closing.signal.aborted) {
      const next = await clock.changed(reading.version, closing.signal);
      if (next.version > reading.version) emit('clock', next);
      reading = next;
    }
    following = false;
  }

  return {
    watch: (viewer, res) => {
      res.statusCode = 200;
      res.setHeader('content-type', 'text/event-stream; charset=utf-8');
      res.setHeader('cache-control', 'no-store');
      res.write(`event: clock\ndata: ${JSON.stringify(clock.read())}\n\n`);
      watchers.set(res, viewer);
      res.on('close', () => watchers.delete(res));
      if (!following) {
        followClock().catch(() => {
          following = false; // an aborted wait: the simulator is closing
        });
      }
    },
    emit,
    viewers: () => [...new Map([...watchers.values()].map((viewer) => [`${viewer.personId} ${viewer.client}`, viewer])).values()],
    close: () => {
      clearInterval(heartbeat);
      closing.abort();
      for (const res of watchers.keys()) res.end();
      watchers.clear();
    },
  };
}
