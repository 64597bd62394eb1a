import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type Certificates, ensureCertificates } from '../../../../simulator/certificates.ts';

export interface PretendLogin {
  url: string;
  /** Tokens given out so far. */
  tokens: string[];
  /** When set, every token request gets this status. */
  failWith: number | null;
  close(): Promise<void>;
}

let certificates: Promise<Certificates> | undefined;

// One CA at a time: OpenSSL would not tell two of the same name apart.
async function trusted(): Promise<Certificates> {
  const folder = mkdtempSync(join(tmpdir(), 'greenlight-login-'));
  const made = await ensureCertificates(folder);
  rmSync(folder, { recursive: true, force: true });
  setDefaultCACertificates([...getCACertificates('bundled'), made.ca]);
  return made;
}

/** A token endpoint over HTTPS whose CA this process is told to trust, as in a rehearsal. */
export async function startPretendLogin(): Promise<PretendLogin> {
  certificates ??= trusted();
  const { cert, key } = await certificates;
  const login: PretendLogin = {
    url: '',
    tokens: [],
    failWith: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const server = createServer({ cert, key }, (request, response) => {
    request.resume();
    response.setHeader('Content-Type', 'application/json');
    if (request.url?.includes('openid-configuration')) {
      const base = `${login.url}${request.url.split('/v2.0')[0]}`;
      response.end(
        JSON.stringify({
          issuer: `${base}/v2.0`,
          authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
          token_endpoint: `${base}/oauth2/v2.0/token`,
          jwks_uri: `${base}/discovery/v2.0/keys`,
        }),
      );
      return;
    }
    if (login.failWith !== null) {
      response.statusCode = login.failWith;
      response.end(JSON.stringify({ error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' }));
      return;
    }
    const token = `token-${login.tokens.length + 1}`;
    login.tokens.push(token);
    response.end(JSON.stringify({ token_type: 'Bearer', expires_in: 3600, access_token: token }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  login.url = `https://localhost:${(server.address() as AddressInfo).port}`;
  return login;
}
