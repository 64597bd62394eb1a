import { chain, GENESIS, type LedgerDraft, type LedgerEntry } from '../../../core/ledger.ts';
import type { AnyJson } from '../support/rehearsal.ts';
import { type Meant, wrongs } from './oracle.ts';
import type { Entry, Request, Witness } from './witness.ts';

const PLAN = 'ab'.repeat(32);
const id = (name: string) => `/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/${name}`;
const meant: Meant = {
  plans: [[[id('one').toLowerCase()], [id('two').toLowerCase()]]],
  quorum: 2,
  isTrue: ({ guest }) => guest.passiveKey === 1,
};

type Draft = { -readonly [K in keyof LedgerDraft]: LedgerDraft[K] } & { data: AnyJson };
type Draw = { drafts: Draft[]; log: Request[]; estate: AnyJson; messages: AnyJson[] };

/** A run of two servers in two waves, as it should be. */
function good(): Draw {
  const draft = (at: number, kind: LedgerDraft['kind'], data: AnyJson, who: string | null = null): Draft => ({
    at,
    kind,
    actor: who === null ? null : { id: who, name: who },
    subject: PLAN,
    data: { plan: 'GL-0001', ...data },
  });
  const server = (name: string, at: number) => [
    draft(at, 'intent', { target: id(name), call: 'set' }),
    draft(at + 2, 'outcome', { target: id(name), call: 'set', result: 'done' }),
    draft(at + 3, 'intent', { target: id(name), call: 'probe' }),
    draft(at + 5, 'proof', { target: id(name), proof: 'probe', result: 'verified' }),
  ];
  const put = (name: string, call: string, at: number) => ({
    at,
    server: 'azure' as const,
    who: 'writer',
    method: 'PUT',
    path: `${id(name)}/runCommands/greenlight-${PLAN.slice(0, 12)}-${call}?api-version=1`,
    status: 201,
    bodySha256: `${name} ${call}`,
  });
  const ran = (name: string, call: string) => ({ machineId: id(name), runCommand: `greenlight-${PLAN.slice(0, 12)}-${call}` });
  const tidy = { ...put('one', 'set', 32), method: 'DELETE', status: 202 };
  return {
    drafts: [
      draft(1, 'request', {}, 'lukas'),
      { ...draft(2, 'post', { activity: 'm1' }), subject: `sign-off:${PLAN}` },
      draft(3, 'vote', { decision: 'approve' }, 'ingrid'),
      draft(4, 'vote', { decision: 'approve' }, 'jonas'),
      draft(5, 'run-begun', {}),
      ...server('one', 10),
      ...server('two', 20),
      draft(30, 'run-ended', { verdict: 'complete', targets: { verified: 2 } }),
      draft(31, 'tidy', { count: 1, targets: [id('one')] }),
      draft(33, 'tidy', { deleted: 1, left: 0 }),
    ],
    log: [put('one', 'set', 11), put('one', 'probe', 14), put('two', 'set', 21), put('two', 'probe', 24), tidy].map((entry, index) => ({
      seq: index + 1,
      ...entry,
    })),
    estate: {
      machines: ['one', 'two'].map((name) => ({ id: id(name), guest: { passiveKey: 1 } })),
      executions: [ran('one', 'set'), ran('one', 'probe'), ran('two', 'set'), ran('two', 'probe')],
    },
    messages: ['m1', 'm2'].map((message) => ({
      id: message,
      from: { isBot: true },
      cards: [{ text: 'GL-0001 (x) is complete: 2 of 2 proven' }],
    })),
  };
}

/** Which laws speak up about it. */
function broken(spoil: (draw: Draw) => unknown = () => undefined, spoilLedger: (ledger: AnyJson[]) => unknown = () => undefined): string[] {
  const draw = good();
  spoil(draw);
  const ledger: LedgerEntry[] = [];
  for (const entry of draw.drafts) ledger.push(chain(entry, ledger.at(-1) ?? { seq: 0, hash: GENESIS }));
  spoilLedger(ledger);
  const witness: Witness = { ledger: ledger as readonly Entry[], log: draw.log, estate: draw.estate, messages: draw.messages };
  return [...new Set(wrongs(witness, meant).map((wrong) => wrong.split(': ')[0] as string))];
}

const find = (drafts: Draft[], kind: string, nth = 0) => drafts.filter((entry) => entry.kind === kind)[nth] as Draft;
const without = (drafts: Draft[], entry: Draft) => drafts.splice(drafts.indexOf(entry), 1);

