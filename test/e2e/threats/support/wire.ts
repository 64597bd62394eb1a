import { Agent, request } from 'node:http';
import { connect } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** How long it took. */
  readonly ms: number;
}

export interface Wire {
  /** Posts a body to the messages endpoint; headers that are undefined are left out. */
  post(body: string | Buffer, headers: Record<string, string | undefined>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** Sends bytes as they are, and gives back what came until the connection closed. */
  raw(bytes: string | Buffer): Promise<string>;
  /** Sends a head, then the same piece again and again until an answer begins; gives back what came by then, or until the connection closed. */
  endless(head: string, piece: string): Promise<string>;
  close(): void;
}

/** Connections to the bot's own endpoint. A broken connection is an error. */
export function createWire(endpoint: string): Wire {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const { hostname, port } = new URL(endpoint);

  function ask(method: string, url: string, headers: Record<string, string | undefined>, body: string | Buffer): Promise<Answer> {
    const begin = performance.now();
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<string, string>;
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, agent, headers: { 'content-length': String(Buffer.byteLength(body)), ...given } }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers, ms: performance.now() - begin }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  return {
    post: (body, headers) => ask('POST', endpoint, { 'content-type': 'application/json', ...headers }, body),
    get: (path) => ask('GET', new URL(path, endpoint).href, {}, ''),
    raw: (bytes) =>
      new Promise((resolve) => {
        const socket = connect(Number(port), hostname, () => socket.write(bytes));
        let text = '';
        socket.on('data', (chunk) => (text += chunk));
        socket.on('error', () => undefined); // it closes, too
        socket.on('close', () => resolve(text));
      }),
    endless: (head, piece) =>
      new Promise((resolve) => {
        const socket = connect(Number(port), hostname, () => socket.write(head, pour));
        let text = '';
        const pour = (error?: Error | null): void => {
          if (!error && text === '') socket.write(piece, pour);
        };
        socket.on('data', (chunk) => {
          text += chunk;
          socket.destroy();
        });
        socket.on('error', () => undefined); // it closes, too
        socket.on('close', () => resolve(text));
      }),
    close: () => agent.destroy(),
  };
}
