import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDefaultHttpClient, createEmptyPipeline, createPipelineRequest } from '@azure/core-rest-pipeline';
import { type Clearances, EgressBlocked, egressPolicy } from '../../../services/azure/egress.ts';

let server: Server;
let endpoint = '';
let arrived = 0;

beforeAll(async () => {
  server = createServer((_, res) => {
    arrived += 1;
    res.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  arrived = 0;
});

function put(clearances: Clearances, cleared: boolean) {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(egressPolicy('arm', endpoint, clearances));
  const request = createPipelineRequest({
    url: `${endpoint}/things/one`,
    method: 'PUT',
    body: '{"on":true}',
    allowInsecureConnection: true,
  });
  const call = { method: 'PUT' as const, path: '/things/one', query: {}, body: { on: true } };
  if (cleared) clearances.set(request, { allowed: [{ id: 'one', timeoutSeconds: 60, ...call } as never], sent: false });
  return pipeline.sendRequest(createDefaultHttpClient(), request);
}

it('lets a call of the signed plan leave', async () => {
  await expect(put(new WeakMap(), true)).resolves.toMatchObject({ status: 200 });
  expect(arrived).toBe(1);
});

it('lets nothing leave that no signed plan was looked up for', async () => {
  await expect(put(new WeakMap(), false)).rejects.toThrow(EgressBlocked);
  expect(arrived).toBe(0);
});
