import type { Verdict } from '../../../core/finding.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { judgeAll } from '../../../core/step.ts';
import { steps } from '../../../playbook/index.ts';
import type { Json } from '../../simulator/started-outside.ts';
import type { Expected, Truth } from './oracle.ts';
import { canBeProbed, machineSteps, subscriptionSteps } from './oracle.ts';
import { TruthWorld } from './truth-world.ts';

jest.setTimeout(240_000);

const ESTATES = [
  { estate: 'sample', seed: 7 },
  { estate: '120', seed: 1 },
  { estate: '120', seed: 2 },
];

describe.each(ESTATES)('the estate $estate of seed $seed', ({ estate, seed }) => {
  let world: TruthWorld;
  let before: ReadonlyMap<string, Verdict> = new Map();
  beforeAll(async () => {
    world = await TruthWorld.start(estate, seed);
  });
  afterAll(() => world.end());

  it('is judged as it is', async () => {
    const snapshot = await world.look();
    const { wrong, said } = compare(snapshot, await world.truth());
    expect(wrong).toEqual([]);
    expect(said.size).toBeGreaterThan(500);
    before = said;
  });

  it('is judged anew when it was changed behind the bot’s back', async () => {
    const { machines } = await world.truth();
    await world.outside.door('POST', '/_estate', { machines: machines.filter((_, index) => index % 3 === 0).map(changed) });
    world.outside.clock.move({ advanceSeconds: 3_600 });
    const snapshot = await world.look();
    const { wrong, said } = compare(snapshot, await world.truth(), before);
    expect(wrong).toEqual([]);
    expect([...said].filter(([key, verdict]) => before.get(key) !== verdict).length).toBeGreaterThan(20);
  });
});

/** Something else about each: the key, a pending restart, an agent that went away. */
function changed({ id, os, guest, arc }: Json, index: number): Json {
  const changes: readonly Json[] = [
    os.type === 'windows'
      ? { guest: { passiveKey: guest.passiveKey === 1 ? null : 1 } }
      : { guest: { rebootPending: !guest.rebootPending } },
    { guest: { rebootPending: !guest.rebootPending, rebootReasons: [] } },
    arc ? { arc: { status: arc.status === 'Connected' ? 'Disconnected' : 'Connected' } } : { guest: { rebootPending: true } },
  ];
  return { id, ...changes[index % changes.length] };
}

/** What was found, held against the truth. A machine that cannot be looked into any more may still be judged by the look `before`. */
function compare(snapshot: Snapshot, truth: Truth, before: ReadonlyMap<string, Verdict> = new Map()) {
  const byId = (list: readonly Json[]) => new Map(list.map((one) => [String(one['id']).toLowerCase(), one]));
  const machines = byId(truth.machines);
  const subscriptions = byId(truth.subscriptions);
  const said = new Map<string, Verdict>();
  const wrong = steps.flatMap((row) =>
    judgeAll(row, snapshot, truth.now).flatMap(({ subjectId, verdict, code, because }) => {
      if (verdict === 'unknown' && because === '') return [`${row.id} of ${subjectId} is unknown without a reason`];
      const machine = machines.get(subjectId);
      const subscription = subscriptions.get(subjectId);
      const expected: Expected | undefined =
        machine === undefined ? subscription && subscriptionSteps[row.id]?.(subscription, truth) : machineSteps[row.id]?.(machine, truth);
      if (expected === undefined) return [];
      const key = `${row.id} ${subjectId}`;
      said.set(key, verdict);
      const stillCounts = machine !== undefined && !canBeProbed(machine) && before.get(key) === verdict;
      if (expected.includes(verdict) || stillCounts) return [];
      const name = machine?.['name'] ?? subscription?.['name'];
      return [`${row.id} of ${name}: ${verdict} (${code}: ${because}), expected ${expected.join(' or ')}`];
    }),
  );
  return { wrong, said };
}
