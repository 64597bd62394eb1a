import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';

export interface Received {
  method: string;
  path: string;
  body: Record<string, unknown>;
  authorization: string | undefined;
}

export interface Fault {
  when(method: string, path: string): boolean;
  /** `reset` breaks the connection after the request was read; `hang` never answers. */
  answer: { status: number; retryAfter?: string; location?: string; body?: unknown } | 'reset' | 'hang';
  times: number;
}

export interface PretendTeams {
  url: string;
  metadataUrl: string;
  keys: (JWK & { endorsements?: unknown })[];
  members: Record<string, unknown>[];
  pageSize: number;
  received: Received[];
  /** Requests for the metadata document. */
  metadataFetches(): number;
  faults: Fault[];
  posts(): Received[];
  close(): Promise<void>;
}

export async function startPretendTeams(): Promise<PretendTeams> {
  let fetches = 0;
  let nextId = 1;
  const teams: PretendTeams = {
    url: '',
    metadataUrl: '',
    keys: [],
    members: [],
    pageSize: 2,
    received: [],
    metadataFetches: () => fetches,
    faults: [],
    posts: () => teams.received.filter(({ method }) => method === 'POST'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  const server = createServer((request, response) => {
    void readAll(request).then((body) => answer(request, response, body));
  });

  function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const method = request.method ?? '';
    const url = new URL(request.url ?? '/', 'http://x');
    const path = decodeURIComponent(url.pathname);
    if (path.startsWith('/v3/')) {
      teams.received.push({ method, path, body: body ? JSON.parse(body) : {}, authorization: request.headers.authorization });
    }
    if (path === '/metadata') fetches += 1;
    const fault = teams.faults.find((one) => one.times > 0 && one.when(method, path));
    if (fault) {
      fault.times -= 1;
      if (fault.answer === 'reset') request.socket.destroy();
      else if (fault.answer !== 'hang') {
        const { status, retryAfter, location, body: told = { error: { code: 'Fault', message: 'as told' } } } = fault.answer;
        if (retryAfter !== undefined) response.setHeader('Retry-After', retryAfter);
        if (location !== undefined) response.setHeader('Location', location);
        json(response, status, told);
      }
      return;
    }
    const [status, found] = find(method, path, url);
    json(response, status, found);
  }

  function find(method: string, path: string, url: URL): [number, unknown] {
    if (path === '/metadata') return [200, { issuer: 'https://api.botframework.com', jwks_uri: `${teams.url}keys` }];
    if (path === '/keys') return [200, { keys: teams.keys }];
    const asked = /^\/v3\/conversations\/[^/]+\/members\/(.+)$/.exec(path)?.[1];
    if (asked !== undefined) {
      const found = teams.members.find(({ id, aadObjectId }) => id === asked || aadObjectId === asked);
      return found ? [200, found] : [404, { error: { code: 'MemberNotFoundInConversation' } }];
    }
    if (path.endsWith('/pagedmembers')) {
      const start = Number(url.searchParams.get('continuationToken') ?? 0);
      const end = start + teams.pageSize;
      const more = end < teams.members.length ? { continuationToken: String(end) } : {};
      return [200, { members: teams.members.slice(start, end), ...more }];
    }
    if (method === 'POST') return [201, { id: `message-${nextId++}` }];
    if (method === 'PUT') return [200, { id: path.split('/').at(-1) }];
    return [404, { error: { code: 'NotFound' } }];
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  teams.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  teams.metadataUrl = `${teams.url}metadata`;
  return teams;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
