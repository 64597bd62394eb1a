import { DAY, HOUR, MINUTE } from '../../core/instant.ts';
import type { Sample } from '../samples.ts';
import { hostileName, hostileNames, sampleNow } from '../samples.ts';
import type { SignOffPersonal, SignOffView } from './view.ts';

/** What a migration file can ask of those who sign, and plans that only decide. */
export function policySamples(pending: SignOffView, personal: SignOffPersonal): readonly Sample<SignOffView>[] {
  const asked: SignOffView = {
    ...pending,
    class: 'irreversible',
    ticket: 'CHG0012345',
    follows: { plan: 'GL-0004', how: 'rest' },
    window: { name: 'nights', from: sampleNow + 12 * HOUR, until: sampleNow + 16 * HOUR },
    estimateMinutes: 180,
    soakMinutes: 60,
    useBy: sampleNow + 16 * HOUR,
    distinctRoles: 2,
    approvers: pending.approvers.map((approver, index) => (index === 0 ? { ...approver, role: 'Change manager' } : approver)),
    alternates: [{ name: 'Mia Sand', role: 'Infrastructure lead', votedAt: null, listed: true, notice: null }],
    owners: [
      {
        value: 'erp-team',
        people: [
          { name: 'Omar Haddad', votedAt: null },
          { name: 'Eva Lind', votedAt: null },
        ],
      },
    ],
    missing: [
      { kind: 'signatures', count: 1 },
      { kind: 'roles', have: ['change manager'], need: 2 },
      { kind: 'owner', value: 'erp-team' },
    ],
  };
  const held = { name: 'SRV-FIN-03', by: 'Omar Haddad', at: sampleNow - 5 * MINUTE, reason: 'the vendor upgrades it tonight' };
  const since = {
    at: sampleNow - 30 * MINUTE,
    lines: [
      { at: sampleNow - 8 * MINUTE, words: 'Ana Diaz approved: “as agreed in the change board”' },
      { at: sampleNow - 5 * MINUTE, words: 'Omar Haddad held SRV-FIN-03 out: the vendor upgrades it tonight' },
    ],
  };
  return [
    { name: 'two roles, an owner and a window, for everyone', view: asked },
    {
      name: 'the number has to be typed, one held out, since the last look',
      view: { ...asked, holds: [held], personal: { ...personal, typeCount: true, since } },
    },
    { name: 'an owner may sign', view: { ...asked, personal: { ...personal, may: 'sign', holdable: personal.holdable.slice(0, 2) } } },
    {
      name: 'the requester may withdraw, and hold what is theirs',
      view: { ...asked, personal: { ...personal, may: 'withdraw', holdable: personal.holdable.slice(0, 1) } },
    },
    {
      name: 'an approver who is no longer listed',
      view: {
        ...asked,
        missing: [{ kind: 'signatures', count: 2 }],
        approvers: asked.approvers.map((approver, index) =>
          index === 0 ? { ...approver, listed: false, notice: 'no longer an approver' } : approver,
        ),
      },
    },
    { name: 'a standing sign-off', view: { ...pending, class: 'read-only', standing: { everyMinutes: 360, until: sampleNow + 14 * DAY } } },
    ...decisions(pending, personal),
  ];
}

function decisions(pending: SignOffView, personal: SignOffPersonal): readonly Sample<SignOffView>[] {
  const bare: SignOffView = {
    ...pending,
    targets: [],
    leftOut: [],
    waves: [],
    calls: [],
    scripts: [],
    estimateMinutes: 0,
    personal: { ...personal, holdable: [] },
  };
  return [
    {
      name: 'closes a phase',
      view: {
        ...bare,
        title: 'Close phase 1 for ring canary',
        effect: 'Phase 1 counts as done for ring canary',
        decides: {
          kind: 'close-phase',
          phase: 'prepare',
          ring: 'canary',
          closing: {
            subjects: [],
            steps: ['passive-mode-set', 'wsus-serves-defender'],
            machines: { ready: 27, 'not-ready': 0, unknown: 0, waived: 1, 'not-applicable': 2 },
            waivers: [{ stepId: 'passive-mode-set', subjectId: '/x', name: hostileName, until: sampleNow + 30 * DAY, plan: 'GL-0004' }],
            attestations: [{ id: 'a', stepId: 'wsus-serves-defender', by: 'Ana Diaz', until: sampleNow + 60 * DAY }],
          },
        },
      },
    },
    {
      name: 'waives a step by somebody hostile',
      view: {
        ...bare,
        title: hostileName,
        effect: hostileName,
        decides: {
          kind: 'waive',
          stepId: 'passive-mode-set',
          subjectId: '/x',
          subjectName: hostileName,
          until: sampleNow + 30 * DAY,
          reason: hostileNames.join(' '),
        },
      },
    },
    {
      name: 'accepts a migration file',
      view: {
        ...bare,
        title: 'Accept a new migration file',
        effect: 'The new file counts from then on',
        decides: {
          kind: 'accept-file',
          fileHash: pending.hash,
          changes: Array.from({ length: 60 }, (_, index) => ({ words: `approver ${index + 1}`, from: 'Ana Diaz', to: 'Tom Weber' })),
        },
      },
    },
  ];
}
