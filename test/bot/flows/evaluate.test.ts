import fc from 'fast-check';
import type { Context } from '../../../bot/flows/context.ts';
import type { Evaluate } from '../../../bot/flows/evaluate.ts';
import { createEvaluate } from '../../../bot/flows/evaluate.ts';
import { loadSnapshot } from '../../../bot/flows/snapshot.ts';
import type { Collection, Evidence, EvidenceKind, EvidenceOf } from '../../../core/evidence.ts';
import { evidenceKinds, read, unread } from '../../../core/evidence.ts';
import type { Verdict } from '../../../core/finding.ts';
import { HOUR, MINUTE } from '../../../core/instant.ts';
import type { MachineFacts } from '../../../core/machine.ts';
import { asOfKept, readAtOf } from '../../../core/readiness.ts';
import { ORGANISATION } from '../../../core/snapshot.ts';
import { judgeAll } from '../../../core/step.ts';
import { steps } from '../../../playbook/index.ts';
import { facts, machine } from '../../playbook/steps/arbitraries.ts';
import type { Opened } from '../../services/store/engines.ts';
import { openPrepared } from '../../services/store/engines.ts';
import { machineFacts, migration, NOW, SUBSCRIPTION, utc } from '../../support/facts.ts';

const VERDICTS: readonly Verdict[] = ['ready', 'not-ready', 'unknown', 'waived', 'not-applicable'];
const kinds = Object.keys(evidenceKinds) as readonly EvidenceKind[];
/** The list is a file: it is read whole. */
const alone = kinds.filter((kind) => kind !== 'server-list');
const collected = kinds.filter((kind) => evidenceKinds[kind].from !== 'run');

let opened: Opened;
let now = NOW;
const fleetMigration = { ...migration, subscriptions: [{ id: SUBSCRIPTION, name: 'corp-prod' }] };
const transact: Opened['store']['transact'] = (work) => opened.store.transact(work);
function contextNow(): Context {
  return { store: opened.store, steps, migration: fleetMigration, zone: utc, clock: { now: () => now } } as Partial<Context> as Context;
}

const tables = [
  'readiness_parts, readiness_examples, readiness_findings, readiness_counts, readiness_ages, readiness_changes, readiness_history, readiness_groups, readiness_subjects',
  'evidence, evidence_parts, sources',
];
beforeAll(async () => {
  opened = await openPrepared(process.env['TEST_DATABASE_URL'] ?? null);
}, 240_000);
beforeEach(clear);
afterAll(() => opened.remove(), 30_000);

async function clear(): Promise<void> {
  now = NOW;
  await opened.raw(`truncate ${tables.join(', ')}, waivers`);
}

/** What the store says of everybody, and what judging everything from the beginning says. */
async function compare(): Promise<void> {
  const snapshot = await loadSnapshot(contextNow());
  const readAt = readAtOf(snapshot.sources);
  for (const row of steps) {
    const found = await transact((tx) => tx.findings(row.id, { verdicts: VERDICTS }, {}, { skip: 0, limit: 1_000 }));
    const kept = found.map(({ place, finding }) => {
      const { verdict, code, because, fix } = finding;
      return [place.id, { verdict, code, because, fix, asOf: asOfKept(finding, readAt) }] as const;
    });
    const judged = judgeAll(row, snapshot, now).map(({ subjectId, verdict, code, because, fix, asOf }) => {
      // Since when something is missing that nobody ever looked for, nobody knows.
      const needed: readonly EvidenceKind[] = ['machine', ...row.needs];
      const never = asOf === now && needed.some((kind) => because === `the ${evidenceKinds[kind].words} has not been read yet`);
      return [subjectId, { verdict, code, because, fix, asOf: never ? null : asOf }] as const;
    });
    expect([row.id, Object.fromEntries(kept)]).toEqual([row.id, Object.fromEntries(judged)]);
  }
}

