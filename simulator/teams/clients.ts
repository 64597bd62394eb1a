import { HttpError } from './http.ts';

/** The clients a person may use at the same time, with the platform each reports. Each keeps its own copy of a card. */
export const CLIENTS = { web: 'Web', desktop: 'Windows', mobile: 'iOS', android: 'Android' } as const;
export type Client = keyof typeof CLIENTS;

/** Reads which client acts; the web client when nothing is said. */
export function clientOf(value: unknown): Client {
  if (value === undefined || value === null) return 'web';
  if (typeof value === 'string' && Object.hasOwn(CLIENTS, value)) return value as Client;
  throw new HttpError(400, 'BadSyntax', `client must be one of ${Object.keys(CLIENTS).join(', ')}.`);
}
