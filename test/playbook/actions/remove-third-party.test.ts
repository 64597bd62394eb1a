import { isMet } from '../../../core/expectation.ts';
import { makePlan } from '../../../core/make-plan.ts';
import type { Item } from '../../../core/plan.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { removeThirdParty } from '../../../playbook/actions/remove-third-party.ts';
import { scripts } from '../../../playbook/scripts/index.ts';
import {
  antivirus,
  deviceFacts,
  guestFacts,
  machineFacts,
  managementFacts,
  migration,
  NOW,
  person,
  SUBSCRIPTION,
  type updateFacts,
  utc,
} from '../../support/facts.ts';
import { protectedGuest, removalGround, removalScript } from './removal-ground.ts';

const HOUR = 3_600_000;
const windows = machineFacts();
const linux = machineFacts({ name: 'lnx-01', os: 'linux', osLabel: 'Ubuntu 22.04' });
const arc = machineFacts({
  name: 'arc-01',
  kind: 'arc',
  id: `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-a/providers/microsoft.hybridcompute/machines/arc-01`,
  status: 'Connected',
  configMode: 'full',
});
const mdatp = { mode: 'Passive Mode', realTimeProtection: false, tamperProtected: false, definitions: 'up_to_date' };
const linuxGuest = protectedGuest({ platform: 'linux', feature: null, defender: antivirus(mdatp) });

const considered = (snapshot: Snapshot, now = NOW) => removeThirdParty.consider(snapshot.machines[0]!, snapshot, now);
function targetOf(snapshot: Snapshot) {
  const found = considered(snapshot);
  if (!found.include) throw new Error(`${found.code}: ${found.because}`);
  return found.target;
}
const shape = (items: readonly Item[]) =>
  items.map((item) => (item.do === 'wait' ? `wait ${item.minutes}` : `${item.do} ${item.call?.id ?? item.do}`));
function planOf(snapshot: Snapshot) {
  const nothingElse = { ticket: null, follows: null, only: null, standing: null };
  const made = makePlan(
    { action: removeThirdParty, scope: {}, requestedBy: person(9), planId: 'GL-0001', now: NOW, ...nothingElse },
    migration,
    snapshot,
    utc,
  );
  if (made.kind !== 'ok') throw new Error(JSON.stringify(made));
  return made.value;
}

describe('removing the old product', () => {
  it('is one sequence from the removal to the proof, with nobody’s signature in between', () => {
    expect(shape(targetOf(removalGround([windows])).sequence)).toEqual([
      'change remove',
      'prove stopped',
      'change restart',
      'prove clean-1',
      'wait 2',
      'prove clean-2',
      'change clear',
      'prove active',
    ]);
    expect(shape(targetOf(removalGround([arc])).sequence).slice(2, 4)).toEqual(['change restart', 'wait 4']);
    expect(shape(targetOf(removalGround([linux], { guest: linuxGuest })).sequence).at(-2)).toBe('change clear');
  });

  it('has one safe point, which is its last proof', () => {
    const { sequence } = targetOf(removalGround([windows]));
    const proofs = sequence.flatMap((item) => (item.do === 'prove' ? [item] : []));
    expect(proofs.map(({ id, safe }) => [id, safe])).toEqual([
      ['stopped', false],
      ['clean-1', false],
      ['clean-2', false],
      ['active', undefined],
    ]);
  });

  it('sends the customer’s own script, its secrets as protected parameters, and no parameter it does not know', () => {
    const secrets = { Token: { ref: 'setting/falcon-token', sha256: 'a'.repeat(64) } };
    const own = removalScript('CrowdStrike', 'windows', { secrets, minutes: 15 });
    const [first] = targetOf(removalGround([windows], {}, [own])).sequence;
    expect(first).toMatchObject({
      safe: false,
      interruptible: true,
      call: {
        timeoutSeconds: 15 * 60 + 120,
        body: {
          properties: {
            source: { script: `{script:${own.script.sha256}}` },
            protectedParameters: [{ name: 'Token', value: `{secret:setting/falcon-token:${'a'.repeat(64)}}` }],
            timeoutInSeconds: 900,
          },
        },
      },
    });
    expect(JSON.stringify(first)).not.toContain('onceNonce');
    expect(first?.call?.body).not.toHaveProperty('properties.parameters');
  });

  it('takes two products off one after the other', () => {
    const thirdParty = ['CrowdStrike', 'Trellix'].map((vendor) => ({ vendor, running: true, traces: ['service'] as const }));
    const own = [removalScript('CrowdStrike', 'windows'), removalScript('trellix', 'windows')];
    const { sequence, makeSafe } = targetOf(removalGround([windows], { guest: protectedGuest({ thirdParty }) }, own));
    expect(shape(sequence).slice(0, 2)).toEqual(['change remove-1', 'change remove-2']);
    expect(shape(makeSafe).slice(0, 2)).toEqual(['change end-remove-1', 'change end-remove-2']);
  });

  it('holds in its plan the scripts that are sent, and no other of the migration’s', () => {
    const own = [removalScript('CrowdStrike', 'windows'), removalScript('Sophos', 'windows')];
    const ids = planOf(removalGround([windows], {}, own)).scripts.map(({ id }) => id);
    expect(ids).toContain('remove-crowdstrike-windows');
    expect(ids).not.toContain('remove-sophos-windows');
  });

  it('states the minutes without an active engine, and what is borne at the most', () => {
    expect(planOf(removalGround([windows])).unprotected).toEqual({ expectedMinutes: 25, limitMinutes: 60 });
  });

  it('says in capitals what it does, and where there is no way back', () => {
    expect(planOf(removalGround([windows])).blastRadius).toMatch(
      /EACH IS RESTARTED.*on 1 tamper protection is on, and it CANNOT BE TAKEN BACK/,
    );
  });
});

