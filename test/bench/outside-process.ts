import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Ready } from '../../simulator/outside.ts';

export interface Reply {
  /** From the first byte sent to the last byte received. */
  ms: number;
  status: number;
  text: string;
}

/** A pretend outside in a process of its own, so that its memory is its own. */
export interface OutsideProcess {
  startedMs: number;
  ready: Ready;
  send(method: string, path: string, body?: unknown): Promise<Reply>;
  /** When the state was last saved (ms), 0 = not yet. */
  savedAt(): number;
  /** Resident memory in MB (10^6 bytes), null where the host does not tell. */
  residentMb(): number | null;
  end(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../simulator/main.ts', import.meta.url));

export async function startOutsideProcess(machines: number): Promise<OutsideProcess> {
  const data = mkdtempSync(join(tmpdir(), 'bench-'));
  const from = performance.now();
  const args = [
    '--estate',
    String(machines),
    '--seed',
    '7',
    '--start',
    '2026-03-02T09:00:00Z',
    '--queries',
    '1000000',
    '--parent',
    String(process.pid),
  ];
  const child = spawn(process.execPath, [MAIN, ...args, '--port', '0', '--data', data, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const ready = await Promise.race([readyLine(child.stdout), ended.then(() => null)]);
  if (ready === null) throw new Error('The pretend outside did not start.');
  const startedMs = performance.now() - from;
  const agent = new Agent({ keepAlive: true, ca: readFileSync(ready.caFile, 'utf8') });
  let authorization = '';

  function send(method: string, path: string, body?: unknown): Promise<Reply> {
    const form = typeof body === 'string';
    const text = form ? body : body === undefined ? '' : JSON.stringify(body);
    const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
    const headers = { 'content-type': type, 'content-length': Buffer.byteLength(text), ...(authorization && { authorization }) };
    return exchange(`${ready!.azure}${path}`, method, text, headers, agent);
  }
  const { tenantId, clientId, clientSecret } = ready.identities.reader;
  const scope = 'https://management.azure.com/.default';
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope });
  const token = await send('POST', `/${tenantId}/oauth2/v2.0/token`, form.toString());
  authorization = `Bearer ${(JSON.parse(token.text) as { access_token: string }).access_token}`;

  async function end(): Promise<void> {
    agent.destroy();
    child.kill('SIGKILL');
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
  const savedAt = () => statSync(join(data, 'estate.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return { startedMs, ready, send, savedAt, residentMb: () => residentMb(child.pid), end };
}

async function readyLine(output: NodeJS.ReadableStream): Promise<Ready | null> {
  for await (const line of createInterface({ input: output })) return JSON.parse(line) as Ready;
  return null;
}

function exchange(url: string, method: string, text: string, headers: Record<string, string | number>, agent: Agent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const req = request(url, { method, headers, agent });
    // A connection kept over a long silence may have been closed from the other side just now.
    req.on('error', (error) => (req.reusedSocket ? resolve(exchange(url, method, text, headers, agent)) : reject(error)));
    req.on('response', (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => {
        const ms = performance.now() - from;
        resolve({ ms, status: res.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
      });
    });
    req.end(text);
  });
}

function residentMb(pid: number | undefined): number | null {
  try {
    return (Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024) / 1e6;
  } catch {
    return null;
  }
}
