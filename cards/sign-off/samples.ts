import { DAY, HOUR, MINUTE } from '../../core/instant.ts';
import type { Sample } from '../samples.ts';
import { hostileName, hostileNames, sampleNow } from '../samples.ts';
import { policySamples } from './policy-samples.ts';
import type { SignOffPersonal, SignOffTarget, SignOffView } from './view.ts';

const hash = '9f2c41aa0d3b5e7788c1d2e3f4a5b6c7d8e9f00112233445566778899aabbe41';
const scriptHash = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c';
const machine = '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-finance/providers/Microsoft.HybridCompute/machines';

function targets(count: number): readonly SignOffTarget[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `SRV-FIN-${String(index + 1).padStart(2, '0')}`,
    ring: index < 2 ? 'canary' : 'ring-1',
    where: 'Finance / rg-finance',
    found: 'ForceDefenderPassiveMode is absent; the third-party product is active',
    os: 'windows',
    owner: 'finance-team',
    apartFrom: null,
  }));
}

const pending: SignOffView = {
  id: 'GL-0007',
  hash,
  revision: 3,
  state: 'pending',
  title: 'Set passive mode on ring canary and ring-1',
  requestedBy: 'Priya Nair',
  requestedAt: sampleNow - 50 * MINUTE,
  class: 'reversible',
  ticket: null,
  follows: null,
  effect: 'Sets the registry value ForceDefenderPassiveMode to 1 on each machine',
  blastRadius: '12 Windows servers in 2 rings; no restart, no service stops',
  undoWords: 'The same script with State off removes the value; it needs a sign-off of its own',
  makeSafeWords: 'None, because the product in place stays active throughout',
  finalWords: 'None, because nothing but the machine itself shows the value',
  window: null,
  estimateMinutes: 30,
  soakMinutes: 0,
  standing: null,
  decides: null,
  targets: targets(12),
  holds: [],
  leftOut: [
    { name: 'SRV-OLD-9', because: 'it is not connected to Azure' },
    { name: 'lnx-app-1', because: 'the key is for Windows; Linux starts passive by itself' },
    { name: 'lnx-app-2', because: 'the key is for Windows; Linux starts passive by itself' },
  ],
  waves: [
    { name: 'canary', count: 2 },
    { name: 'ring-1', count: 10 },
  ],
  calls: [
    {
      on: 'SRV-FIN-01 and 11 like it',
      describes: 'set ForceDefenderPassiveMode to 1',
      method: 'PUT',
      path: `${machine}/SRV-FIN-01/runCommands/gl-9f2c41aa0d3b-set?api-version=2025-01-13`,
      parameters: 'State=on; script set-passive-mode; timeout 600 s',
    },
    {
      on: 'SRV-FIN-01 and 11 like it',
      describes: 'read it back with the probe',
      method: 'PUT',
      path: `${machine}/SRV-FIN-01/runCommands/gl-9f2c41aa0d3b-probe?api-version=2025-01-13`,
      parameters: 'Nonce=5d0c1e2f3a4b5c6d7e8f901122334455; script probe-windows; timeout 300 s',
    },
  ],
  scripts: [
    { id: 'set-passive-mode', sha256: scriptHash },
    { id: 'probe-windows', sha256: scriptHash },
  ],
  approvers: [
    { name: 'Ana Diaz', role: 'Service owner', votedAt: sampleNow - 8 * MINUTE, listed: true, notice: null },
    { name: 'Tom Weber', role: 'Infrastructure lead', votedAt: null, listed: true, notice: null },
    { name: 'Lee Chan', role: 'Security', votedAt: null, listed: true, notice: 'not a member of this channel' },
  ],
  alternates: [],
  alternatesAt: sampleNow + 4 * HOUR,
  owners: [],
  quorum: 2,
  distinctRoles: 1,
  missing: [{ kind: 'signatures', count: 1 }],
  useBy: null,
  expiresAt: sampleNow + 23 * HOUR,
  startsAt: null,
  graceSeconds: 120,
  ended: null,
  supersededBy: null,
  personal: null,
};

const personal: SignOffPersonal = {
  may: 'decide',
  because: null,
  nonce: '0123456789abcdef0123456789abcdef',
  error: null,
  comment: '',
  typeCount: false,
  holdable: pending.targets.map(({ name }, index) => ({ value: `#${index}`, name })),
  since: null,
};

const approved: SignOffView = {
  ...pending,
  state: 'approved',
  missing: [],
  approvers: pending.approvers.map((approver, index) => ({ ...approver, votedAt: index < 2 ? sampleNow - (2 - index) * MINUTE : null })),
  startsAt: sampleNow + MINUTE,
};

function ended(state: SignOffView['state'], by: string | null, reason: string): SignOffView {
  return { ...pending, state, revision: 4, ended: { by, at: sampleNow - 2 * MINUTE, reason } };
}

