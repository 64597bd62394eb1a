import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outside, type OutsideOptions, startOutside } from '../../simulator/outside.ts';
import { keepKeys, layKeys } from './keys-of-a-run.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are read field by field in the tests
export type Json = Record<string, any>;

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: answers are read field by field in the tests
  body: any;
}

export interface Wish {
  identity?: 'reader' | 'writer' | 'bot' | null;
  body?: unknown;
  raw?: string;
  token?: string;
}

export interface StartedOutside extends Outside {
  dataDir: string;
  /** A request to the pretend Azure, as the reader unless told otherwise. */
  arm(method: string, path: string, wish?: Wish): Promise<Answer>;
  /** A request to a door of the pretend Azure. */
  door(method: string, path: string, body?: unknown): Promise<Answer>;
  query(query: string, more?: Json, wish?: Wish): Promise<Answer>;
  token(identity: 'reader' | 'writer' | 'bot', scope?: string): Promise<string>;
  /** Closes both servers and removes the data folder. */
  end(): Promise<void>;
}

/** Starts both pretend servers on free ports over a fresh folder, with the clock standing still at a known time. */
export async function startedOutside(options: Partial<OutsideOptions> = {}): Promise<StartedOutside> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'outside-'));
  const start = Date.parse('2026-03-02T09:00:00Z');
  if (options.dataDir === undefined) layKeys(dataDir);
  const outside = await startOutside({ port: 0, estate: 'sample', seed: 7, bot: null, start, queries: 1_000, ...options, dataDir });
  keepKeys(dataDir);
  const { ready } = outside;
  const ca = readFileSync(ready.caFile, 'utf8');
  const tokens = new Map<string, string>();

  async function token(identity: 'reader' | 'writer' | 'bot', scope = 'https://management.azure.com/.default'): Promise<string> {
    const key = `${identity} ${scope}`;
    const known = tokens.get(key);
    if (known) return known;
    const { tenantId, clientId, clientSecret } = ready.identities[identity];
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope });
    const answer = await send(
      `${ready.azure}/${tenantId}/oauth2/v2.0/token`,
      'POST',
      form.toString(),
      { 'content-type': 'application/x-www-form-urlencoded' },
      ca,
    );
    tokens.set(key, answer.body.access_token);
    return answer.body.access_token;
  }
  async function arm(method: string, path: string, wish: Wish = {}): Promise<Answer> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    const identity = wish.identity === undefined ? 'reader' : wish.identity;
    if (wish.token ?? identity) headers['authorization'] = `Bearer ${wish.token ?? (await token(identity as 'reader'))}`;
    const text = wish.raw ?? (wish.body === undefined ? '' : JSON.stringify(wish.body));
    return send(`${ready.azure}${path}`, method, text, headers, ca);
  }
  return {
    ...outside,
    dataDir,
    token,
    arm,
    door: (method, path, body) => send(`${ready.azure}${path}`, method, body === undefined ? '' : JSON.stringify(body), {}, ca),
    query: (query, more = {}, wish = {}) =>
      arm('POST', '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01', { ...wish, body: { query, ...more } }),
    async end() {
      await outside.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** One request without any client in between. */
export function send(url: string, method: string, text: string, headers: Record<string, string>, ca?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...headers, 'content-length': Buffer.byteLength(text) } };
    const req = url.startsWith('https:') ? httpsRequest(url, { ...options, ca }) : httpRequest(url, options);
    req.on('error', reject);
    req.on('response', (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body: body === '' ? null : JSON.parse(body) });
      });
      res.on('error', reject);
    });
    req.end(text);
  });
}

/** The script a machine of the estate knows by its header line. */
export function script(id: string): string {
  return `# greenlight-script: ${id} ${id.startsWith('probe-') ? 'v2' : 'v1'}\nWrite-Output 'x'\n`;
}
