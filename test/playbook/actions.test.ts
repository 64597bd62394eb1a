import { unread } from '../../core/evidence.ts';
import { makePlan } from '../../core/make-plan.ts';
import { rightsFor } from '../../core/needed-rights.ts';
import { expandCall, planHash } from '../../core/plan.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { subjectsOf } from '../../core/snapshot.ts';
import { actionById, actions } from '../../playbook/actions/index.ts';
import { scripts } from '../../playbook/scripts/index.ts';
import {
  antivirus,
  extensionFacts,
  guestFacts,
  machineFacts,
  migration,
  NOW,
  person,
  SUBSCRIPTION,
  snapshotOf,
  utc,
} from '../support/facts.ts';

/** Machines whose Defender extension is known to be absent, and the evidence given. */
const world = (machines: Parameters<typeof snapshotOf>[0], evidence: Parameters<typeof snapshotOf>[1] = {}) =>
  snapshotOf(machines, { 'defender-extension': { present: false }, ...evidence });

const off = { endpointProtection: false, unifiedSolution: true, includesLinux: true };
const on = { ...off, endpointProtection: true };
const windows = machineFacts();
const arc = machineFacts({
  name: 'arc-01',
  kind: 'arc',
  id: `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-a/providers/microsoft.hybridcompute/machines/arc-01`,
  status: 'Connected',
  configMode: 'full',
});

function plan(id: string, snapshot: Snapshot, scope = {}, now = NOW) {
  const nothingElse = { ticket: null, follows: null, only: null, standing: null };
  const request = { action: actionById(id)!, scope, requestedBy: person(9), planId: 'GL-0001', now, ...nothingElse };
  return makePlan(request, migration, snapshot, utc);
}

function planned(id: string, snapshot: Snapshot) {
  const outcome = plan(id, snapshot);
  if (outcome.kind !== 'ok') throw new Error(JSON.stringify(outcome));
  return outcome.value;
}

/** For every action, evidence from which it has something to do. */
const ground: Record<string, Snapshot> = {
  'probe-machines': world([windows, arc]),
  'set-passive-mode': world([windows, arc]),
  'turn-endpoint-protection-off': world([windows], { 'security-settings': on }),
  'turn-endpoint-protection-on': world([windows], { 'security-settings': off, guest: guestFacts({ passiveKey: 1 }) }),
};

/** The same evidence, where looking at what people vouched for, waived or closed is a mistake. */
function withoutWords(snapshot: Snapshot): Snapshot {
  const words = (name: string) => ({
    get: () => {
      throw new Error(`it looked at the ${name}`);
    },
  });
  return Object.defineProperties(
    { ...snapshot },
    Object.fromEntries(['attestations', 'waivers', 'gates'].map((name) => [name, words(name)])),
  );
}