function collection(kind: EvidenceKind, subjects: Readonly<Record<string, unknown>>, at: number, failed = false): Collection<never> {
  const failure = failed ? unread('Azure refused', 'Grant Reader.', kind, at) : null;
  const evidence = Object.fromEntries(Object.entries(subjects).map(([id, value]) => [id, read(value, kind, at)]));
  return { kind, source: kind, collectedAt: at, subjects: evidence, failure } as unknown as Collection<never>;
}

/** A list that knows some of the machines and servers that Azure does not show; or none. */
function listOf(machines: readonly MachineFacts[], seed: number): EvidenceOf['server-list'] {
  if (seed % 3 === 0) return { loaded: false };
  const names = [...machines.filter((_, index) => (seed >> index) % 2 === 0).map(({ name }) => name), `lost-${seed % 2}`, 'gone'];
  const servers = names.map((name) => ({
    name,
    fqdn: '',
    owner: seed % 5 === 0 ? 'Ops' : '',
    os: seed % 2 === 0 ? 'Windows Server 2019' : '',
  }));
  return { loaded: true, asOf: NOW, attestedBy: 'Priya', servers, sha256: String(seed) };
}

const save = (kind: EvidenceKind, subjects: Readonly<Record<string, unknown>>, failed = false) =>
  transact((tx) => tx.saveCollection(collection(kind, subjects, now, failed)));

