import { MINUTE, SECOND } from '../../../../core/instant.ts';
import type { BudgetedRequest } from '../../../../services/azure/budgets/counted.ts';
import { createBudgetKeeper } from '../../../../services/azure/budgets/keeper.ts';

const SUB = '/subscriptions/aaaaaaaa-1111-4111-8111-aaaaaaaaaaaa';
const OTHER = '/subscriptions/bbbbbbbb-2222-4222-8222-bbbbbbbbbbbb';
const vm = (nth: number, sub = SUB) => `${sub}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web${nth}`;
const arc = (nth: number) => `${SUB}/resourceGroups/rg/providers/Microsoft.HybridCompute/machines/db${nth}`;
const SETTING = `${SUB}/providers/Microsoft.Security/settings/WDATP`;

const put = (path: string, more: Partial<BudgetedRequest> = {}): BudgetedRequest => ({
  identity: 'writer',
  method: 'PUT',
  path,
  region: 'westeurope',
  urgent: false,
  ...more,
});
const get = (path: string, more: Partial<BudgetedRequest> = {}) => put(path, { identity: 'reader', method: 'GET', region: '', ...more });

const START = Date.parse('2026-03-02T08:00:00Z');

function keeperAt(start = START) {
  const clock = { at: start, now: () => clock.at };
  const keeper = createBudgetKeeper(clock);
  const answer = (headers: Record<string, string>, status = 200) => ({ status, headers: { get: (name: string) => headers[name] } });
  /** Takes the requests one after the other until one has to wait. */
  const takeAll = (request: (nth: number) => BudgetedRequest) => {
    let taken = 0;
    while (taken < 100_000 && keeper.take(request(taken)).waitSeconds === 0) taken += 1;
    return taken;
  };
  return { clock, keeper, answer, takeAll };
}

describe('by the documented numbers', () => {
  const pacing: readonly [string, (nth: number) => BudgetedRequest, number, number][] = [
    ['Resource Manager reads', (nth) => get(arc(nth)), 250, 25],
    ['Resource Manager writes', () => put(SETTING), 200, 10],
    ['Resource Manager deletes', () => put(SETTING, { method: 'DELETE' }), 200, 10],
    ['writes to one VM', () => put(`${vm(1)}/runCommands/a`), 12, 4 / 60],
    ['reads of one VM', () => get(`${vm(1)}/runCommands/a`), 36, 12 / 60],
    ['updates of one VM', () => put(`${vm(1)}/installPatches`, { method: 'POST' }), 6, 2 / 60],
    ['writes to Arc machines', (nth) => put(arc(nth)), 60, 1],
  ];
  test.each(pacing)(
    '%s never exceed what Azure holds and refills, and come within a tenth of its pace',
    (_name, request, size, perSecond) => {
      const { clock, takeAll } = keeperAt();
      const burst = takeAll(request);
      expect(burst).toBeLessThanOrEqual(size);
      expect(burst).toBeGreaterThanOrEqual(Math.floor(size * 0.7));
      let later = 0;
      const seconds = 1_800;
      for (let second = 1; second <= seconds; second += 1) {
        clock.at += SECOND;
        later += takeAll((nth) => request(burst + later + nth));
        expect(burst + later).toBeLessThanOrEqual(size + perSecond * second);
      }
      expect(later).toBeGreaterThanOrEqual(Math.floor(perSecond * seconds * 0.99));
    },
  );

  test('a subscription and region takes 500 changes of VMs in a minute, another region its own', () => {
    const { clock, keeper, takeAll } = keeperAt();
    for (let minute = 0; minute < 20; minute += 1) {
      for (let second = 0; second < 60; second += 1) {
        clock.at += SECOND;
        takeAll((nth) => put(vm(minute * 10_000 + second * 100 + nth)));
      }
    }
    const before = clock.at;
    let inAMinute = 0;
    for (; clock.at < before + MINUTE; clock.at += SECOND) inAMinute += takeAll((nth) => put(vm(clock.at + nth)));
    expect(inAMinute).toBeLessThanOrEqual(510);
    expect(inAMinute).toBeGreaterThanOrEqual(490);
    expect(keeper.take(put(vm(1), { region: 'North Europe' })).waitSeconds).toBe(0);
  });

  test('each subscription and each identity has its own', () => {
    const { keeper, takeAll } = keeperAt();
    takeAll(() => put(SETTING));
    expect(keeper.take(put(SETTING)).waitSeconds).toBeGreaterThan(0);
    expect(keeper.take(put(SETTING.replace(SUB, OTHER))).waitSeconds).toBe(0);
    expect(keeper.take(put(SETTING, { identity: 'reader' })).waitSeconds).toBe(0);
  });

  test('letter case makes no other machine of one', () => {
    const { keeper, takeAll } = keeperAt();
    takeAll(() => put(vm(1)));
    expect(keeper.take(put(vm(1).toUpperCase())).waitSeconds).toBeGreaterThan(0);
  });

  test('Resource Graph has a quota of its own and is not counted', () => {
    const { keeper, takeAll } = keeperAt();
    const query = put('/providers/Microsoft.ResourceGraph/resources', { identity: 'reader', method: 'POST' });
    expect(takeAll(() => query)).toBe(100_000);
    expect(keeper.take(get('/subscriptions')).waitSeconds).toBe(0);
  });

  test('the wait it names is the wait it takes', () => {
    const { clock, keeper, takeAll } = keeperAt();
    takeAll(() => put(vm(1)));
    const { waitSeconds } = keeper.take(put(vm(1)));
    clock.at += Math.floor(waitSeconds * SECOND) - 1;
    expect(keeper.take(put(vm(1))).waitSeconds).toBeGreaterThan(0);
    clock.at += 2;
    expect(keeper.take(put(vm(1))).waitSeconds).toBe(0);
  });
});

