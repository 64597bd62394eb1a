import { MINUTE } from '../../../../core/instant.ts';
import { queries } from '../../../../services/azure/queries.ts';
import { azureKinds } from '../azure-kinds.ts';
import { answerGraph, arcId, arcRow, GRAPH, page, queriesOf, queryOf, skipTokenOf, vmId, vmRow } from '../graph-pages.ts';
import type { Answer, PretendArm } from '../pretend-arm.ts';
import { connectTo, NOW, ONE, showSubscriptions, startPretendArm, TWO } from '../pretend-arm.ts';

let arm: PretendArm;
beforeEach(async () => {
  arm = await startPretendArm();
  showSubscriptions(arm);
  arm.on('GET', /\/mdeOnboardings\//, { body: { properties: {} } });
  for (const list of ['policyAssignments', 'settings']) arm.on('GET', new RegExp(`/${list}\\?`), { body: { value: [] } });
  arm.on('GET', /\/mdeOnboardings\//, { body: { properties: {} } });
});
afterEach(() => arm.close());

const sorted = (names: readonly string[]) => names.toSorted();

describe('one round', () => {
  test('asks every query once: the inventory is the list of machines for everybody', async () => {
    answerGraph(arm, { machines: [vmRow(ONE, 'a'), arcRow(TWO, 'b')] });
    const { collectors } = connectTo(arm);
    const collections = await Promise.all(azureKinds.map((kind) => collectors[kind]()));
    expect(collections.map(({ failure }) => failure)).toEqual(collections.map(() => null));
    const asked = queriesOf(arm);
    const all = Object.keys(queries).filter((name) => name !== 'machineIds' && name !== 'ancestors');
    expect(sorted(asked)).toEqual(sorted(all));
    for (const kind of ['defender-extension', 'updates', 'machine-configuration', 'maintenance', 'edr-assessment']) {
      const collection = collections.find((one) => one.kind === kind);
      expect(Object.keys(collection?.subjects ?? {})).toEqual([vmId(ONE, 'a').toLowerCase(), arcId(TWO, 'b').toLowerCase()]);
    }
  });

  test('asks each subscription once whether it can be seen', async () => {
    answerGraph(arm, {});
    const { collectors } = connectTo(arm);
    await Promise.all([collectors.machine(), collectors.updates(), collectors['defender-extension']()]);
    expect(arm.asked.filter(({ path }) => /^\/subscriptions\/[\w-]+\?/.test(path))).toHaveLength(2);
  });

  test('a list of machines serves those that come after it for a minute, and not longer', async () => {
    const clock = { at: NOW, now: () => clock.at };
    answerGraph(arm, { machineIds: [{ id: vmId(ONE, 'a') }] });
    const { collectors } = connectTo(arm, { clock });
    await collectors.updates();
    clock.at += MINUTE - 1;
    expect(Object.keys((await collectors.maintenance()).subjects)).toHaveLength(1);
    expect(queriesOf(arm).filter((name) => name === 'machineIds')).toHaveLength(1);
    clock.at += 1;
    await collectors.maintenance();
    clock.at -= MINUTE;
    await collectors.maintenance();
    expect(queriesOf(arm).filter((name) => name === 'machineIds')).toHaveLength(3);
  });

  test('a list that lacks something is not handed on', async () => {
    let lost = true;
    arm.on('POST', GRAPH, (asked) => page([], { total: queryOf(asked) === 'machineIds' && lost ? 1 : 0 }));
    const { collectors } = connectTo(arm);
    expect((await collectors.updates()).failure).not.toBeNull();
    lost = false;
    expect((await collectors.updates()).failure).toBeNull();
  });

  test('never says “none” of machines in a subscription that cannot be seen any more', async () => {
    answerGraph(arm, { machines: [vmRow(ONE, 'a'), vmRow(TWO, 'b')] });
    const { collectors } = connectTo(arm);
    await collectors.machine();
    arm.on('GET', new RegExp(`^/subscriptions/${TWO}\\?`), { status: 403, body: { error: { code: 'AuthorizationFailed' } } });
    const { subjects, failure } = await collectors['defender-extension']();
    expect(Object.keys(subjects)).toEqual([vmId(ONE, 'a').toLowerCase()]);
    expect(failure?.fix).toContain('role Reader on subscription branch');
  });
});

describe('a page that fails', () => {
  const pages: Record<string, Answer> = {
    first: page([vmRow(ONE, 'a')], { total: 3, skipToken: 'second' }),
    second: page([vmRow(ONE, 'b')], { total: 3, skipToken: 'third' }),
    third: page([vmRow(ONE, 'c')], { total: 3 }),
  };

  test.each<[string, Answer]>([
    ['whose rows are lost', { body: { totalRecords: 3, count: 1, resultTruncated: 'false', data: [] } }],
    ['that ends in the middle', { text: '{"totalRecords":3,"da' }],
    ['of another shape', { body: { totalRecords: 3 } }],
    ['that Azure fails on', { status: 503 }],
    ['whose connection breaks', { reset: true }],
    ['that is throttled', { status: 429, headers: { 'retry-after': '1' } }],
  ])('%s is asked for again from where it begins, not from the start', async (_words, broken) => {
    let failed = false;
    arm.on('POST', GRAPH, (asked) => {
      const at = skipTokenOf(asked) ?? 'first';
      if (at !== 'second' || failed) return pages[at] ?? { status: 400 };
      failed = true;
      return broken;
    });
    const { subjects, failure } = await connectTo(arm).collectors.machine();
    expect(failure).toBeNull();
    expect(Object.keys(subjects)).toHaveLength(3);
    const tokens = arm.asked.filter(({ method }) => method === 'POST').map((asked) => skipTokenOf(asked));
    expect(tokens).toEqual([undefined, 'second', 'second', 'third']);
  });

  test('and fails again makes the collection incomplete, with the pages before it kept', async () => {
    arm.on('POST', GRAPH, (asked) => (skipTokenOf(asked) === 'second' ? { text: '{"da' } : (pages[skipTokenOf(asked) ?? 'first'] ?? {})));
    const { subjects, failure } = await connectTo(arm).collectors.machine();
    expect(failure?.reason).toContain('did not have the expected shape');
    expect(Object.keys(subjects)).toEqual([vmId(ONE, 'a').toLowerCase()]);
    expect(arm.asked.filter(({ method }) => method === 'POST')).toHaveLength(3);
  });
});
