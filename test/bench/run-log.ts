import type { LogEntry } from '../../simulator/request-log.ts';
import type { OutsideProcess } from './outside-process.ts';

/** What the pretend Azure saw of a run. */
export interface RunLog {
  requests: number;
  /** Refused for the limits, not because of a planted fault. */
  avoidable: number;
  /** Refused because of a planted fault. */
  planted: number;
  /** First writing of run commands to the last. Virtual seconds. */
  writingSeconds: number;
  /** The least the limits on writing allow for as many. Virtual seconds. */
  leastSeconds: number;
}

interface Limit {
  key(write: Write): string | null;
  size: number;
  perMinute: number;
}

interface Write {
  at: number;
  subscription: string;
  arc: boolean;
  region: string;
}

/** As documented, and written down here once more, so that a mistake in what the bot believes shows. Arc's is the pretend Azure's own. */
const LIMITS: readonly Limit[] = [
  { key: ({ subscription }) => subscription, size: 200, perMinute: 600 },
  { key: ({ subscription, arc, region }) => (arc ? null : `${subscription}|${region}`), size: 1_500, perMinute: 500 },
  { key: ({ subscription, arc }) => (arc ? subscription : null), size: 60, perMinute: 60 },
];

/** Reads the log since a sequence number. */
export async function readRunLog(outside: OutsideProcess, since: number): Promise<RunLog> {
  const reply = await outside.send('GET', `/_log?since=${since}`);
  const entries = (JSON.parse(reply.text) as LogEntry[]).filter(({ server }) => server === 'azure');
  const refused = entries.filter(({ status }) => status === 429);
  // A request that Azure turned down for another reason counts against its limits as well.
  const writes = entries.filter(({ method, path, status }) => method === 'PUT' && /runcommands/i.test(path) && status !== 429).map(writeOf);
  const times = writes.map(({ at }) => at);
  return {
    requests: entries.length,
    avoidable: refused.filter(({ faults = [] }) => faults.length === 0).length,
    planted: refused.filter(({ faults = [] }) => faults.length > 0).length,
    writingSeconds: writes.length === 0 ? 0 : (times.reduce(larger) - times.reduce(smaller)) / 1000,
    leastSeconds: Math.max(0, ...LIMITS.map((limit) => leastFor(limit, writes))),
  };
}

export async function lastInLog(outside: OutsideProcess): Promise<number> {
  const reply = await outside.send('GET', '/_log?since=0');
  return (JSON.parse(reply.text) as LogEntry[]).at(-1)?.seq ?? 0;
}

function leastFor(limit: Limit, writes: readonly Write[]): number {
  const counts = new Map<string, number>();
  for (const write of writes) {
    const under = limit.key(write);
    if (under !== null) counts.set(under, (counts.get(under) ?? 0) + 1);
  }
  return Math.max(0, ...[...counts.values()].map((count) => ((count - limit.size) / limit.perMinute) * 60));
}

function writeOf({ at, path, body }: LogEntry): Write {
  const region = (body as { location?: string } | null)?.location ?? '';
  return { at, subscription: path.split('/')[2]?.toLowerCase() ?? '', arc: /microsoft\.hybridcompute/i.test(path), region };
}

const larger = (left: number, right: number) => Math.max(left, right);
const smaller = (left: number, right: number) => Math.min(left, right);
