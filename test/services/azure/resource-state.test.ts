import type { ExpandedCall } from '../../../core/plan.ts';
import type { ReaderClients } from '../../../services/azure/reader-clients.ts';
import { readResource } from '../../../services/azure/resource-state.ts';

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

  it('is asked for with its status where only that tells why it failed', async () => {
    const statuses = [{ code: 'ProvisioningState/failed/5', message: 'exit code 5: conflicting product' }];
    const { state, asked } = await reading(shown({ provisioningState: 'Failed', instanceView: { statuses } }));
    expect(asked).toEqual([[VM, { 'api-version': '1', $expand: 'instanceView' }]]);
    expect(state).toEqual({ kind: 'failed', because: 'Azure ended it Failed: exit code 5: conflicting product' });
  });
});