describe('what is kept back', () => {
  test('a question still finds room when a run has used up its reads', () => {
    const { keeper, takeAll } = keeperAt();
    takeAll((nth) => get(arc(nth)));
    expect(keeper.take(get(SUB)).waitSeconds).toBeGreaterThan(0);
    let answered = 0;
    while (keeper.take(get(SUB, { urgent: true })).waitSeconds === 0) answered += 1;
    expect(answered).toBeGreaterThanOrEqual(25);
  });

  test('so does a call that makes a machine safe, when ordinary changes have to wait', () => {
    const { keeper, takeAll } = keeperAt();
    takeAll((nth) => put(arc(nth)));
    expect(keeper.take(put(arc(1))).waitSeconds).toBeGreaterThan(0);
    expect(keeper.take(put(arc(1), { urgent: true })).waitSeconds).toBe(0);
  });
});

describe('by what Azure says', () => {
  test('a header that says less is obeyed, and one that says more changes nothing', () => {
    const { clock, keeper, answer, takeAll } = keeperAt();
    keeper.take(get(SETTING)).answered(answer({ 'x-ms-ratelimit-remaining-subscription-reads': '60' }));
    expect(takeAll(() => get(SETTING))).toBeLessThanOrEqual(61 - 250 * 0.2);
    keeper.take(get(SETTING, { urgent: true })).answered(answer({ 'x-ms-ratelimit-remaining-subscription-reads': '249' }));
    expect(keeper.take(get(SETTING)).waitSeconds).toBeGreaterThan(0);
    clock.at += 10 * MINUTE;
    expect(takeAll(() => get(SETTING))).toBeGreaterThanOrEqual(250 * 0.7);
  });

  test.each<[string, string, BudgetedRequest, BudgetedRequest]>([
    ['UpdateVMSubscriptionMaximum', 'the region’s', put(vm(1)), put(vm(2))],
    ['UpdateVMResource', 'the machine’s', put(vm(1)), put(vm(1))],
    ['LowCostGetSubscriptionMaximum', 'the region’s reads', get(vm(1)), get(vm(2))],
    ['LowCostGetResource', 'the machine’s reads', get(vm(1)), get(vm(1))],
  ])('an entry %s of the resource header is %s', (name, _whose, first, second) => {
    const { keeper, answer } = keeperAt();
    keeper.take(first).answered(answer({ 'x-ms-ratelimit-remaining-resource': `Microsoft.Compute/Else;9, Microsoft.Compute/${name};0` }));
    expect(keeper.take(second).waitSeconds).toBeGreaterThan(0);
  });

  test('the whole fleet’s header holds back both identities', () => {
    const { keeper, answer } = keeperAt();
    keeper.take(get(SETTING)).answered(answer({ 'x-ms-ratelimit-remaining-subscription-global-reads': '0' }));
    expect(keeper.take(get(SETTING, { identity: 'writer', urgent: true })).waitSeconds).toBeGreaterThan(0);
  });

  test('an answer that was long on the way takes nothing away that has come in since', () => {
    const { clock, keeper, answer, takeAll } = keeperAt();
    takeAll(() => put(SETTING));
    const leave = keeper.take(put(SETTING, { urgent: true }));
    clock.at += 20 * SECOND;
    leave.answered(answer({ 'x-ms-ratelimit-remaining-subscription-writes': '39' }));
    expect(takeAll(() => put(SETTING))).toBeGreaterThanOrEqual(155);
  });

  test.each(['', 'many', '1e3', 'NaN', '-', '12;3'])('a header that is no number (%j) is not believed', (text) => {
    const { keeper, answer, takeAll } = keeperAt();
    keeper.take(get(SETTING)).answered(answer({ 'x-ms-ratelimit-remaining-subscription-reads': text }));
    expect(takeAll(() => get(SETTING))).toBeGreaterThanOrEqual(150);
  });

  test('Retry-After closes the limit that was met, and leaves the others alone', () => {
    const { clock, keeper, answer } = keeperAt();
    const headers = {
      'retry-after': '30',
      'x-ms-ratelimit-remaining-resource': 'Microsoft.Compute/UpdateVMSubscriptionMaximum;1400,Microsoft.Compute/UpdateVMResource;0',
    };
    keeper.take(put(vm(1))).answered(answer(headers, 429));
    expect(keeper.take(put(vm(1))).waitSeconds).toBeGreaterThanOrEqual(30);
    expect(keeper.take(put(vm(2))).waitSeconds).toBe(0);
    clock.at += MINUTE;
    expect(keeper.take(put(vm(1))).waitSeconds).toBe(0);
  });

  test('a 429 that does not say which limit closes the provider’s own', () => {
    const { clock, keeper, answer } = keeperAt();
    keeper.take(put(arc(1))).answered(answer({ 'retry-after': '200' }, 429));
    expect(keeper.take(put(arc(2), { urgent: true })).waitSeconds).toBe(200);
    expect(keeper.take(put(vm(1))).waitSeconds).toBe(0);
    expect(keeper.take(get(arc(2))).waitSeconds).toBe(0);
    clock.at += 200 * SECOND;
    expect(keeper.take(put(arc(2))).waitSeconds).toBe(0);
  });

  test('a Retry-After of a day is waited for ten minutes, and no Retry-After for a moment', () => {
    const { clock, keeper, answer } = keeperAt();
    keeper.take(put(arc(1))).answered(answer({ 'retry-after': '86400' }, 429));
    expect(keeper.take(put(arc(1))).waitSeconds).toBe(600);
    clock.at += 600 * SECOND;
    const leave = keeper.take(put(arc(1)));
    expect(leave.waitSeconds).toBe(0);
    leave.answered(answer({}, 429));
    expect(keeper.take(put(arc(1))).waitSeconds).toBe(5);
  });

  test('an error that is no 429 closes nothing', () => {
    const { keeper, answer } = keeperAt();
    keeper.take(put(arc(1))).answered(answer({ 'retry-after': '200' }, 503));
    expect(keeper.take(put(arc(1))).waitSeconds).toBe(0);
  });
});

