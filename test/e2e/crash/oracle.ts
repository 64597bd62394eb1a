import { createHash } from 'node:crypto';
import { type AnyJson, words } from '../support/rehearsal.ts';
import { changeOf, deletionOf, type Entry, keyOf, type Witness } from './witness.ts';

/** Ids of servers in lower case, wave by wave. */
export type Waves = readonly (readonly string[])[];

/** What the runs were meant to be, worked out without the bot. */
export interface Meant {
  /** For each request in turn: ids of the servers in lower case, wave by wave. */
  readonly plans: readonly Waves[];
  readonly quorum: number;
  /** Whether the change is true of a machine of the estate. */
  readonly isTrue: (machine: AnyJson) => boolean;
}

type Law = (witness: Witness, meant: Meant) => readonly string[];

/** Each law says what it found wrong. */
const laws: Readonly<Record<string, Law>> = {
  'the chain verifies, without a gap': chainHolds,
  'the request log is whole': ({ log }) => log.flatMap(({ seq }, index) => (seq === index + 1 ? [] : [`request ${index + 1} is missing`])),
  'a quorum of others signed before the run began': quorumCame,
  'each run began once and ended once': runsEnded,
  'every change has an intent of its own that came first': intentsCame,
  'every intent came to an end that shows': intentsEnded,
  'nothing happened twice': nothingTwice,
  'what was deleted was announced, and its run had ended': deletionsCame,
  'waves came one after another': wavesInOrder,
  'what is called verified is true': verifiedIsTrue,
  'what is called posted is in the channel, and the end was announced': postsAreThere,
};

/** Everything that is wrong, each with its law's name; empty when all is well. */
export function wrongs(witness: Witness, meant: Meant): readonly string[] {
  return Object.entries(laws).flatMap(([name, law]) => law(witness, meant).map((what) => `${name}: ${what}`));
}

const of = (ledger: readonly Entry[], kind: string) => ledger.filter((entry) => entry.kind === kind);

/** Written from docs/ledger-format.md, not with the project's own code. */
function chainHolds({ ledger }: Witness): string[] {
  return ledger.flatMap((entry, index) => {
    const { hash, ...rest } = entry;
    const before = ledger[index - 1]?.hash ?? '0'.repeat(64);
    const own = createHash('sha256')
      .update(`greenlight/ledger/v1\n${sorted(rest)}`)
      .digest('hex');
    if (entry.seq !== index + 1) return [`entry ${index + 1} is ${entry.seq}`];
    if (entry.prev !== before) return [`entry ${entry.seq} does not follow the one before it`];
    return own === hash ? [] : [`entry ${entry.seq} is not what was hashed`];
  });
}

function sorted(value: AnyJson): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(typeof value === 'string' ? value.normalize('NFC') : value);
  const keys = Object.keys(value).toSorted((a, b) => (a < b ? -1 : 1));
  return `{${keys.map((key) => `${JSON.stringify(key.normalize('NFC'))}:${sorted(value[key])}`).join(',')}}`;
}

function quorumCame({ ledger }: Witness, { quorum }: Meant): string[] {
  return of(ledger, 'run-begun').flatMap(({ seq, subject }) => {
    const before = ledger.filter((entry) => entry.seq < seq && entry.subject === subject);
    const requester = of(before, 'request')[0]?.actor?.id;
    const votes = of(before, 'vote').filter(({ data, actor }) => data.decision === 'approve' && actor?.id !== requester);
    const signers = new Set(votes.map(({ actor }) => actor?.id));
    return requester !== undefined && signers.size >= quorum ? [] : [`the run of ${subject.slice(0, 12)} had ${signers.size} signers`];
  });
}

function runsEnded({ ledger }: Witness): string[] {
  const begun = of(ledger, 'run-begun').map(({ subject }) => subject);
  const wrong = begun.filter((subject, index) => begun.indexOf(subject) !== index).map((subject) => `${subject.slice(0, 12)} began twice`);
  for (const subject of begun) {
    const ends = of(ledger, 'run-ended').filter((entry) => entry.subject === subject);
    if (ends.length !== 1) wrong.push(`${subject.slice(0, 12)} has ${ends.length} ends`);
    const late = ledger.filter((entry) => entry.kind === 'intent' && entry.subject === subject && entry.seq > (ends[0]?.seq ?? Infinity));
    if (late.length > 0) wrong.push(`${late.length} intents after the end`);
  }
  return begun.length === 0 ? ['no run began'] : wrong;
}

/** A repeat needs an intent too: so the n-th request of a call has the n-th intent before it. */
function intentsCame({ ledger, log }: Witness): string[] {
  const intents = intentsByCall(ledger);
  const begun = new Map(of(ledger, 'run-begun').map((entry) => [entry.subject.slice(0, 12), entry.at]));
  const sent = new Map<string, number>();
  let changes = 0;
  const wrong = log.flatMap((request) => {
    const change = changeOf(request);
    if (!change) return [];
    changes += 1;
    const key = keyOf(change);
    const nth = sent.get(key) ?? 0;
    sent.set(key, nth + 1);
    const intent = intents.get(key)?.[nth];
    if (!intent || intent.at > request.at) return [`request ${nth + 1} of ${key} has no intent before it`];
    return request.at >= (begun.get(change.plan) ?? Infinity) ? [] : [`${key} was sent before its run began`];
  });
  return changes === 0 ? ['nothing was changed'] : wrong;
}