describe.each(actions.map(({ id }) => id))('%s', (id) => {
  // A plan that did would have to name each word it rests on, so that it is signed, and to drop its targets when the word ends.
  it('rests on evidence alone, and on nobody’s word: neither its plans nor its guards look at one', () => {
    const action = actionById(id)!;
    expect(planHash(planned(id, withoutWords(ground[id]!)))).toBe(planHash(planned(id, ground[id]!)));
    for (const snapshot of [...Object.values(ground), world([windows, arc]), snapshotOf([windows, arc])].map(withoutWords)) {
      for (const subject of subjectsOf(snapshot, action.subject)) {
        expect(() => action.consider(subject, snapshot, NOW)).not.toThrow();
        expect(() => action.undoBlock(subject, snapshot, NOW)).not.toThrow();
      }
    }
  });

  it('plans the same bytes from the same evidence', () => {
    expect(planHash(planned(id, ground[id]!))).toBe(planHash(planned(id, structuredClone(ground[id]!))));
  });

  it('ends every sequence with a proof', () => {
    for (const { sequence } of planned(id, ground[id]!).targets) expect(sequence.at(-1)?.do).toBe('prove');
  });

  it('has undo calls, or says there is none', () => {
    for (const { undo } of planned(id, ground[id]!).targets) {
      if (undo.length === 0) expect(actionById(id)!.undoWords).toMatch(/^None, because/);
    }
  });

  it('brings a machine it leaves half-way back to safety by signed calls that end with a proof, or says why there are none', () => {
    for (const { sequence, makeSafe } of planned(id, ground[id]!).targets) {
      const mayLeaveHalfWay = sequence.some((item) => item.do === 'change' && !item.safe);
      expect(makeSafe.length > 0).toBe(mayLeaveHalfWay);
      if (mayLeaveHalfWay) expect(makeSafe.at(-1)?.do).toBe('prove');
      else expect(actionById(id)!.makeSafeWords).toMatch(/^Nothing has to be made safe, because/);
    }
  });

  it('looks again by a second source later, or says why there is none', () => {
    for (const { finalCheck } of planned(id, ground[id]!).targets) {
      if (finalCheck === null) expect(actionById(id)!.finalWords).toMatch(/^None, because/);
      else expect(finalCheck.withinMinutes).toBeLessThanOrEqual(24 * 60);
    }
  });

  it('gives every call of a target a name of its own, whatever it is for', () => {
    for (const { sequence, makeSafe, undo } of planned(id, ground[id]!).targets) {
      const ids = [...sequence, ...makeSafe, ...undo].flatMap(({ call }) => call?.id ?? []);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('is of the class its calls make it', () => {
    const changes = planned(id, ground[id]!).targets.some(({ sequence }) => sequence.some((item) => item.do === 'change'));
    expect(actionById(id)!.class === 'read-only').toBe(!changes);
  });

  it('names its permissions and binds the scripts it sends', () => {
    const { permissions } = actionById(id)!;
    expect(permissions.length).toBeGreaterThan(0);
    const value = planned(id, ground[id]!);
    const sent = JSON.stringify(value.targets);
    for (const script of Object.values(scripts)) {
      if (sent.includes(JSON.stringify(script.text).slice(1, 60)))
        expect(value.scripts).toContainEqual({ id: script.id, sha256: script.sha256 });
    }
  });

  it('names every operation that one of its calls needs, undoing and tidying up included', () => {
    const needed = planned(id, ground[id]!).targets.flatMap(({ sequence, makeSafe, undo }) =>
      rightsFor([...sequence, ...makeSafe, ...undo]),
    );
    expect(needed.length).toBeGreaterThan(0);
    const named = new Set(actionById(id)!.permissions.map((operation) => operation.toLowerCase()));
    expect(
      needed.map(({ operation }) => operation).filter((operation) => operation === null || !named.has(operation.toLowerCase())),
    ).toEqual([]);
  });

  it('names no operation by a wildcard', () => {
    for (const operation of actionById(id)!.permissions)
      expect(operation).toMatch(/^Microsoft\.\w+(?:\/\w+)+\/(?:read|write|delete|action)$/);
  });

  it('plans nothing while the inventory cannot be read', () => {
    const snapshot = {
      ...ground[id]!,
      sources: [{ kind: 'machine' as const, source: 'x', readAt: null, failure: unread('blocked', 'grant', 'x', NOW) }],
    };
    expect(plan(id, snapshot)).toMatchObject({ kind: 'refused', code: 'evidence-unread' });
  });

  it('refuses a ring and a subscription the migration does not have', () => {
    expect(plan(id, ground[id]!, { ring: 'nosuch' })).toMatchObject({ kind: 'refused', code: 'unknown-ring' });
    expect(plan(id, ground[id]!, { subscription: 'nosuch' })).toMatchObject({ kind: 'refused', code: 'unknown-subscription' });
  });
});

describe('set-passive-mode', () => {
  it.each([
    ['a Linux machine', machineFacts({ os: 'linux' }), 'other-os'],
    ['Windows Server 2012 R2 on an Azure VM', machineFacts({ os: 'windows-server-2012-r2' }), 'no-run-command'],
    ['an operating system outside the list', machineFacts({ os: 'unsupported' }), 'unsupported'],
    ['an operating system Azure does not report', machineFacts({ os: null }), 'os-unread'],
    ['a machine that is switched off', machineFacts({ status: 'PowerState/deallocated' }), 'not-running'],
    ['a disconnected Arc machine', { ...arc, status: 'Disconnected' }, 'arc-not-connected'],
    ['an Arc machine in monitor mode', { ...arc, configMode: 'monitor' }, 'arc-monitor'],
  ])('leaves out %s and says why', (_words, machine, code) => {
    const value = planned('set-passive-mode', world([windows, { ...machine, id: `${machine.id}-2` }]));
    expect(value.leftOut).toEqual([expect.objectContaining({ code })]);
  });

  it('leaves out a machine whose key is proven to be set', () => {
    expect(plan('set-passive-mode', world([windows], { guest: guestFacts({ passiveKey: 1 }) }))).toMatchObject({
      code: 'nothing-to-do',
    });
  });

  it('never puts a machine passive that Defender is protecting now', () => {
    const defender = antivirus({ tamperProtected: false });
    const snapshot = world([windows], { guest: guestFacts({ onboarded: true, defender }) });
    expect(plan('set-passive-mode', snapshot)).toMatchObject({ code: 'nothing-to-do' });
  });

  it.each([
    ['carries the Defender extension', { 'defender-extension': extensionFacts() }],
    [
      'was found active long ago',
      {
        guest: guestFacts({ onboarded: true, defender: antivirus() }),
      },
    ],
  ])('leaves out a machine that %s and was not probed since', (_words, evidence) => {
    const old = world([windows], evidence);
    const aged = { ...old, evidence: { ...old.evidence, guest: world([windows], evidence).evidence.guest ?? {} } };
    const outcome = plan('set-passive-mode', aged, {}, NOW + 30 * 3_600_000);
    expect(outcome).toMatchObject({ kind: 'refused', code: 'nothing-to-do' });
  });

  it('sends the constant script; a hostile name changes no byte of it', () => {
    const hostile = machineFacts({ name: "x'; rm -rf / #$(id)" });
    const made = planned('set-passive-mode', world([hostile]));
    const [target] = made.targets;
    const bodies = target!.sequence.map(({ call }) => JSON.stringify(expandCall(made, planHash(made), target!.id, call!).body));
    expect(bodies[0]).toContain(JSON.stringify(scripts.setPassiveMode.text).slice(1, -1));
    expect(bodies.join()).not.toContain('rm -rf');
  });
});

describe('turn-endpoint-protection-on', () => {
  it('is refused while a Windows machine in the subscription has no proven passive mode, whatever anybody attests', () => {
    const snapshot = world([windows, { ...arc }], { 'security-settings': off });
    expect(plan('turn-endpoint-protection-on', snapshot)).toMatchObject({
      code: 'nothing-to-do',
      because: expect.stringContaining('two active antivirus engines'),
    });
  });

  it.each([
    ['unsupported', 'Windows Server'],
    [null, ''],
  ] as const)('counts a machine of operating system %s as one that may be Windows', (os, osLabel) => {
    const known = world([windows], { 'security-settings': off, guest: guestFacts({ passiveKey: 1 }) });
    const other = machineFacts({ id: `${windows.id}-2`, os, osLabel });
    const machines = [...known.machines, { kind: 'machine' as const, id: other.id, name: 'x', facts: other, ring: 'canary' }];
    expect(plan('turn-endpoint-protection-on', { ...known, machines })).toMatchObject({ code: 'nothing-to-do' });
  });

  it('plans nothing while the inventory of a machine could not be read', () => {
    const known = world([windows], { 'security-settings': off, guest: guestFacts({ passiveKey: 1 }) });
    const machine = { ...known.evidence.machine, '/x/lost': unread('malformed', 'look', 'x', NOW) };
    expect(plan('turn-endpoint-protection-on', { ...known, evidence: { ...known.evidence, machine } })).toMatchObject({
      code: 'evidence-unread',
    });
  });

  it('includes Linux by switching its exclusion off', () => {
    const calls = planned('turn-endpoint-protection-on', ground['turn-endpoint-protection-on']!).targets[0]!.sequence.map(
      ({ call }) => call,
    );
    expect(calls.find((call) => call?.path.endsWith('EXCLUDE_LINUX_PUBLIC_PREVIEW'))?.body).toMatchObject({
      properties: { enabled: false },
    });
  });

  it('holds every machine of the subscription', () => {
    expect(planned('turn-endpoint-protection-on', ground['turn-endpoint-protection-on']!).targets[0]!.holds).toEqual([
      SUBSCRIPTION,
      windows.id,
    ]);
  });
});

describe('the undo', () => {
  const machine = (evidence: Parameters<typeof snapshotOf>[1], id: string, now = NOW) => {
    const snapshot = world([windows], evidence);
    return actionById(id)!.undoBlock(snapshot.machines[0]!, snapshot, now);
  };
  const passive = (onboarded: boolean) => ({ guest: guestFacts({ passiveKey: 1, onboarded }) });

  it('of passive mode is for machines that are known not to be onboarded, on fresh facts', () => {
    expect(machine(passive(false), 'set-passive-mode')).toBeNull();
    expect(machine(passive(true), 'set-passive-mode')).toMatchObject({ code: 'phase-order' });
    expect(machine({}, 'set-passive-mode')).toMatchObject({ code: 'not-probed' });
    expect(machine(passive(false), 'set-passive-mode', NOW + 30 * 3_600_000)).toMatchObject({ code: 'not-probed' });
  });

  it('of switching endpoint protection off asks what switching it on asks', () => {
    const subscription = (evidence: Parameters<typeof snapshotOf>[1], id: string) => {
      const snapshot = world([windows], { 'security-settings': off, ...evidence });
      return actionById(id)!.undoBlock(snapshot.subscriptions[0]!, snapshot, NOW);
    };
    expect(subscription({ guest: guestFacts({}) }, 'turn-endpoint-protection-off')).toMatchObject({ code: 'phase-order' });
    expect(subscription(passive(false), 'turn-endpoint-protection-off')).toBeNull();
    expect(subscription({ guest: guestFacts({}) }, 'turn-endpoint-protection-on')).toBeNull();
  });

  it('of a probe does not exist', () => {
    expect(machine({}, 'probe-machines')).toMatchObject({ code: 'no-undo' });
  });
});

describe('what probe-machines says it found', () => {
  const linux = machineFacts({ name: 'lnx-01', os: 'linux' });
  it.each([
    ['not probed yet', windows, null],
    ['the key is not set', windows, guestFacts()],
    ['the key is 1', windows, guestFacts({ passiveKey: 1 })],
    ['mdatp is in passive mode', linux, guestFacts({ platform: 'linux', passiveKey: 1 })],
    ['mdatp is not in passive mode', linux, guestFacts({ platform: 'linux', passiveKey: 0 })],
    ['mdatp is not installed or does not answer', linux, guestFacts({ platform: 'linux' })],
  ])('%s', (words, machine, guest) => {
    expect(planned('probe-machines', world([machine], guest ? { guest } : {})).targets.map(({ found }) => found)).toEqual([words]);
  });
});