describe('the oracle', () => {
  it('has nothing against a run as it should be', () => {
    expect(broken()).toEqual([]);
  });

  it.each<[string, (draw: Draw) => unknown, string]>([
    [
      'a second signature by the same person',
      ({ drafts }) => (find(drafts, 'vote', 1).actor = { id: 'ingrid', name: 'ingrid' }),
      'a quorum of others signed before the run began',
    ],
    [
      'a signature by the requester',
      ({ drafts }) => (find(drafts, 'vote').actor = { id: 'lukas', name: 'lukas' }),
      'a quorum of others signed before the run began',
    ],
    [
      'a signature after the run began',
      ({ drafts }) => drafts.push(...without(drafts, find(drafts, 'vote', 1))),
      'a quorum of others signed before the run began',
    ],
    ['a run that never ended', ({ drafts }) => without(drafts, find(drafts, 'run-ended')), 'each run began once and ended once'],
    ['a run that began twice', ({ drafts }) => drafts.splice(5, 0, find(drafts, 'run-begun')), 'each run began once and ended once'],
    [
      'a change without an intent',
      ({ drafts }) => without(drafts, find(drafts, 'intent')),
      'every change has an intent of its own that came first',
    ],
    [
      'a change before its intent',
      ({ drafts }) => (find(drafts, 'intent').at = 12),
      'every change has an intent of its own that came first',
    ],
    [
      'a repeat without an intent',
      ({ log }) => log.push({ ...(log[0] as Request), seq: 6, at: 40 }),
      'every change has an intent of its own that came first',
    ],
    ['an intent without an end', ({ drafts }) => without(drafts, find(drafts, 'outcome')), 'every intent came to an end that shows'],
    [
      'a repeat with other bytes',
      ({ log }) => log.push({ ...(log[0] as Request), seq: 6, at: 40, bodySha256: 'other' }),
      'nothing happened twice',
    ],
    [
      'a deletion that was not announced',
      ({ drafts }) => without(drafts, find(drafts, 'tidy')),
      'what was deleted was announced, and its run had ended',
    ],
    [
      'a deletion announced for another machine',
      ({ drafts }) => (find(drafts, 'tidy').data.targets = [id('two')]),
      'what was deleted was announced, and its run had ended',
    ],
    [
      'a deletion announced before the end of the run',
      ({ drafts }) => drafts.splice(6, 0, ...without(drafts, find(drafts, 'tidy'))),
      'what was deleted was announced, and its run had ended',
    ],
    ['a script that ran twice', ({ estate }) => estate.executions.push(estate.executions[0]), 'nothing happened twice'],
    [
      'a wave that began too early',
      ({ drafts }) => drafts.splice(5, 0, ...without(drafts, find(drafts, 'intent', 2))),
      'waves came one after another',
    ],
    ['a key that is not set', ({ estate }) => (estate.machines[0].guest.passiveKey = null), 'what is called verified is true'],
    [
      'an end that tells of more',
      ({ drafts }) => (find(drafts, 'run-ended').data.targets = { verified: 3 }),
      'what is called verified is true',
    ],
    ['a post that is nowhere', ({ messages }) => messages.shift(), 'what is called posted is in the channel, and the end was announced'],
    [
      'an end nobody was told',
      ({ messages }) => messages.splice(0, 2, ...messages.map((message) => ({ ...message, cards: [] }))),
      'what is called posted is in the channel, and the end was announced',
    ],
    [
      'a log that lost its beginning',
      ({ log }) => log.unshift({ ...(log[0] as Request), seq: 7, server: 'teams' }),
      'the request log is whole',
    ],
  ])('sees %s', (_what, spoil, law) => {
    expect(broken(spoil)).toContain(law);
  });

  it.each<[string, (ledger: AnyJson[]) => unknown]>([
    ['altered', (ledger) => (ledger[3].data.decision = 'reject')],
    ['left out', (ledger) => ledger.splice(3, 1)],
    ['cut off at the beginning', (ledger) => ledger.shift()],
  ])('sees an entry that was %s', (_what, spoil) => {
    expect(broken(undefined, spoil)).toContain('the chain verifies, without a gap');
  });

  it.each([
    ['of nobody’s plan', { path: `${id('one')}/runCommands/other?x` }],
    ['by another identity', { who: 'reader' }],
    ['of another kind', { method: 'PATCH' }],
  ])('refuses a change %s', (_what, over) => {
    expect(() => broken(({ log }) => void Object.assign(log[0] as Request, over))).toThrow('a change no plan names');
  });
});