function intentsEnded({ ledger }: Witness): string[] {
  const ends = Map.groupBy(
    ledger.filter(({ kind }) => kind === 'outcome' || kind === 'proof'),
    ({ subject, data }) => `${data.target?.toLowerCase()} ${subject.slice(0, 12)} ${data.call ?? data.proof}`,
  );
  return [...intentsByCall(ledger)].flatMap(([key, intents]) => {
    const last = Math.max(...intents.map(({ seq }) => seq));
    return (ends.get(key) ?? []).some(({ seq }) => seq > last) ? [] : [`nothing says what became of ${key}`];
  });
}

function intentsByCall(ledger: readonly Entry[]): Map<string, Entry[]> {
  return Map.groupBy(of(ledger, 'intent'), ({ subject, data }) =>
    keyOf({ machine: data.target.toLowerCase(), plan: subject.slice(0, 12), call: data.call }),
  );
}

/** By what happened inside the machines, and by the bytes that were sent. */
function nothingTwice({ log, estate }: Witness): string[] {
  const wrong: string[] = [];
  const sent = Map.groupBy(
    log.flatMap((request) => {
      const change = changeOf(request);
      return change ? [{ key: keyOf(change), bytes: request.bodySha256 }] : [];
    }),
    ({ key }) => key,
  );
  for (const [key, requests] of sent) {
    if (new Set(requests.map(({ bytes }) => bytes)).size > 1) wrong.push(`${key} was repeated with other bytes`);
  }
  const ran = Map.groupBy(estate.executions as AnyJson[], ({ machineId, runCommand }) => `${machineId} ${runCommand}`);
  for (const [key, executions] of ran) {
    if (executions.length > 1) wrong.push(`${key} ran ${executions.length} times`);
  }
  return wrong;
}

function deletionsCame({ ledger, log }: Witness): string[] {
  const ends = of(ledger, 'run-ended');
  const announced = of(ledger, 'tidy').filter(({ data }) => data.targets !== undefined);
  return log.flatMap((request) => {
    const deletion = deletionOf(request);
    if (!deletion) return [];
    const end = ends.find(({ subject }) => subject.startsWith(deletion.plan));
    const entry = announced.find(
      ({ subject, data }) =>
        subject.startsWith(deletion.plan) && data.targets.some((target: string) => target.toLowerCase() === deletion.machine),
    );
    return end && entry && end.seq < entry.seq && entry.at <= request.at ? [] : [`${keyOf(deletion)} was deleted`];
  });
}

function wavesInOrder({ ledger }: Witness, { plans }: Meant): string[] {
  const requests = of(ledger, 'request');
  const wrong = requests.length === plans.length ? [] : [`${requests.length} plans were made, and not ${plans.length}`];
  for (const [index, { subject }] of requests.entries()) {
    const own = ledger.filter((entry) => entry.subject === subject);
    wrong.push(...wavesOfOne(own, plans[index] ?? []));
  }
  return wrong;
}

function wavesOfOne(ledger: readonly Entry[], waves: Waves): string[] {
  const known = new Set(waves.flat());
  const firstIntent = new Map<string, number>();
  const proven = new Map<string, number>();
  for (const { kind, seq, data } of ledger) {
    const target = data.target?.toLowerCase();
    if (kind === 'intent' && !firstIntent.has(target)) firstIntent.set(target, seq);
    if ((kind === 'proof' && data.result === 'verified') || data.result === 'dropped') proven.set(target, seq);
  }
  const wrong = [...firstIntent.keys()].filter((target) => !known.has(target)).map((target) => `${target} was in no wave`);
  for (const [index, wave] of waves.entries()) {
    const begins = Math.min(...wave.map((target) => firstIntent.get(target) ?? Infinity));
    const before = begins === Infinity ? [] : waves.slice(0, index).flat();
    const open = before.filter((target) => (proven.get(target) ?? Infinity) > begins);
    if (open.length > 0) wrong.push(`wave ${index + 1} began with ${open.length} unproven before it`);
  }
  return wrong;
}

function verifiedIsTrue({ ledger, estate }: Witness, { isTrue, plans }: Meant): string[] {
  const targets = new Set(plans.flat(2));
  const machines = (estate.machines as AnyJson[]).filter(({ id }) => targets.has(id.toLowerCase()));
  const truly = new Set(machines.filter(isTrue).map(({ id }) => id.toLowerCase()));
  const last = new Map(of(ledger, 'proof').map(({ data }) => [data.target.toLowerCase(), data.result]));
  const called = [...last].filter(([, result]) => result === 'verified').map(([target]) => target);
  const wrong = called.filter((target) => !truly.has(target)).map((target) => `${target} is called verified`);
  const told = of(ledger, 'run-ended').reduce((sum, { data }) => sum + (data.targets.verified ?? 0), 0);
  if (told !== called.length) wrong.push(`the end tells of ${told} verified, the proofs of ${called.length}`);
  // A change that happened and could not be proven is not called verified: saying less is not lying.
  if (told > truly.size) wrong.push(`the end tells of ${told} verified, the estate shows ${truly.size}`);
  return wrong;
}

function postsAreThere({ ledger, messages }: Witness): string[] {
  const there = new Set(messages.filter(({ from }) => from.isBot).map(({ id }) => id));
  const posts = of(ledger, 'post').filter(({ data }) => data.activity !== undefined);
  const wrong = posts.filter(({ data }) => !there.has(data.activity)).map(({ data }) => `${data.activity} is not in the channel`);
  if (new Set(posts.map(({ data }) => data.activity)).size < posts.length) wrong.push('a message was recorded twice');
  for (const { data } of of(ledger, 'run-ended')) {
    const news = new RegExp(`^(?!.*Run of).*${data.plan} \\(.*(complete|ended|halted|stopped|voided)`);
    if (!messages.some(({ from, cards }) => from.isBot && news.test(words(cards))))
      wrong.push(`the end of ${data.plan} was never announced`);
  }
  return wrong;
}
