import type { MachineFacts } from '../../core/machine.ts';
import { actions } from '../../playbook/actions/index.ts';
import { machineFingerprint } from '../../playbook/actions/run-command.ts';
import {
  antivirus,
  featurelessGuest,
  freedGuest,
  guestFacts,
  machineFacts,
  NOW,
  pendingUpdate,
  snapshotOf,
  updateFacts,
  vouchedFor,
} from '../support/facts.ts';
import { removalGround } from './actions/removal-ground.ts';

const before = machineFacts({ tags: { ring: 'canary', cost: '1' }, agentVersion: '1.50.0' });
const guest = guestFacts({ defender: antivirus({ mode: 'Passive Mode', realTimeProtection: false, tamperProtected: false }) });
/** What else an action has to have seen before it has something to do. */
const OTHERWISE: Readonly<Record<string, typeof guest>> = {
  'clear-passive-mode': freedGuest(),
  'deploy-defender-extension': guestFacts({ passiveKey: 1 }),
  'install-defender-feature': featurelessGuest(),
  'restart-machines': guestFacts({ rebootPending: true }),
};

/** And what besides the probe. */
const BESIDE: Readonly<Record<string, Parameters<typeof snapshotOf>[1]>> = {
  'deploy-defender-extension': { 'defender-extension': { present: false }, 'onboarding-package': { windows: 'a'.repeat(64), linux: null } },
};

const LIFE: readonly (readonly [string, Partial<MachineFacts>])[] = [
  ['its Arc agent was upgraded', { agentVersion: '1.54.2' }],
  ['a tag was changed that says nothing to us', { tags: { ring: 'canary', cost: '2', team: 'x' } }],
  ['Azure words its operating system otherwise', { osLabel: 'Windows Server 2019 Datacenter Azure Edition' }],
];

const OTHER: readonly (readonly [string, Partial<MachineFacts>])[] = [
  ['it was made anew under the same name', { vmId: 'vm-2' }],
  ['it runs another kind of operating system', { os: 'linux' }],
  ['it lies in another region', { location: 'northeurope' }],
];

describe('what identifies a machine between signature and run', () => {
  it.each(LIFE)('is the same when %s', (_what, change) => {
    expect(machineFingerprint({ ...before, ...change })).toEqual(machineFingerprint(before));
  });

  it.each(OTHER)('is another one when %s', (_what, change) => {
    expect(machineFingerprint({ ...before, ...change })).not.toEqual(machineFingerprint(before));
  });

  const onMachines = actions.filter(({ subject }) => subject === 'machine').map((action) => [action.id, action] as const);

  it.each(onMachines)('for %s drops nobody whose daily life went on', (id, action) => {
    const consider = (facts: MachineFacts) => {
      const updates = updateFacts({ pending: [pendingUpdate('KB5055555')] });
      const attestations = [vouchedFor('third-party-excludes-defender')];
      const ordinary = { ...snapshotOf([facts], { guest: OTHERWISE[id] ?? guest, updates, ...BESIDE[id] }), attestations };
      const snapshot = id === 'remove-third-party' ? removalGround([facts]) : ordinary;
      return action.consider(snapshot.machines[0]!, snapshot, NOW);
    };
    const planned = consider(before);
    expect(planned.include).toBe(true);
    for (const [, change] of LIFE) expect(consider({ ...before, ...change })).toEqual(planned);
  });
});