describe('what brings a machine to safety', () => {
  const { makeSafe } = targetOf(removalGround([windows]));

  it('ends the script first, gives the machine time to come up, and then lets the machine decide', () => {
    expect(shape(makeSafe)).toEqual(['change end-remove', 'wait 4', 'change end-late-remove', 'change safe', 'prove safe-proof']);
    expect(makeSafe[0]?.call).toMatchObject({
      method: 'DELETE',
      settles: 'gone',
      path: expect.stringMatching(/greenlight-\{plan\}-remove$/),
    });
    expect(JSON.stringify(makeSafe[3])).toContain(scripts.makeActiveWindows.sha256);
  });

  const holds = (guest: ReturnType<typeof guestFacts>) => {
    const proof = makeSafe.at(-1);
    if (proof?.do !== 'prove') throw new Error('it ends without a proof');
    return proof.expect.every((one) => isMet(one, guest));
  };
  const running = [{ vendor: 'CrowdStrike', running: true, traces: ['service'] as const }];
  const left = [{ vendor: 'CrowdStrike', running: false, traces: ['driver'] as const }];
  const active = antivirus();
  const passive = antivirus({ mode: 'Passive Mode', realTimeProtection: false });

  it.each([
    ['Defender alone', guestFacts({ defender: active }), true],
    ['Defender alone, with a driver left behind', guestFacts({ defender: active, thirdParty: left }), true],
    ['the old product, with Defender passive', guestFacts({ defender: passive, thirdParty: running, passiveKey: 1 }), true],
    ['both', guestFacts({ defender: active, thirdParty: running }), false],
    ['none', guestFacts({ defender: passive, passiveKey: 1 }), false],
    ['none, with a driver left behind', guestFacts({ defender: passive, thirdParty: left, passiveKey: 1 }), false],
    ['Defender, where the services could not be looked at', guestFacts({ defender: active, unchecked: ['services'] }), false],
    ['a Defender that does not answer', guestFacts({ defender: null }), false],
  ])('and is proven by exactly one active engine: %s', (_words, guest, safe) => {
    expect(holds(guest)).toBe(safe);
  });
});

