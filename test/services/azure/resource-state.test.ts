import type { ExpandedCall } from '../../../core/plan.ts';
import type { ReaderClients } from '../../../services/azure/reader-clients.ts';
import { readResource, readStopped } from '../../../services/azure/resource-state.ts';

const VM = '/subscriptions/s/resourcegroups/rg/providers/microsoft.compute/virtualmachines/srv/extensions/MDE.Windows';
const body = {
  location: 'westeurope',
  properties: { type: 'MDE.Windows', settings: { azureResourceId: VM }, protectedSettings: { x: 'y' } },
};
const call: ExpandedCall = {
  id: 'deploy',
  describes: 'x',
  method: 'PUT',
  path: VM,
  query: { 'api-version': '1' },
  body,
  settles: 'resource',
  timeoutSeconds: 60,
};
const shown = (properties: object) => ({
  location: 'West Europe',
  properties: { ...body.properties, protectedSettings: undefined, ...properties },
});
const reading = (answer: unknown, of = call) => {
  const asked: unknown[] = [];
  const get = async (path: string, query: object) => {
    asked.push([path, query]);
    return answer;
  };
  return readResource({ get } as unknown as ReaderClients, of).then((state) => ({ state, asked }));
};

describe('a resource that was put', () => {
  it.each([
    ['Succeeded', 'succeeded'],
    ['Complete', 'succeeded'],
    ['Creating', 'running'],
    ['Evaluating', 'running'],
    ['Failed', 'failed'],
    ['Canceled', 'failed'],
    ['', 'succeeded'],
  ])('in state %s has %s', async (provisioningState, kind) => {
    expect((await reading(shown({ provisioningState }))).state.kind).toBe(kind);
  });

  it('is absent while it does not hold what was asked for, whatever its state', async () => {
    expect((await reading(shown({ provisioningState: 'Succeeded', type: 'MDE.Linux' }))).state).toEqual({ kind: 'absent' });
    expect((await reading(shown({ provisioningState: 'Failed', settings: {} }))).state).toEqual({ kind: 'absent' });
  });

  it('is known by ids in any case, and by what is never shown it is not judged', async () => {
    const answer = shown({ provisioningState: 'Succeeded', settings: { azureResourceId: VM.toUpperCase() } });
    expect((await reading(answer)).state.kind).toBe('succeeded');
  });

  it('is the same in whatever version Azure installed it', async () => {
    const versioned = { ...call, body: { ...body, properties: { ...body.properties, typeHandlerVersion: '1.0' } } };
    const answer = shown({ provisioningState: 'Succeeded', typeHandlerVersion: '1.0.11.9' });
    expect((await reading(answer, versioned)).state.kind).toBe('succeeded');
  });

  it('is asked for with its status where only that tells why it failed', async () => {
    const statuses = [{ code: 'ProvisioningState/failed/5', message: 'exit code 5: conflicting product' }];
    const { state, asked } = await reading(shown({ provisioningState: 'Failed', instanceView: { statuses } }));
    expect(asked).toEqual([[VM, { 'api-version': '1', $expand: 'instanceView' }]]);
    expect(state).toEqual({ kind: 'failed', because: 'Azure ended it Failed: exit code 5: conflicting product' });
  });
});

describe('what was to be stopped', () => {
  const path = '/subscriptions/s/providers/Microsoft.PolicyInsights/remediations/greenlight-1';
  const stop: ExpandedCall = { ...call, method: 'POST', path: `${path}/cancel`, body: null, settles: 'ended' };

  it.each([
    ['Accepted', 'running'],
    ['Running', 'running'],
    ['Cancelling', 'running'],
    ['Canceled', 'succeeded'],
    ['Failed', 'succeeded'],
    ['Succeeded', 'succeeded'],
  ])('in state %s is %s', async (provisioningState, kind) => {
    const asked: unknown[] = [];
    const get = async (where: string) => {
      asked.push(where);
      return { properties: { provisioningState } };
    };
    expect((await readStopped({ get } as unknown as ReaderClients, stop)).kind).toBe(kind);
    expect(asked).toEqual([path]);
  });
});
