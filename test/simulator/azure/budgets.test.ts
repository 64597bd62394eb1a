import { DOCUMENTED_LIMITS } from '../../../simulator/azure/budget-table.ts';
import { createBudgets } from '../../../simulator/azure/budgets.ts';
import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Answer, type StartedOutside, script, startedOutside } from '../started-outside.ts';

const SUB = `/subscriptions/${SUBSCRIPTIONS.prod}`;
const vm = (name: string) => `${SUB}/resourceGroups/rg-app-prod/providers/Microsoft.Compute/virtualMachines/${name}`;
const arc = `/subscriptions/${SUBSCRIPTIONS.branch}/resourceGroups/rg-aarhus/providers/Microsoft.HybridCompute/machines/br-aar-01`;

describe('over HTTP', () => {
  let outside: StartedOutside;
  beforeEach(async () => {
    outside = await startedOutside({ arcWrites: 2 });
    await outside.door('POST', '/_clock', { rate: 0 });
  });
  afterEach(() => outside.end());

  const put = (machine: string, name: string, version = '2024-11-01'): Promise<Answer> => {
    const body = { location: 'westeurope', properties: { source: { script: script('probe-windows') } } };
    return outside.arm('PUT', `${machine}/runCommands/${name}?api-version=${version}`, { identity: 'writer', body });
  };

  test('a machine takes twelve changes at once, then four a minute, and its neighbour is not disturbed', async () => {
    for (let count = 1; count <= 12; count += 1) {
      const { status, headers } = await put(vm('srv-app-01'), `c-${count}`);
      expect([status, headers['x-ms-ratelimit-remaining-resource']]).toEqual([
        201,
        `Microsoft.Compute/UpdateVMSubscriptionMaximum;${1500 - count},Microsoft.Compute/UpdateVMResource;${12 - count}`,
      ]);
    }
    const refused = await put(vm('srv-app-01'), 'c-13');
    expect([refused.status, refused.body.error.code, refused.headers['retry-after']]).toEqual([429, 'OperationNotAllowed', '15']);
    expect(refused.body.error.details).toEqual([
      { code: 'TooManyRequests', target: 'UpdateVMResource', message: expect.stringContaining('"allowedRequestCount":12') },
    ]);
    expect((await outside.arm('GET', `${vm('srv-app-01')}/runCommands/c-13?api-version=2024-11-01`)).status).toBe(404);
    expect((await put(vm('srv-app-02'), 'c-1')).status).toBe(201);
    await outside.door('POST', '/_clock', { advanceSeconds: 14 });
    expect((await put(vm('srv-app-01'), 'c-13')).status).toBe(429);
    await outside.door('POST', '/_clock', { advanceSeconds: 1 });
    expect((await put(vm('srv-app-01'), 'c-13')).status).toBe(201);
  });

  test('deleting a run command costs as much as writing one', async () => {
    for (let count = 1; count <= 12; count += 1) {
      await outside.arm('DELETE', `${vm('srv-app-01')}/runCommands/none?api-version=2024-11-01`, { identity: 'writer' });
    }
    expect((await put(vm('srv-app-01'), 'c-1')).status).toBe(429);
  });

  test('a machine is read 36 times at once', async () => {
    const read = () => outside.arm('GET', `${vm('srv-app-01')}?api-version=2024-11-01`);
    for (let count = 1; count <= 36; count += 1) expect((await read()).status).toBe(200);
    const refused = await read();
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '5']);
  });

  test('a subscription is read 250 times at once by one identity, and the others have their own', async () => {
    const read = (identity: 'reader' | 'writer', sub = SUB) =>
      outside.arm('GET', `${sub}/providers/Microsoft.Security/settings?api-version=2022-05-01`, { identity });
    const first = await read('reader');
    expect(first.headers['x-ms-ratelimit-remaining-subscription-reads']).toBe('249');
    for (let count = 2; count <= 250; count += 1) await read('reader');
    const refused = await read('reader');
    expect([refused.status, refused.body.error.code, refused.headers['retry-after']]).toEqual([429, 'SubscriptionRequestsThrottled', '1']);
    expect((await read('writer')).status).toBe(200);
    expect((await read('reader', `/subscriptions/${SUBSCRIPTIONS.branch}`)).status).toBe(200);
    expect((await outside.query('resources | count')).status).toBe(200);
    await outside.door('POST', '/_clock', { advanceSeconds: 1 });
    expect((await read('reader')).headers['x-ms-ratelimit-remaining-subscription-reads']).toBe('24');
  });

  test('who may not ask spends nothing of what those who may have', async () => {
    const path = `${vm('srv-app-01')}/runCommands/x?api-version=2024-11-01`;
    for (let count = 1; count <= 15; count += 1) expect((await outside.arm('DELETE', path)).status).toBe(403);
    expect((await put(vm('srv-app-01'), 'c-1')).status).toBe(201);
  });

  test('Arc takes as many writes a minute as it is told, and says when to come back', async () => {
    const codes = [];
    for (const name of ['a', 'b', 'c']) codes.push(await put(arc, name, '2025-01-13'));
    expect(codes.map(({ status }) => status)).toEqual([201, 201, 429]);
    expect(codes[2]?.headers['retry-after']).toBe('30');
  });
});

