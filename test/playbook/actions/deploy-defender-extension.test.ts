import { makePlan } from '../../../core/make-plan.ts';
import { expandCall, planHash } from '../../../core/plan.ts';
import { deployDefenderExtension as action } from '../../../playbook/actions/deploy-defender-extension.ts';
import { antivirus, extensionFacts, guestFacts, machineFacts, migration, NOW, person, updateFacts, utc } from '../../support/facts.ts';
import { PACKAGES, toBeOnboarded } from '../../support/to-be-onboarded.ts';

const HOUR = 3_600_000;
const windows = machineFacts();
const linux = machineFacts({ name: 'lnx-01', os: 'linux', osLabel: 'Ubuntu 22.04' });
const arc = machineFacts({
  name: 'arc-01',
  kind: 'arc',
  id: windows.id.replace('microsoft.compute/virtualmachines/srv-01', 'microsoft.hybridcompute/machines/arc-01'),
  status: 'Connected',
  configMode: 'full',
});
const prepared = guestFacts({ passiveKey: 1 });

function considered(snapshot = toBeOnboarded([windows]), now = NOW) {
  return action.consider(snapshot.machines[0]!, snapshot, now);
}
function targetOf(snapshot = toBeOnboarded([windows])) {
  const found = considered(snapshot);
  if (!found.include) throw new Error(found.because);
  return found.target;
}

