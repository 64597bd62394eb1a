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
  freedGuest,
  guestFacts,
  machineFacts,
  migration,
  NOW,
  person,
  SUBSCRIPTION,
  snapshotOf,
  utc,
} from '../support/facts.ts';
import { toBeOnboarded } from '../support/to-be-onboarded.ts';
import { removalGround } from './actions/removal-ground.ts';

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

const HOUR = 3_600_000;

/** For every action, evidence from which it has something to do. */
const ground: Record<string, Snapshot> = {
  'probe-machines': world([windows, arc]),
  'set-passive-mode': world([windows, arc]),
  'restart-machines': world([windows, arc], { guest: guestFacts({ rebootPending: true, lastBoot: NOW - 3_600_000 }) }),
  'turn-endpoint-protection-off': world([windows], { 'security-settings': on }),
  'turn-endpoint-protection-on': world([windows], { 'security-settings': off, guest: guestFacts({ passiveKey: 1 }) }),
  'clear-passive-mode': world([windows, arc], { guest: freedGuest() }),
  'deploy-defender-extension': toBeOnboarded([windows, arc]),
  'assign-defender-initiative': toBeOnboarded([windows, arc]),
  'remove-third-party': removalGround([windows, arc]),
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
    const named = new Set([...JSON.stringify(value.targets).matchAll(/\{script:([0-9a-f]{64})\}/g)].map(([, hash]) => hash));
    expect(named.size > 0).toBe(actionById(id)!.scripts.length > 0);
    const own = actionById(id)!.ownScripts?.(ground[id]!.options) ?? [];
    const known = [...Object.values(scripts), ...own].filter((script) => named.has(script.sha256));
    expect(known).toHaveLength(named.size);
    for (const { id: script, text, sha256 } of known)
      expect(value.scripts).toContainEqual(expect.objectContaining({ id: script, text, sha256 }));
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

describe('restart-machines', () => {
  const waiting = { rebootPending: true, rebootReasons: ['WindowsUpdate'], lastBoot: NOW - 3_600_000 };
  const assessed = { assessed: true, rebootPending: true, assessedAt: NOW, error: '' } as never;
  it.each<[string, Parameters<typeof world>[1], string]>([
    ['that was never probed', {}, 'not-probed'],
    ['on which no restart is pending', { guest: guestFacts({ ...waiting, rebootPending: false }) }, 'already'],
    ['that does not tell when it booted', { guest: guestFacts({ ...waiting, lastBoot: null }) }, 'boot-unread'],
  ])('leaves out a machine %s', (_words, evidence, code) => {
    const snapshot = world([windows], evidence);
    expect(actionById('restart-machines')!.consider(subjectsOf(snapshot, 'machine')[0]!, snapshot, NOW)).toMatchObject({
      include: false,
      code,
    });
  });

  it('takes one whose assessment alone says that a restart is pending', () => {
    const snapshot = world([windows], { guest: guestFacts({ ...waiting, rebootPending: false }), updates: assessed });
    expect(planned('restart-machines', snapshot).targets).toHaveLength(1);
  });

  it('asks Azure for a virtual machine, lets an Arc server do it itself, and wants a boot after the last one known', () => {
    const [machine, server] = planned('restart-machines', world([windows, arc], { guest: guestFacts(waiting) })).targets;
    expect(machine!.sequence.map((item) => [item.do, item.call?.method ?? null])).toEqual([
      ['change', 'POST'],
      ['prove', 'PUT'],
    ]);
    expect(server!.sequence.map(({ do: does }) => does)).toEqual(['change', 'wait', 'prove']);
    for (const { sequence } of [machine!, server!]) {
      expect(sequence.at(-1)).toMatchObject({
        expect: [
          { path: 'lastBoot', after: waiting.lastBoot + 60_000 },
          { path: 'rebootPending', equals: false },
        ],
      });
    }
  });
});

describe('clear-passive-mode', () => {
  const ID = 'clear-passive-mode';
  const linux = machineFacts({ name: 'lnx-01', os: 'linux', osLabel: 'Ubuntu 22.04' });
  const mdatp = (over: Parameters<typeof guestFacts>[0] = {}) =>
    freedGuest({
      platform: 'linux',
      defender: antivirus({ mode: 'Passive Mode', realTimeProtection: false, tamperProtected: false }),
      ...over,
    });
  const { history, ...unseen } = freedGuest();
  const clean = history!;

  it.each([
    ['Windows Server 2016 on an Azure VM', { os: 'windows-server-2016' }],
    ['Windows Server 2025 on an Azure VM', { os: 'windows-server-2025' }],
    ['Windows Server 2012 R2 on Arc', { ...arc, os: 'windows-server-2012-r2' }],
    ['Windows Server 2022 on Arc', { ...arc, os: 'windows-server-2022' }],
  ] as const)('on %s removes the value, then looks whether Defender is active', (_words, machine) => {
    const [target] = planned(ID, world([machineFacts(machine)], { guest: freedGuest() })).targets;
    expect(target?.sequence).toEqual([
      { do: 'change', safe: false, call: expect.objectContaining({ id: 'clear', describes: 'remove ForceDefenderPassiveMode' }) },
      expect.objectContaining({
        do: 'prove',
        evidence: 'guest',
        expect: [
          expect.objectContaining({ path: 'defender.mode', equals: 'Normal' }),
          expect.objectContaining({ path: 'defender.antivirusEnabled', equals: true }),
          expect.objectContaining({ path: 'defender.realTimeProtection', equals: true }),
          expect.objectContaining({ path: 'passiveKey', equals: null }),
        ],
      }),
    ]);
    expect(JSON.stringify(target?.sequence)).toContain(scripts.clearPassiveModeWindows.sha256);
    expect(target?.finalCheck).toMatchObject({
      evidence: 'device',
      withinMinutes: 24 * 60,
      expect: [{ path: 'antivirusMode', equals: 'active' }],
    });
  });

  it.each([
    ['an Azure VM', linux],
    ['Arc', { ...arc, os: 'linux' as const }],
  ])('on Linux on %s switches mdatp’s passive mode off, then looks whether it is active and healthy', (_words, machine) => {
    const [target] = planned(ID, world([machine], { guest: mdatp() })).targets;
    const sent = JSON.stringify(target);
    expect(sent).toContain(scripts.clearPassiveModeLinux.sha256);
    expect(sent).not.toContain(scripts.clearPassiveModeWindows.sha256);
    expect(target?.sequence.at(-1)).toMatchObject({
      expect: expect.arrayContaining([
        expect.objectContaining({ path: 'passiveKey', equals: 0 }),
        expect.objectContaining({ path: 'defender.healthy', equals: true }),
      ]),
    });
  });

  it('clears again and looks again where the proof did not come, with the very same scripts', () => {
    const [target] = planned(ID, ground[ID]!).targets;
    const withoutIds = (items: readonly object[]) =>
      JSON.stringify(items).replaceAll(/"(safe-active|active|safe|clear)"|-(safe-active|active|safe|clear)"/g, '"x"');
    expect(withoutIds(target!.makeSafe)).toBe(withoutIds(target!.sequence));
  });

  it.each([
    ['an operating system outside the list', machineFacts({ os: 'unsupported' }), freedGuest(), 'unsupported'],
    ['an operating system Azure does not report', machineFacts({ os: null }), freedGuest(), 'os-unread'],
    ['Windows Server 2012 R2 on an Azure VM', machineFacts({ os: 'windows-server-2012-r2' }), freedGuest(), 'no-run-command'],
    ['a machine that is switched off', machineFacts({ status: 'PowerState/deallocated' }), freedGuest(), 'not-running'],
    ['a disconnected Arc machine', { ...arc, status: 'Disconnected' }, freedGuest(), 'arc-not-connected'],
    ['an Arc machine in monitor mode', { ...arc, configMode: 'monitor' as const }, freedGuest(), 'arc-monitor'],
    ['a machine that was made anew', windows, freedGuest({ vmId: 'vm-0' }), 'made-anew'],
    ['a machine whose key is 0', windows, freedGuest({ passiveKey: 0 }), 'stuck'],
    ['a machine that is passive without the key', windows, freedGuest({ passiveKey: null }), 'stuck'],
    ['a machine that is active without the key', windows, freedGuest({ passiveKey: null, defender: antivirus() }), 'already'],
    ['a machine without the key whose Defender does not answer', windows, freedGuest({ passiveKey: null, defender: null }), 'already'],
    ['a machine that is not onboarded', windows, freedGuest({ onboarded: false }), 'not-onboarded'],
    ['a machine whose sensor is stopped', windows, freedGuest({ sensor: 'stopped' }), 'sensor-not-running'],
    ['a machine without the sensor', windows, freedGuest({ sensor: 'absent' }), 'sensor-not-running'],
    ['a machine whose Defender does not answer', windows, freedGuest({ defender: null }), 'no-defender'],
    ['a machine whose Defender a policy keeps off', windows, freedGuest({ disabledByPolicy: true }), 'disabled-by-policy'],
    ['a machine with a pending restart', windows, freedGuest({ rebootPending: true }), 'restart-pending'],
    [
      'a machine whose old product runs',
      windows,
      freedGuest({ thirdParty: [{ vendor: 'CrowdStrike', running: true, traces: ['service'] }] }),
      'product-running',
    ],
    [
      'a machine with something left of it',
      windows,
      freedGuest({ thirdParty: [{ vendor: 'CrowdStrike', running: false, traces: ['driver'] }] }),
      'product-left-behind',
    ],
    ['a machine where nobody could look for it', windows, freedGuest({ unchecked: ['drivers'] }), 'products-unchecked'],
    ['a machine that does not say when it was started', windows, freedGuest({ lastBoot: null }), 'boot-unread'],
    ['a machine that was seen clean once', windows, freedGuest({ history: { ...clean, cleanSince: NOW } }), 'removal-unproven'],
    ['a machine of which no earlier look is known', windows, unseen, 'removal-unproven'],
    ['a machine that was not restarted since the product was seen', windows, freedGuest({ lastBoot: NOW - 60 * HOUR }), 'restart-missing'],
    ['a Linux machine without mdatp', linux, mdatp({ passiveKey: null, defender: null }), 'no-agent'],
    ['a Linux machine that is active', linux, mdatp({ passiveKey: 0 }), 'already'],
    ['a Linux machine with a managed configuration', linux, mdatp({ passiveManaged: true }), 'managed'],
    ['a Linux machine without a licence', linux, mdatp({ defender: antivirus({ antivirusEnabled: false }) }), 'unlicensed'],
  ])('leaves out %s and says why', (_words, machine, guest, code) => {
    const snapshot = world([machine], { guest });
    const considered = actionById(ID)!.consider(snapshot.machines[0]!, snapshot, NOW);
    expect(considered).toMatchObject({ include: false, code, because: expect.stringMatching(/^[^.]{10,}$/) });
    expect(plan(ID, snapshot)).toMatchObject({ kind: 'refused', code: 'nothing-to-do' });
  });

  it('leaves out a machine that was not probed, or not within the last 12 hours', () => {
    const considered = (snapshot: Snapshot, now = NOW) => actionById(ID)!.consider(snapshot.machines[0]!, snapshot, now);
    expect(considered(world([windows]))).toMatchObject({ include: false, code: 'not-probed' });
    expect(considered(world([windows], { guest: freedGuest() }), NOW + 12 * HOUR)).toMatchObject({ include: true });
    expect(considered(world([windows], { guest: freedGuest() }), NOW + 12 * HOUR + 1)).toMatchObject({
      include: false,
      code: 'not-probed',
    });
  });

  it.each([
    ['the agentless scan finds a product', { 'edr-assessment': { assessed: true, product: 'CrowdStrike Falcon' } }],
    [
      'an audit found a product later',
      {
        'machine-configuration': {
          assignments: [{ name: 'NotInstalledApplicationForWindows', state: 'NonCompliant', checkedAt: NOW + 1 }],
        },
      },
    ],
  ])('leaves out a machine of which %s, and counts that no more once it is too old', (_words, evidence) => {
    const snapshot = world([windows], { guest: freedGuest(), ...(evidence as object) });
    const considered = (now: number, guest = snapshot) => actionById(ID)!.consider(guest.machines[0]!, guest, now);
    expect(considered(NOW)).toMatchObject({ include: false, code: 'sources-disagree' });
    const later = NOW + 25 * HOUR;
    const fresh = world([windows], { guest: freedGuest() }).evidence.guest!;
    const probed = Object.fromEntries(Object.entries(fresh).map(([id, one]) => [id, { ...one, observedAt: later }]));
    expect(considered(later, { ...snapshot, evidence: { ...snapshot.evidence, guest: probed as typeof fresh } })).toMatchObject({
      include: true,
    });
  });

  it('is no less ruled out by what people vouched for: only facts make a product gone', () => {
    const snapshot = world([windows], { guest: unseen });
    const word = { stepId: 'third-party-removed', scope: {}, by: person(1), at: NOW, until: NOW + HOUR, reason: 'x', takenBack: null };
    expect(plan(ID, { ...snapshot, attestations: [word as never] })).toMatchObject({ code: 'nothing-to-do' });
  });

  it('counts the machines with tamper protection for the signers, and says of each that there is no way back', () => {
    const other = machineFacts({ id: `${windows.id}-2`, name: 'srv-02' });
    const all = world([windows, other, arc], { guest: freedGuest() });
    const open = {
      ...all.evidence.guest![other.id]!,
      value: freedGuest({ defender: antivirus({ mode: 'Passive Mode', tamperProtected: false }) }),
    };
    const snapshot = { ...all, evidence: { ...all.evidence, guest: { ...all.evidence.guest, [other.id]: open as never } } };
    const value = planned(ID, snapshot);
    expect(value.blastRadius).toBe('3 machines in corp-prod; on 2 tamper protection is on, and it CANNOT BE TAKEN BACK there');
    expect(value.targets.map(({ name, found }) => [name, /cannot be taken back/.test(found)])).toEqual(
      expect.arrayContaining([
        ['srv-01', true],
        ['srv-02', false],
        ['arc-01', true],
      ]),
    );
    const none = world([other], { guest: freedGuest({ defender: antivirus({ mode: 'Passive Mode', tamperProtected: false }) }) });
    expect(planned(ID, none).blastRadius).toBe('1 machine in corp-prod; on none of them tamper protection was seen');
  });

  it('is signed from two roles, with the number of machines typed', () => {
    expect(planned(ID, ground[ID]!).signers).toMatchObject({ quorum: 2, distinctRoles: 2, typeCount: true });
  });

  it('is never undone', () => {
    for (const guest of [freedGuest(), freedGuest({ onboarded: false }), freedGuest({ passiveKey: null, defender: antivirus() })]) {
      const snapshot = world([windows], { guest });
      expect(actionById(ID)!.undoBlock(snapshot.machines[0]!, snapshot, NOW)).toMatchObject({ code: 'no-undo' });
    }
  });

  it('sends constant scripts; a hostile name changes no byte of them', () => {
    const made = planned(ID, world([machineFacts({ name: "x'; rm -rf / #$(id)" })], { guest: freedGuest() }));
    const [target] = made.targets;
    const bodies = target!.sequence.map(({ call }) => JSON.stringify(expandCall(made, planHash(made), target!.id, call!).body));
    expect(bodies[0]).toContain(JSON.stringify(scripts.clearPassiveModeWindows.text).slice(1, -1));
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
