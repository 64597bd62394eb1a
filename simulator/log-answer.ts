import type { ServerResponse } from 'node:http';
import type { Exchange, Gate, ServerBehind } from './exchange.ts';
import type { ActiveFault } from './faults.ts';
import type { LogInput } from './request-log.ts';

/** Logs a request the moment its answer leaves, or without a status when the connection goes first. */
export function logWhenAnswered(
  behind: ServerBehind,
  gate: Gate,
  req: Exchange,
  res: ServerResponse,
  faults: readonly ActiveFault[],
  repeated = false,
): void {
  let written = false;
  function write(status: number): void {
    if (written) return;
    written = true;
    const identity = req.identity ?? null;
    const { method = 'GET', url: path = '/', rawBody: body, operation = '' } = req;
    const entry: LogInput = { server: behind.name, identity, who: gate.nameOf?.(identity) ?? null, method, path, status, body, operation };
    if (repeated) entry.repeated = true;
    if (faults[0]) Object.assign(entry, { fault: faults[0].id, faults: faults.map(({ id, kind }) => ({ id, kind })) });
    gate.log.add(entry);
  }
  // Written before the answer leaves, so that whoever has the answer finds the entry.
  const end = res.end.bind(res);
  res.end = ((...args: Parameters<typeof end>) => {
    write(res.statusCode);
    return end(...args);
  }) as typeof end;
  res.on('close', () => write(0));
}