describe('deploy-defender-extension', () => {
  it.each([
    ['a virtual machine', windows, '2024-11-01', 'MDE.Windows', 'Windows', PACKAGES.windows, { vNextEnabled: 'true' }],
    ['an Arc server', arc, '2025-01-13', 'MDE.Windows', 'Windows', PACKAGES.windows, { vNextEnabled: 'true' }],
    ['a Linux machine', linux, '2024-11-01', 'MDE.Linux', 'Linux', PACKAGES.linux, {}],
  ] as const)(
    'puts the extension on %s as Azure’s own policies do, with the package by its hash alone',
    (_words, facts, api, type, os, hash, more) => {
      const guest = facts === linux ? guestFacts({ platform: 'linux' }) : prepared;
      const [put] = targetOf(toBeOnboarded([facts], { guest })).sequence;
      expect(put).toMatchObject({
        do: 'change',
        safe: false,
        call: {
          method: 'PUT',
          path: `${facts.id}/extensions/${type}`,
          query: { 'api-version': api },
          settles: 'resource',
          body: {
            location: 'westeurope',
            properties: {
              publisher: 'Microsoft.Azure.AzureDefenderForServers',
              type,
              typeHandlerVersion: '1.0',
              autoUpgradeMinorVersion: true,
              forceUpdateTag: '{plan}',
              settings: { azureResourceId: facts.id, ...more },
              protectedSettings: { defenderForEndpointOnboardingScript: `{secret:mde-onboarding/${facts.subscriptionId}/${os}:${hash}}` },
            },
          },
        },
      });
    },
  );

  it('marks what it puts with its own plan', () => {
    const request = {
      action,
      scope: {},
      requestedBy: person(9),
      planId: 'GL-0001',
      now: NOW,
      ticket: null,
      follows: null,
      only: null,
      standing: null,
    };
    const made = makePlan(request, migration, toBeOnboarded([windows]), utc);
    if (made.kind !== 'ok') throw new Error(JSON.stringify(made));
    const hash = planHash(made.value);
    const { call } = made.value.targets[0]!.sequence[0]!;
    expect(expandCall(made.value, hash, windows.id, call!).body).toMatchObject({ properties: { forceUpdateTag: hash.slice(0, 12) } });
  });

  it('is safe only once a probe found it passive: that the extension succeeded proves nothing of that', () => {
    const { sequence, makeSafe } = targetOf();
    expect(sequence.map((item) => [item.do, 'safe' in item ? item.safe : null])).toEqual([
      ['change', false],
      ['prove', false],
      ['wait', null],
      ['prove', null],
    ]);
    expect(sequence[1]).toMatchObject({
      evidence: 'defender-extension',
      expect: [{ path: 'state', equals: 'Succeeded' }],
      withinMinutes: 30,
    });
    expect(sequence[3]).toMatchObject({
      evidence: 'guest',
      expect: [
        { path: 'onboarded', equals: true },
        { path: 'passiveKey', equals: 1 },
        { path: 'defender.mode', oneOf: ['Passive Mode', 'SxS Passive Mode', 'EDR Block Mode'] },
      ],
    });
    expect(makeSafe.at(-1)).toMatchObject({ expect: [{ path: 'passiveKey' }, { path: 'defender.mode', noneOf: ['Normal'] }] });
  });

  it('wants Linux in passive mode, and carries it there', () => {
    const { sequence, makeSafe } = targetOf(toBeOnboarded([linux], { guest: guestFacts({ platform: 'linux' }) }));
    expect(sequence.at(-1)).toMatchObject({ expect: [{ path: 'onboarded' }, { path: 'passiveKey', equals: 1 }] });
    expect(makeSafe.at(-1)).toMatchObject({ expect: [{ path: 'passiveKey', noneOf: [0] }] });
  });

  it.each([
    ['a Windows machine without the key', windows, { guest: guestFacts() }, 'phase-order'],
    ['a Windows machine whose key is 0', windows, { guest: guestFacts({ passiveKey: 0 }) }, 'phase-order'],
    ['a machine nobody probed', windows, { guest: undefined }, 'not-probed'],
    ['a machine made anew since', { ...windows, vmId: 'vm-2' }, {}, 'made-anew'],
    ['a machine that has it', windows, { 'defender-extension': extensionFacts() }, 'already'],
    ['a machine that is being given it', windows, { 'defender-extension': extensionFacts({ state: 'Creating' }) }, 'under-way'],
    ['a machine of which that is not read', windows, { 'defender-extension': undefined }, 'unread'],
    ['a machine with a restart pending', windows, { guest: { ...prepared, rebootPending: true } }, 'restart-pending'],
    ['a machine whose assessment says so', windows, { updates: updateFacts({ rebootPending: true }) }, 'restart-pending'],
    ['a machine without the feature', windows, { guest: { ...prepared, feature: 'available' as const } }, 'feature-missing'],
    [
      'Windows Server 2016 whose policy keeps Defender off',
      { ...windows, os: 'windows-server-2016' as const },
      { guest: { ...prepared, disabledByPolicy: true } },
      'disabled-by-policy',
    ],
    [
      'a machine that Defender protects already',
      windows,
      { guest: guestFacts({ passiveKey: 1, onboarded: true, defender: antivirus() }) },
      'already-active',
    ],
    ['Linux that mdatp protects already', linux, { guest: guestFacts({ platform: 'linux', passiveKey: 0 as const }) }, 'already-active'],
    ['a disconnected Arc server', { ...arc, status: 'Disconnected' }, {}, 'arc-not-connected'],
    ['an Arc server that refuses extensions', { ...arc, refuses: { defender: true, runCommand: false } }, {}, 'arc-refuses-extension'],
    ['what a multicloud connector made', { ...arc, tags: { MDFCSecurityConnector: 'true' } }, {}, 'connector'],
    ['Windows Server 2012 R2 on Azure', { ...windows, os: 'windows-server-2012-r2' as const }, {}, 'no-run-command'],
    [
      'Windows Server 2016 that lacks what the installer wants',
      { ...windows, os: 'windows-server-2016' as const },
      { updates: updateFacts({ pending: [{ kb: 'KB5005698', name: 'x', classification: 'Security' }] }) },
      'updates-missing',
    ],
    ['a machine whose subscription has no package', windows, { 'onboarding-package': { windows: null, linux: 'b' } }, 'no-package'],
    ['a machine whose package is not read', windows, { 'onboarding-package': undefined }, 'package-unread'],
  ])('leaves out %s', (_words, facts, evidence, code) => {
    const all = toBeOnboarded([facts], Object.fromEntries(Object.entries(evidence).filter(([, value]) => value !== undefined)) as never);
    const gone = Object.entries(evidence).flatMap(([kind, value]) => (value === undefined ? [kind] : []));
    const left = Object.fromEntries(Object.entries(all.evidence).filter(([kind]) => !gone.includes(kind)));
    expect(considered({ ...all, evidence: left })).toMatchObject({ include: false, code, because: expect.stringMatching(/^[^.]{10,}$/) });
  });

  it('does not go by a probe older than a day', () => {
    expect(considered(toBeOnboarded([windows]), NOW + HOUR)).toMatchObject({ include: true });
    const aged = toBeOnboarded([windows]);
    const fresh = toBeOnboarded([windows], {}).evidence['defender-extension']!;
    const later = NOW + 25 * HOUR;
    const extension = Object.fromEntries(Object.entries(fresh).map(([id, one]) => [id, { ...one, observedAt: later }]));
    const snapshot = { ...aged, evidence: { ...aged.evidence, 'defender-extension': extension as typeof fresh } };
    expect(considered(snapshot, later)).toMatchObject({ include: false, code: 'not-probed' });
  });

  it('takes a newer server whose policy keeps Defender off: once it is onboarded the policy counts no more', () => {
    expect(considered(toBeOnboarded([windows], { guest: { ...prepared, disabledByPolicy: true } }))).toMatchObject({ include: true });
  });

  it('takes one whose extension failed, and Windows Server 2025 on Arc, which no built-in policy reaches', () => {
    const failed = toBeOnboarded([windows], { 'defender-extension': extensionFacts({ state: 'Failed', exitCode: 31 }) });
    expect(targetOf(failed).found).toMatch(/^its extension is Failed; the key is 1/);
    expect(considered(toBeOnboarded([{ ...arc, os: 'windows-server-2025' }]))).toMatchObject({ include: true });
  });

  it('is another plan once Defender for Cloud has another package', () => {
    const [before, after] = [PACKAGES.windows, 'c'.repeat(64)].map(
      (hash) => targetOf(toBeOnboarded([windows], { 'onboarding-package': { windows: hash, linux: null } })).sequence[0]?.call,
    );
    expect(before).not.toEqual(after);
  });

  it('tells the signers where two engines are active until then', () => {
    const snapshot = toBeOnboarded([windows, arc], {
      guest: guestFacts({ passiveKey: 1, defender: antivirus({ tamperProtected: false }) }),
    });
    const targets = snapshot.machines.map(({ id, name }) => ({ id, name }) as never);
    expect(action.blastRadius(targets, snapshot)).toBe(
      '2 machines in corp-prod; on 2 machines Defender is active beside the old product until it is onboarded',
    );
    expect(targetOf(snapshot).found).toBe('no Defender extension; the key is 1; Defender is active until it is onboarded');
  });

  it('is taken back by taking the extension off, which leaves the agent onboarded', () => {
    const { undo } = targetOf();
    expect(undo[0]).toMatchObject({ call: { method: 'DELETE', path: `${windows.id}/extensions/MDE.Windows`, settles: 'gone' } });
    expect(undo[1]).toMatchObject({ expect: [{ path: 'present', equals: false }] });
    expect(action.undoWords).toMatch(/stays installed and onboarded/);
  });

  it('is confirmed by hunting within a day', () => {
    expect(targetOf().finalCheck).toMatchObject({
      evidence: 'device',
      withinMinutes: 24 * 60,
      expect: [
        { path: 'onboarded', equals: true },
        { path: 'antivirusMode', noneOf: ['active'] },
      ],
    });
  });

  it.each([
    ['Azure ended it Failed: MDE.Windows: exit code 31: no', /^Its installer stopped at an onboarding that failed\. Open the network/],
    ['Azure ended it Failed: exit code 39', /DisableAntiSpyware/],
    ['Azure ended it Failed: exit code 15', /a package that is damaged.* Or at an agent that is broken/],
    ['Azure ended it Failed: MDE.Linux: exit code 15', /^Its installer stopped at an agent that is broken/],
    ['Azure ended it Failed: exit code 99', null],
    ['Azure ended it Canceled', null],
  ])('explains “%s”', (because, words) => {
    const said = action.explain!(because);
    if (words === null) expect(said).toBeNull();
    else expect(said).toMatch(words);
  });
});
