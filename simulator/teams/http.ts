import type { IncomingMessage, ServerResponse } from 'node:http';

const BODY_LIMIT = 1024 * 1024;

export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.statusCode = status;
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.setHeader('cache-control', 'no-store');
  res.end(JSON.stringify(body));
}

export function sendError(res: ServerResponse, error: unknown): void {
  const known = error instanceof HttpError ? error : new HttpError(500, 'ServiceError', 'The pretend Teams failed on this request.');
  if (known !== error) console.error('The pretend Teams failed on a request:', error);
  for (const [name, value] of Object.entries(known.headers)) res.setHeader(name, value);
  sendJson(res, known.status, { error: { code: known.code, message: known.message } });
}

export async function readJson(req: IncomingMessage): Promise<Record<string, unknown>> {
  const type = req.headers['content-type'] ?? '';
  if (!/^application\/json\b/i.test(type)) throw new HttpError(415, 'UnsupportedMediaType', 'Send the body as application/json.');
  const bytes = await readBody(req);
  const value = parse(bytes.toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HttpError(400, 'BadSyntax', 'The body must be a JSON object.');
  }
  return value as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, 'BadSyntax', 'The body is not JSON.');
  }
}

// The server in front reads the body first (for its log and faults) and leaves it here.
async function readBody(req: IncomingMessage & { rawBody?: Buffer | string }): Promise<Buffer> {
  if (req.rawBody !== undefined) return limit(Buffer.from(req.rawBody));
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  if (size > BODY_LIMIT) throw tooLarge();
  return Buffer.concat(chunks);
}

function limit(bytes: Buffer): Buffer {
  if (bytes.length > BODY_LIMIT) throw tooLarge();
  return bytes;
}

function tooLarge(): HttpError {
  return new HttpError(413, 'RequestEntityTooLarge', 'The request is larger than 1 MB.');
}