describe('the findings that are kept', () => {
  it('are those of judging everything anew, whatever was read, failed, aged or came by itself', async () => {
    const someMachines = fc.uniqueArray(machine, { minLength: 1, maxLength: 4, selector: ({ id }: MachineFacts) => id });
    const later = fc.constantFrom(0, 1, 5 * MINUTE, 40 * MINUTE, 3 * HOUR, 26 * HOUR);
    const event = fc.oneof(
      { weight: 3, arbitrary: fc.record({ does: fc.constant('read' as const), kind: fc.constantFrom(...collected), seed: fc.integer() }) },
      { weight: 1, arbitrary: fc.record({ does: fc.constant('fail' as const), kind: fc.constantFrom(...collected), seed: fc.integer() }) },
      { weight: 2, arbitrary: fc.record({ does: fc.constant('alone' as const), kind: fc.constantFrom(...alone), seed: fc.integer() }) },
      {
        weight: 1,
        arbitrary: fc.record({ does: fc.constant('start' as const), kind: fc.constant('machine' as const), seed: fc.integer() }),
      },
    );
    const history = fc.array(fc.tuple(event, later), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(someMachines, history, fc.integer(), async (machines, events, seed) => {
        await clear();
        let evaluate: Evaluate = createEvaluate(contextNow());
        const ids = { machine: machines.map(({ id }) => id), subscription: [SUBSCRIPTION], organisation: [ORGANISATION] };
        const some = (kind: EvidenceKind, from: number): Readonly<Record<string, unknown>> => {
          if (kind === 'server-list') return { [ORGANISATION]: listOf(machines, from) };
          const known = kind === 'machine' ? machines : fc.sample(facts[kind] as fc.Arbitrary<unknown>, { numRuns: 4, seed: from });
          return Object.fromEntries(ids[evidenceKinds[kind].subject].map((id, index) => [id, known[index % known.length]]));
        };
        for (const kind of collected) await save(kind, some(kind, seed));
        await evaluate();
        await compare();
        for (const [{ does, kind, seed: other }, after] of events) {
          now += after + 1;
          if (does === 'read') await save(kind, some(kind, other));
          else if (does === 'fail')
            await save(kind, Object.fromEntries(Object.entries(some(kind, other)).slice(0, Math.abs(other) % 3)), true);
          else if (does === 'start') evaluate = createEvaluate(contextNow());
          else {
            const [id, value] = Object.entries(some(kind, other))[Math.abs(other) % ids[evidenceKinds[kind].subject].length]!;
            await transact((tx) => tx.saveEvidence(kind, id, read(value, 'alone', now) as Evidence<never>));
          }
          await evaluate();
          await compare();
        }
      }),
      { numRuns: 25 },
    );
  }, 600_000);

  it('are not written again when everything is read again and is as it was, and are as new all the same', async () => {
    const evaluate = createEvaluate(contextNow());
    const one = machineFacts();
    await save('machine', { [one.id]: one });
    expect((await evaluate()).changed).toBeGreaterThan(0);
    now += 10 * MINUTE;
    await save('machine', { [one.id]: one });
    const versions = () => opened.raw('select number, xmin::text from readiness_findings order by number');
    const before = await versions();
    await evaluate();
    expect(await versions()).toEqual(before);
    await compare();
  });

  it('follow a WSUS in another part of the fleet: what is seen in it changes what is said of its clients', async () => {
    const evaluate = createEvaluate(contextNow());
    const [client, server] = [
      machineFacts({ id: `${machineFacts().id}-client`, name: 'client', vmId: 'c' }),
      machineFacts({ name: 'wsus01', vmId: 'w' }),
    ];
    const [guest] = fc.sample(facts.guest as fc.Arbitrary<{ vmId: string }>, { numRuns: 1, seed: 1 }) as [{ vmId: string }];
    const looks = (vmId: string, over: object) =>
      read({ ...guest, vmId, platform: 'windows', wsus: null, wsusServer: null, unchecked: [], ...over }, 'probe', now);
    const wsusServer = { products: [], classifications: [], rules: [], lastSync: null };
    await save('machine', { [client.id]: client, [server.id]: server });
    await transact(async (tx) => {
      await tx.saveEvidence('guest', client.id, looks('c', { wsus: { server: 'http://wsus01:8530' } }) as Evidence<never>);
    });
    await evaluate();
    const said = async () => {
      const found = await transact((tx) =>
        tx.findings('wsus-serves-defender', { verdicts: VERDICTS }, { machine: 'client' }, { skip: 0, limit: 1 }),
      );
      return found[0]?.finding.code;
    };
    expect(await said()).toBe('wsus-unclear');
    now += MINUTE;
    await transact((tx) => tx.saveEvidence('guest', server.id, looks('w', { wsusServer }) as Evidence<never>));
    await evaluate();
    expect(await said()).toBe('wsus-no-definitions');
    await compare();
  });

  describe('after a start', () => {
    const judged = async () => {
      const parts: number[] = [];
      const store: Context['store'] = {
        ...opened.store,
        transact: (work) =>
          opened.store.transact((tx) =>
            work({
              ...tx,
              saveFindings: (at, found) => {
                parts.push(...found.map(({ part }) => part));
                return tx.saveFindings(at, found);
              },
            }),
          ),
      };
      return { parts, evaluate: (rules: string) => createEvaluate({ ...contextNow(), store, rules })() };
    };

    it('are left as they are where what they rest on is as it was', async () => {
      const one = machineFacts();
      await save('machine', { [one.id]: one });
      const { parts, evaluate } = await judged();
      await evaluate('these rules');
      expect(parts.length).toBeGreaterThan(0);
      parts.length = 0;
      now += 1;
      await evaluate('these rules');
      expect(parts).toEqual([]);
      await compare();
    });

    it('are judged anew, all of them, by other rules', async () => {
      const one = machineFacts();
      await save('machine', { [one.id]: one });
      const { parts, evaluate } = await judged();
      await evaluate('these rules');
      const all = [...parts];
      parts.length = 0;
      now += 1;
      await evaluate('other rules');
      expect(parts).toEqual(all);
    });
  });

  it('answer a call that comes during an evaluation with one that begins after it', async () => {
    const evaluate = createEvaluate(contextNow());
    const [one, two] = [machineFacts(), machineFacts({ id: `${machineFacts().id}-2`, name: 'two', vmId: 'v2' })];
    await save('machine', { [one.id]: one });
    const first = evaluate();
    await save('machine', { [one.id]: one, [two.id]: two });
    await evaluate();
    await first;
    await compare();
  });
});