test('limits can be switched off', async () => {
  const outside = await startedOutside({ limits: 'off' });
  try {
    const answers = await Promise.all(Array.from({ length: 40 }, () => outside.arm('GET', `${vm('srv-app-01')}?api-version=2024-11-01`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  } finally {
    await outside.end();
  }
});

describe('the table', () => {
  const fixed = (limits = DOCUMENTED_LIMITS) =>
    createBudgets({ limits, now: () => 0, regionOf: (id) => (id.includes('north') ? 'n' : 'w') });
  const spend = (budgets: ReturnType<typeof fixed>, operation: string, path: string, method = 'PUT', identity = 'i') => {
    try {
      budgets({ method, path, operation, identity });
      return 'taken';
    } catch (error) {
      return (error as { details: { target: string }[]; code: string }).details[0]?.target ?? (error as { code: string }).code;
    }
  };
  const many = (count: number, act: (index: number) => string) => Array.from({ length: count }, (_, index) => act(index));
  const machine = (name: string) => `/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/${name}`;

  test.each([
    ['Microsoft.Compute/virtualMachines/runCommands/write', 12, 'UpdateVMResource'],
    ['Microsoft.Compute/virtualMachines/runCommands/delete', 12, 'UpdateVMResource'],
    ['Microsoft.Compute/virtualMachines/extensions/write', 12, 'UpdateVMResource'],
    ['Microsoft.Compute/virtualMachines/restart/action', 12, 'UpdateVMResource'],
    ['Microsoft.Compute/virtualMachines/assessPatches/action', 6, 'GuestPatchResource'],
    ['Microsoft.Compute/virtualMachines/installPatches/action', 6, 'GuestPatchResource'],
    ['Microsoft.Compute/virtualMachines/instanceView/read', 36, 'LowCostGetResource'],
  ])('%s is done %i times on one machine', (operation, times, policy) => {
    const budgets = fixed();
    expect(new Set(many(times, () => spend(budgets, operation, machine('m'))))).toEqual(new Set(['taken']));
    expect(spend(budgets, operation, machine('m'))).toBe(policy);
  });
  test('a region of a subscription takes 1,500 changes at once, another region has its own', () => {
    const budgets = fixed();
    const write = (name: string, index: number) =>
      spend(budgets, 'Microsoft.Compute/virtualMachines/extensions/write', machine(name), 'PUT', `i${index % 10}`);
    expect(new Set(many(1_500, (index) => write(`m${index}`, index)))).toEqual(new Set(['taken']));
    expect(write('one-more', 0)).toBe('UpdateVMSubscriptionMaximum');
    expect(write('north-1', 0)).toBe('taken');
  });
  test('all identities together have fifteen times as much', () => {
    const budgets = fixed();
    const path = '/subscriptions/s/providers/Microsoft.Security/settings/X';
    const outcomes = many(3_001, (index) => spend(budgets, 'x/write', path, 'PUT', `i${index % 20}`));
    expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(3_000);
    expect(outcomes.at(-1)).toBe('SubscriptionRequestsThrottled');
  });
});
