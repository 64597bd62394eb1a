import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ArmReply } from './arm-route.ts';

/** Writes an answer with the headers every answer of Azure has. */
export function send(res: ServerResponse, { status, headers = {}, body }: ArmReply): void {
  res.statusCode = status;
  const id = randomUUID();
  const always = {
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'x-ms-request-id': id,
    'x-ms-correlation-request-id': id,
  };
  for (const [name, value] of Object.entries({ ...always, ...headers })) res.setHeader(name, value);
  if (body === undefined) {
    res.end();
    return;
  }
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.end(JSON.stringify(body));
}
