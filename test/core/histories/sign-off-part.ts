import type { Instant } from '../../../core/instant.ts';
import { chain, GENESIS } from '../../../core/ledger.ts';
import { personId } from '../../../core/person.ts';
import type { Tx } from '../../../core/ports.ts';
import type { Commit, Memory, View } from './memory.ts';
import { put } from './memory.ts';

type Part = Pick<
  Tx,
  | 'appendLedger'
  | 'ledgerHead'
  | 'ledger'
  | 'nextPlanId'
  | 'insertPlan'
  | 'plan'
  | 'openPlans'
  | 'saveSignOff'
  | 'issueView'
  | 'lookedAt'
  | 'consumeView'
  | 'outbox'
  | 'keepCard'
>;

/** Cards are not drawn here: all are the same one. */
const NO_CARD = 'c'.repeat(64);

/** Plans, views, ledger and outbox in a transaction, with the promises of the store's interface. */
export function signOffPart(memory: Memory, commit: Commit, undo: (() => void)[]): Part {
  const { plans, views, runs, ledger, counters } = memory;
  const count = (name: string) => {
    const next = (counters.get(name) ?? 0) + 1;
    put(counters, name, next, undo);
    return next;
  };
  return {
    async appendLedger(draft) {
      const entry = chain(draft, ledger.at(-1) ?? { seq: 0, hash: GENESIS });
      ledger.push(entry);
      undo.push(() => ledger.pop());
      commit.entries.push(entry);
      return entry;
    },
    ledger: async (subject) => ledger.filter((entry) => subject === null || entry.subject === subject),
    ledgerHead: async () => ledger.at(-1) ?? { seq: 0, hash: GENESIS },
    nextPlanId: async () => `GL-${String(count('plan')).padStart(4, '0')}`,
    async insertPlan(hash, plan, signOff) {
      if (plans.has(hash)) throw new Error('the plan is known');
      put(plans, hash, { hash, plan, signOff, version: 1 }, undo);
      commit.signOffs.push({ before: null, after: signOff });
    },
    plan: async (hash) => plans.get(hash) ?? null,
    openPlans: async () =>
      [...plans.values()].filter(({ hash, signOff: { state } }) => {
        const begun = runs.has(hash) && runs.get(hash)?.run.state !== 'waiting';
        return state === 'pending' || (state === 'approved' && !begun);
      }),
    async saveSignOff(signOff, version) {
      const record = plans.get(signOff.planHash);
      if (record?.version !== version) return refuse(commit);
      put(plans, record.hash, { ...record, signOff, version: version + 1 }, undo);
      commit.signOffs.push({ before: record.signOff, after: signOff });
      return true;
    },
    async issueView(hash, person, revision, nonce, at) {
      const view: View = { planHash: hash, person: personId(person), revision, nonce, usedFor: null, at };
      const first = ![...views.values()].some((other) => sameReader(other, view));
      put(views, nonce, view, undo);
      commit.issued.push(view);
      return first;
    },
    async lookedAt(hash, person, before) {
      const own = [...views.values()].filter(({ planHash, person: who }) => planHash === hash && who === personId(person));
      return own.findLast(({ at }) => at <= before)?.at ?? own[0]?.at ?? null;
    },
    async consumeView(hash, person, revision, nonce, decision, _at: Instant) {
      const view = views.get(nonce);
      if (view?.planHash !== hash || view.person !== personId(person) || view.revision !== revision) return 'unknown';
      commit.consumed.push({ planHash: hash, person, revision, nonce });
      if (view.usedFor !== null) return view.usedFor === decision ? 'used' : 'used-otherwise';
      put(views, nonce, { ...view, usedFor: decision }, undo);
      return 'fresh';
    },
    keepCard: async () => NO_CARD,
    async outbox(message) {
      const id = String(count('outbox'));
      put(memory.outbox, id, { ...message, id }, undo);
      return id;
    },
  };
}

export function refuse(commit: Commit): false {
  commit.refused += 1;
  return false;
}

function sameReader(a: View, b: View): boolean {
  return a.planHash === b.planHash && a.person === b.person && a.revision === b.revision;
}
