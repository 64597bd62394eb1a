import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Counters } from './counters.ts';

export interface MetricsServer {
  /** Resolves with the address. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

/** Shows the counters on this machine only. */
export function createMetricsServer(counters: Counters, port: number): MetricsServer {
  const server = createServer((request, response) => {
    const found = request.method === 'GET' && request.url === '/metrics';
    response.statusCode = found ? 200 : 404;
    response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.end(found ? counters.text() : '');
  });
  server.requestTimeout = 5_000;
  server.maxConnections = 20;
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`));
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
