import { type AnyJson, type ReadyLine, words } from '../support/rehearsal.ts';
import type { CrashHouse } from './crash-house.ts';
import type { Waves } from './oracle.ts';
import { changeOf, type Entry, type Witness } from './witness.ts';

/** A moment between two records of the journal, and the means by which a bot is caught in it from outside. */
export interface Boundary {
  readonly name: string;
  /** A fault of the outside that holds the bot right there; null: it is caught by looking at its ledger. `waves`: those of the newest plan. */
  readonly hold: ((ready: ReadyLine, waves: Waves, ledger: readonly Entry[]) => AnyJson) | null;
  /** What a person does to get there. Not waited for: the bot may die before it answers. */
  readonly act?: (house: CrashHouse) => Promise<unknown>;
  /** Looked at again and again while the bot runs: is it there? */
  readonly until: (ledger: readonly Entry[], mark: number) => boolean;
  /** Looked at when it is dead: was it there? `mark`: number of ledger entries before. */
  readonly hit: (witness: Witness, mark: number) => boolean;
}

const never =
  (match: AnyJson, after = false) =>
  () => ({ match, fault: { never: true, ...(after ? { after: true } : {}) } });
const has = (ledger: readonly Entry[], kind: string, matches: (entry: Entry) => boolean = () => true) =>
  ledger.some((entry) => entry.kind === kind && matches(entry));

/** A write that adds a message to the channel. */
const CARD = { server: 'teams', method: 'POST', path: '^/v3/conversations', body: 'Sign-off needed for' };
const NEWS = { server: 'teams', method: 'POST', path: '^/v3/conversations', body: 'is complete: ' };
const MACHINE = { server: 'azure', method: 'GET', path: '/(virtualMachines|machines)/[^/?]+\\?' };
const put = (call: string) => ({ server: 'azure', method: 'PUT', path: `/runCommands/greenlight-[0-9a-f]+-${call}\\?` });

const shown = ({ messages }: Witness, pattern: RegExp) =>
  messages.some(({ from, cards, text }) => from.isBot && pattern.test(`${text} ${words(cards)}`));
const posted = ({ ledger }: Witness, key: string) => has(ledger, 'post', ({ subject }) => subject.startsWith(key));

/** Calls whose last intent has no outcome and no proof. */
function open(ledger: readonly Entry[], call: string): readonly string[] {
  const state = new Map<string, boolean>();
  for (const { kind, data } of ledger) {
    if (kind === 'intent' && data.call === call) state.set(data.target, true);
    if ((kind === 'outcome' || kind === 'proof') && (data.call ?? data.proof) === call) state.set(data.target, false);
  }
  return [...state].flatMap(([target, isOpen]) => (isOpen ? [target] : []));
}

/** Machines whose Azure holds the Run Command of a call. */
function carriedOut({ estate }: Witness, call: string): readonly string[] {
  const machines = estate.machines as AnyJson[];
  return machines
    .filter(({ runCommands }) => runCommands.some(({ name }: AnyJson) => name.endsWith(`-${call}`)))
    .map(({ id }) => id.toLowerCase());
}

/** Machines a change was sent to, whatever came back. */
function sentTo({ log }: Witness, call: string): readonly string[] {
  return log.flatMap((request) => {
    const change = changeOf(request);
    return change?.call === call ? [change.machine] : [];
  });
}

/** An open call that Azure was sent (or not) and that it carried out (or not). */
function caught(witness: Witness, call: string, sent: boolean, done: boolean): boolean {
  return open(witness.ledger, call).some(
    (target) =>
      sentTo(witness, call).includes(target.toLowerCase()) === sent && carriedOut(witness, call).includes(target.toLowerCase()) === done,
  );
}

/** Machines with a settled change and no proof begun. */
function unproven(ledger: readonly Entry[]): boolean {
  const done = ledger.filter(({ kind, data }) => kind === 'outcome' && data.call === 'set' && data.result === 'done');
  return done.some(({ data }) => !has(ledger, 'intent', (entry) => entry.data.target === data.target && entry.data.call === 'probe'));
}

const targetsOf = (ledger: readonly Entry[], kind: string) =>
  new Set(ledger.filter((entry) => entry.kind === kind).map(({ data }) => data.target.toLowerCase()));
const isProven = (ledger: readonly Entry[], wave: readonly string[]) => wave.every((id) => targetsOf(ledger, 'proof').has(id));