describe('a clock that is moved', () => {
  test('forward fills what has been used', () => {
    const { clock, takeAll } = keeperAt();
    const burst = takeAll(() => put(SETTING));
    clock.at += 365 * 24 * 60 * MINUTE;
    expect(takeAll(() => put(SETTING))).toBe(burst);
  });

  test('backward gives nothing away, and does not stand still for long', () => {
    const { clock, keeper, answer, takeAll } = keeperAt();
    takeAll(() => put(SETTING));
    clock.at -= 24 * 60 * MINUTE;
    expect(keeper.take(put(SETTING)).waitSeconds).toBeGreaterThan(0);
    clock.at += MINUTE;
    expect(keeper.take(put(SETTING)).waitSeconds).toBe(0);
    keeper.take(put(arc(1))).answered(answer({ 'retry-after': '300' }, 429));
    clock.at -= 24 * 60 * MINUTE;
    expect(keeper.take(put(arc(1))).waitSeconds).toBeLessThanOrEqual(600);
    clock.at += 10 * MINUTE;
    expect(keeper.take(put(arc(1))).waitSeconds).toBe(0);
  });
});

describe('holding room', () => {
  const begin = [get(vm(1)), put(`${vm(1)}/runCommands/a`)];

  test('what is held is not counted again when it is sent, and not held twice', () => {
    const { keeper, takeAll } = keeperAt();
    for (let nth = 0; nth < 50; nth += 1) expect(keeper.hold([put(`${vm(1)}/runCommands/a`)])).toBe(0);
    expect(keeper.take(put(`${vm(1)}/runCommands/a`)).waitSeconds).toBe(0);
    expect(takeAll(() => put(`${vm(1)}/runCommands/b`))).toBeGreaterThanOrEqual(12 * 0.7 - 1);
  });

  test('others cannot take it', () => {
    const { keeper, takeAll } = keeperAt();
    expect(keeper.hold(begin)).toBe(0);
    takeAll(() => put(`${vm(1)}/runCommands/b`));
    expect(keeper.take(put(`${vm(1)}/runCommands/a`)).waitSeconds).toBe(0);
    expect(keeper.take(put(`${vm(1)}/runCommands/a`)).waitSeconds).toBeGreaterThan(0);
  });

  test('all or nothing: without room for one of them none is counted', () => {
    const { keeper, takeAll } = keeperAt();
    takeAll(() => put(`${vm(1)}/runCommands/b`));
    for (let nth = 0; nth < 50; nth += 1) expect(keeper.hold(begin)).toBeGreaterThan(0);
    expect(takeAll(() => get(vm(1)))).toBeGreaterThanOrEqual(36 * 0.7);
  });

  test('requests to the same limit are counted together', () => {
    const { keeper } = keeperAt();
    const many = Array.from({ length: 49 }, (_, nth) => put(arc(nth)));
    expect(keeper.hold(many)).toBeGreaterThan(0);
    expect(keeper.hold(many.slice(1))).toBe(0);
  });

  test('after a minute it is gone', () => {
    const { clock, keeper, takeAll } = keeperAt();
    expect(keeper.hold([put(vm(1))])).toBe(0);
    clock.at += MINUTE + 1;
    takeAll(() => put(`${vm(1)}/runCommands/b`));
    expect(keeper.take(put(vm(1))).waitSeconds).toBeGreaterThan(0);
  });
});