export const signOffSamples: readonly Sample<SignOffView>[] = [
  { name: 'pending, for everyone', view: pending },
  { name: 'pending, may decide', view: { ...pending, personal } },
  {
    name: 'pending, rejected without a reason',
    view: {
      ...pending,
      personal: { ...personal, error: 'A rejection needs a reason. Write it in the comment and press Reject again.', comment: 'not' },
    },
  },
  {
    name: 'pending, may look',
    view: {
      ...pending,
      personal: { ...personal, may: 'look', nonce: null, because: 'You are not one of the approvers named for this plan.' },
    },
  },
  { name: 'pending, may take back', view: { ...pending, personal: { ...personal, may: 'take-back' } } },
  {
    name: 'pending, may withdraw',
    view: { ...pending, personal: { ...personal, may: 'withdraw', because: 'You asked for this plan, so you cannot sign it.' } },
  },
  { name: 'approved, for everyone', view: approved },
  { name: 'approved, may take back', view: { ...approved, personal: { ...personal, may: 'take-back' } } },
  { name: 'approved, begun', view: { ...approved, startsAt: sampleNow - MINUTE, personal: { ...personal, may: 'take-back' } } },
  { name: 'rejected', view: { ...ended('rejected', 'Tom Weber', 'the payroll run is on that day'), personal } },
  { name: 'expired', view: ended('expired', null, 'only 1 of 2 signed in time') },
  { name: 'superseded', view: { ...ended('superseded', null, 'two machines changed since the plan was made'), supersededBy: 'GL-0009' } },
  { name: 'withdrawn', view: ended('withdrawn', 'Priya Nair', 'withdrawn by the requester') },
  { name: 'pending but too late', view: { ...pending, expiresAt: sampleNow - DAY, personal } },
  { name: 'sixty targets', view: { ...pending, targets: targets(60), personal } },
  {
    name: 'three hundred targets, long parameters',
    view: {
      ...pending,
      targets: targets(300).map((target, index) => ({
        ...target,
        os: index % 30 === 0 ? 'linux' : 'windows',
        owner: index % 50 === 0 ? null : target.owner,
        apartFrom: index % 20 < 2 ? `set-${Math.floor(index / 20)}` : null,
        found: index === 7 ? 'changed by GL-0003' : target.found,
      })),
      leftOut: targets(300).map(({ name }, index) => ({ name, because: `reason ${index % 40}` })),
      waves: Array.from({ length: 30 }, (_, index) => ({ name: `wave ${index + 1}`, count: 10 })),
      calls: Array.from({ length: 14 }, () => ({ ...pending.calls[0]!, parameters: 'Value=0123456789abcdef; '.repeat(500) })),
      personal: { ...personal, holdable: targets(300).map(({ name }, index) => ({ value: `#${index}`, name })) },
    },
  },
  ...policySamples(pending, personal),
  {
    name: 'hostile names',
    view: {
      ...pending,
      title: hostileName,
      requestedBy: hostileName,
      effect: hostileName,
      blastRadius: hostileName,
      undoWords: hostileName,
      makeSafeWords: hostileName,
      finalWords: hostileName,
      ticket: hostileName,
      follows: { plan: hostileName, how: 'rest' },
      window: { name: hostileName, from: sampleNow, until: sampleNow + HOUR },
      targets: hostileNames.map((bad) => ({ name: bad, ring: bad, where: bad, found: bad, os: bad, owner: bad, apartFrom: bad })),
      holds: hostileNames.map((bad) => ({ name: bad, by: bad, at: sampleNow, reason: bad })),
      leftOut: hostileNames.map((bad) => ({ name: bad, because: bad })),
      waves: hostileNames.map((bad) => ({ name: bad, count: 1 })),
      calls: [{ on: hostileName, describes: hostileName, method: 'PUT', path: `/subscriptions/${hostileName}`, parameters: hostileName }],
      approvers: hostileNames.map((bad) => ({ name: bad, role: bad, votedAt: null, listed: true, notice: bad })),
      alternates: [{ name: hostileName, role: hostileName, votedAt: null, listed: true, notice: hostileName }],
      owners: [{ value: hostileName, people: [{ name: hostileName, votedAt: sampleNow }] }],
      missing: [
        { kind: 'signatures', count: 1 },
        { kind: 'roles', have: [hostileName], need: 2 },
        { kind: 'owner', value: hostileName },
      ],
      personal: {
        ...personal,
        because: hostileName,
        error: hostileName,
        comment: hostileNames.join('\n'),
        holdable: hostileNames.map((bad, index) => ({ value: `#${index}`, name: bad })),
        since: { at: sampleNow - HOUR, lines: hostileNames.map((bad) => ({ at: sampleNow, words: bad })) },
      },
    },
  },
  {
    name: 'rejected by somebody hostile',
    view: {
      ...ended('rejected', hostileName, hostileNames.join(' ')),
      approvers: [{ name: hostileName, role: hostileName, votedAt: null, listed: true, notice: null }],
    },
  },
];