describe('a clean look', () => {
  const look = targetOf(removalGround([windows])).sequence.find((item) => item.do === 'prove' && item.id === 'clean-1');
  const clean = (over: Parameters<typeof guestFacts>[0]) =>
    look?.do === 'prove' && look.expect.every((one) => isMet(one, guestFacts({ lastBoot: NOW + HOUR, ...over })));

  it.each([
    ['finds nothing after the restart', {}, true],
    ['finds a driver', { thirdParty: [{ vendor: 'CrowdStrike', running: false, traces: ['driver'] }] }, false],
    ['is from before the restart', { lastBoot: NOW - 7 * 24 * HOUR }, false],
    ['could not look at the drivers', { unchecked: ['drivers'] }, false],
    ['could not look at what does not matter here', { unchecked: ['wsus-server', 'hotfixes'] }, true],
  ] as const)('%s', (_words, over, holds) => {
    expect(clean(over)).toBe(holds);
  });
});

describe('a machine that keeps its old product', () => {
  it.each<[string, Parameters<typeof removalGround>[1], string]>([
    ['that is not onboarded', { guest: protectedGuest({ onboarded: false }) }, 'not-onboarded'],
    ['whose sensor is stopped', { guest: protectedGuest({ sensor: 'stopped' }) }, 'sensor-not-running'],
    ['whose Defender does not answer', { guest: protectedGuest({ defender: null }) }, 'no-defender'],
    ['whose Defender a policy keeps off', { guest: protectedGuest({ disabledByPolicy: true }) }, 'disabled-by-policy'],
    ['on which a restart is pending', { guest: protectedGuest({ rebootPending: true }) }, 'restart-pending'],
    ['on which both are active', { guest: protectedGuest({ defender: antivirus() }) }, 'both-active'],
    ['without the passive key', { guest: protectedGuest({ passiveKey: null }) }, 'not-passive'],
    ['on which no product was detected', { guest: protectedGuest({ thirdParty: [] }) }, 'none-detected'],
    ['that does not tell when it booted', { guest: protectedGuest({ lastBoot: null }) }, 'boot-unread'],
    ['that was made anew since', { guest: protectedGuest({ vmId: 'vm-2' }) }, 'made-anew'],
    ['that the portal does not show', { device: deviceFacts({ onboarded: false }) }, 'device-not-onboarded'],
    ['that nobody manages', { management: managementFacts({ managedBy: 'Unknown' }) }, 'not-managed'],
    [
      'whose definitions are old',
      { guest: protectedGuest({ defender: antivirus({ mode: 'Passive Mode', signatureAgeDays: 9 }) }) },
      'definitions-old',
    ],
    ['whose updates were not assessed', { updates: { assessed: false } as ReturnType<typeof updateFacts> }, 'never-assessed'],
    [
      'whose product the migration file has no script for',
      { guest: protectedGuest({ thirdParty: [{ vendor: 'Sophos', running: true, traces: ['service'] }] }) },
      'no-removal-script',
    ],
  ])('is one %s', (_words, over, code) => {
    expect(considered(removalGround([windows], over))).toMatchObject({ include: false, code });
  });

  it('is one that was not looked into within half a day', () => {
    expect(considered(removalGround([windows]), NOW + 13 * HOUR)).toMatchObject({ code: 'not-probed' });
  });

  it('is a Linux machine whose passive mode is managed, or that has no licence', () => {
    const guest = (over: object) => ({ guest: { ...linuxGuest, ...over } });
    expect(considered(removalGround([linux], guest({ passiveManaged: true })))).toMatchObject({ code: 'managed' });
    const unlicensed = antivirus({ ...mdatp, antivirusEnabled: false });
    expect(considered(removalGround([linux], guest({ defender: unlicensed })))).toMatchObject({ code: 'unlicensed' });
  });

  it('is none that nobody manages where the migration does without that', () => {
    const snapshot = removalGround([windows], { management: managementFacts({ managedBy: 'Unknown' }) });
    expect(considered({ ...snapshot, switchedOff: { 'managed-by-defender': 'no licence' } })).toMatchObject({ include: true });
  });

  it('says what to do first', () => {
    expect(considered(removalGround([windows], { device: deviceFacts({ onboarded: false }) }))).toMatchObject({
      because: expect.stringMatching(/hunting does not show it onboarded: finish the Onboard phase for it$/),
    });
  });
});
