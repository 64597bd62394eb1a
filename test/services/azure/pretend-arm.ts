import { mkdtempSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Log } from '../../../core/ports.ts';
import { connectAzure } from '../../../services/azure/index.ts';
import type { Patience } from '../../../services/azure/patience.ts';
import { ensureCertificates } from '../../../simulator/certificates.ts';

export const READER = '22222222-2222-4222-8222-222222222222';
export const WRITER = '33333333-3333-4333-8333-333333333333';
export const TENANT = '11111111-1111-4111-8111-111111111111';
export const ONE = 'aaaaaaaa-1111-4111-8111-aaaaaaaaaaaa';
export const TWO = 'bbbbbbbb-2222-4222-8222-bbbbbbbbbbbb';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: string;
}

/** `reset` breaks the connection, `hang` never answers, `text` is sent as it stands. */
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Record<string, string>;
  readonly reset?: boolean;
  readonly hang?: boolean;
}

type Handler = (asked: Asked, times: number) => Answer;

export interface PretendArm {
  readonly url: string;
  readonly caFile: string;
  /** Everything but sign-ins. */
  readonly asked: Asked[];
  /** Later rows win. */
  on(method: string, path: RegExp, answer: Answer | Handler): void;
  close(): Promise<void>;
}

let certificates: ReturnType<typeof ensureCertificates> | undefined;

/** A small server over TLS that signs both identities in and answers as the test says; 404 for everything else. */
export async function startPretendArm(): Promise<PretendArm> {
  certificates ??= ensureCertificates(mkdtempSync(join(tmpdir(), 'greenlight-arm-')));
  const { cert, key, caFile } = await certificates;
  const rows: { method: string; path: RegExp; handler: Handler; times: number }[] = [];
  const asked: Asked[] = [];
  const server: Server = createServer({ cert, key }, (req, res) => {
    void body(req).then((text) => {
      const about = { method: req.method ?? '', path: req.url ?? '', authorization: req.headers.authorization ?? '', body: text };
      const row = rows.findLast(({ method, path }) => method === about.method && path.test(about.path));
      const entra = /^\/[\w-]+\/(v2\.0\/\.well-known|oauth2)/.test(about.path);
      if (!entra) asked.push(about);
      if (row) {
        row.times += 1;
        return send(res, row.handler(about, row.times));
      }
      if (entra) return send(res, signIn(about, url));
      return send(res, { status: 404, body: { error: { code: 'ResourceNotFound', message: 'nothing here' } } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://localhost:${(server.address() as AddressInfo).port}`;
  return {
    url,
    caFile,
    asked,
    on: (method, path, answer) => rows.push({ method, path, handler: typeof answer === 'function' ? answer : () => answer, times: 0 }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function body(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function send(res: ServerResponse, answer: Answer): void {
  if (answer.hang) return;
  if (answer.reset) {
    res.socket?.destroy();
    return;
  }
  res.statusCode = answer.status ?? 200;
  res.setHeader('content-type', 'application/json');
  for (const [name, value] of Object.entries(answer.headers ?? {})) res.setHeader(name, value);
  res.end(answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body)));
}

function signIn({ path, body: form }: Asked, url: string): Answer {
  if (path.includes('openid-configuration')) {
    const base = `${url}/${TENANT}`;
    return {
      body: {
        issuer: `${base}/v2.0`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
      },
    };
  }
  const client = new URLSearchParams(form).get('client_id');
  const access_token = client === READER ? 'reader-token' : 'writer-token';
  return { body: { token_type: 'Bearer', expires_in: 3600, ext_expires_in: 3600, access_token } };
}

/** Keeps what was logged, for looking into it. */
export function memoryLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (message: string, data?: object) => void lines.push(JSON.stringify({ message, ...data }));
  return { lines, debug: write, info: write, warn: write, error: write };
}

export const NOW = Date.parse('2026-03-02T08:00:00Z');

/** The real clients against the pretended server; waiting costs no time. */
export function connectTo(arm: PretendArm, more: { patience?: Partial<Patience>; log?: Log; clock?: Clock } = {}) {
  const here = { azureEndpoint: arm.url, azureAuthority: arm.url, caFile: arm.caFile };
  const elsewhere = { teamsServiceUrl: '', teamsOpenidMetadata: '', teamsLogin: '', clockUrl: '' };
  return connectAzure({
    settings: {
      reader: { tenantId: TENANT, clientId: READER, clientSecret: 'reader-secret' },
      writer: { tenantId: TENANT, clientId: WRITER, clientSecret: 'writer-secret' },
      rehearsal: { ...here, ...elsewhere },
    },
    subscriptions: [
      { id: ONE, name: 'corp-prod' },
      { id: TWO, name: 'branch' },
    ],
    clock: more.clock ?? { now: () => NOW },
    log: more.log ?? memoryLog(),
    patience: { pause: () => Promise.resolve(), ...more.patience },
  });
}

/** The subscriptions as Resource Manager shows them. */
export function showSubscriptions(arm: PretendArm): void {
  arm.on('GET', /^\/subscriptions\/[\w-]+\?/, ({ path }) => ({ body: { subscriptionId: path.split(/[/?]/)[2], displayName: 'x' } }));
}

/** Graph and Defender with nothing in them. */
export function showDefender(arm: PretendArm): void {
  arm.on('POST', /^\/v1\.0\/security\/runHuntingQuery/, { body: { schema: [{ name: 'DeviceId', type: 'String' }], results: [] } });
  arm.on('GET', /^\/(api\/machines|beta\/|v1\.0\/groups)/, { body: { value: [] } });
}

export function readText(path: string): string {
  return readFileSync(path, 'utf8');
}