/** Servers of all waves after the first one that is not proven: they are not re-read, so that the wave after it cannot begin. */
function laterWaves(_: ReadyLine, waves: Waves, ledger: readonly Entry[]): AnyJson {
  const current = waves.findIndex((wave) => !isProven(ledger, wave));
  const names = waves
    .slice(current + 1)
    .flat()
    .map((id) => id.split('/').at(-1));
  if (names.length === 0) throw new Error('no wave is left to be held');
  return never({ ...MACHINE, path: `/(virtualMachines|machines)/(${names.join('|')})\\?` })();
}
const isPreflight = ({ data }: Entry) => data.preflight === 'done';
const votes = (ledger: readonly Entry[]) => ledger.filter(({ kind }) => kind === 'vote').length;
/** The last thing that happened to the run. */
const lastOfRun = (ledger: readonly Entry[]) => ledger.findLast(({ kind }) => kind !== 'post');

/** In the order a plan comes through them. */
export const boundaries: readonly Boundary[] = [
  {
    name: 'request committed, its message claimed and not carried out',
    hold: never(CARD),
    act: (house) => house.ask(),
    until: (ledger) => has(ledger, 'request'),
    hit: (witness) => has(witness.ledger, 'request') && !posted(witness, 'sign-off:') && !shown(witness, /Sign-off needed/),
  },
  {
    name: 'message carried out, not recorded',
    hold: never(CARD, true),
    until: (ledger) => has(ledger, 'request'),
    hit: (witness) => shown(witness, /Sign-off needed/) && !posted(witness, 'sign-off:'),
  },
  {
    name: 'first vote committed',
    hold: null,
    act: (house) => house.vote('ingrid'),
    until: (ledger) => votes(ledger) === 1,
    hit: ({ ledger }) => votes(ledger) === 1,
  },
  {
    name: 'second vote committed: quorum, and nothing begun',
    hold: null,
    act: (house) => house.vote('jonas'),
    until: (ledger) => votes(ledger) === 2,
    hit: ({ ledger }) => votes(ledger) === 2 && !has(ledger, 'run-begun'),
  },
  {
    name: 'run begun, its pre-flight not ended',
    hold: never(MACHINE),
    until: (ledger) => has(ledger, 'run-begun'),
    hit: ({ ledger }) => has(ledger, 'run-begun') && !has(ledger, 'outcome', isPreflight) && !has(ledger, 'intent'),
  },
  {
    name: 'intent committed, nothing sent',
    // The writer has no token yet, and cannot get one.
    hold: ({ identities }) => never({ operation: '^Entra/token$', body: identities.writer.clientId })(),
    until: (ledger) => open(ledger, 'set').length > 0,
    hit: (witness) => caught(witness, 'set', false, false),
  },
  {
    name: 'sent, not carried out',
    hold: never(put('set')),
    until: (ledger) => open(ledger, 'set').length > 0,
    hit: (witness) => caught(witness, 'set', true, false),
  },
  {
    name: 'carried out, its answer not received',
    hold: never(put('set'), true),
    until: (ledger) => open(ledger, 'set').length > 0,
    hit: (witness) => caught(witness, 'set', true, true),
  },
  {
    name: 'outcome recorded, proof not begun',
    hold: null,
    until: unproven,
    hit: ({ ledger }) => unproven(ledger),
  },
  {
    name: 'proof intent committed, not carried out',
    hold: never(put('probe')),
    until: (ledger) => open(ledger, 'probe').length > 0,
    hit: (witness) => caught(witness, 'probe', true, false),
  },
  {
    name: 'proof carried out, its answer not received',
    hold: never(put('probe'), true),
    until: (ledger) => open(ledger, 'probe').length > 0,
    hit: (witness) => caught(witness, 'probe', true, true),
  },
  {
    name: 'proof recorded, and nothing after it',
    hold: null,
    until: (ledger, mark) => ledger.slice(mark).some(({ kind }) => kind === 'proof') && lastOfRun(ledger)?.kind === 'proof',
    hit: ({ ledger }) => lastOfRun(ledger)?.kind === 'proof',
  },
  {
    name: 'wave proven, the next one not begun',
    hold: laterWaves,
    until: (ledger, mark) =>
      ledger.slice(mark).some(({ kind }) => kind === 'proof') && targetsOf(ledger, 'proof').size === targetsOf(ledger, 'intent').size,
    hit: ({ ledger }) => targetsOf(ledger, 'proof').size === targetsOf(ledger, 'intent').size && !has(ledger, 'run-ended'),
  },
  {
    name: 'run ended, and not announced',
    hold: never(NEWS),
    until: (ledger) => has(ledger, 'run-ended'),
    hit: (witness) => has(witness.ledger, 'run-ended') && !posted(witness, 'run-news:') && !shown(witness, /is complete: /),
  },
  {
    name: 'end announced, not recorded',
    hold: never(NEWS, true),
    until: (ledger) => has(ledger, 'run-ended'),
    hit: (witness) => shown(witness, /is complete: /) && !posted(witness, 'run-news:'),
  },
];
