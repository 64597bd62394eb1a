import type { Instant } from '../../../core/instant.ts';
import { SECOND } from '../../../core/instant.ts';
import type { JournalRow, Tx } from '../../../core/ports.ts';
import type { Run } from '../../../core/run.ts';
import { journalKey } from './journal-key.ts';
import type { Commit, Memory, OwnedRun } from './memory.ts';
import { put, remove } from './memory.ts';
import { refuse } from './sign-off-part.ts';

type Part = Pick<
  Tx,
  | 'insertRun'
  | 'run'
  | 'openRuns'
  | 'saveRun'
  | 'stopRun'
  | 'claimRun'
  | 'holdsRun'
  | 'holdTargets'
  | 'releaseTargets'
  | 'journalIntent'
  | 'journalOutcome'
  | 'journalRetry'
  | 'journalLine'
  | 'saveEvidence'
  | 'lastReading'
  | 'evidence'
  | 'tracks'
  | 'saveTracks'
  | 'note'
  | 'saveNote'
>;

const LEASE = 15 * SECOND;
const FINAL: ReadonlySet<JournalRow['outcome']> = new Set(['settled', 'failed']);

/** Runs, leases, holds and the journal in a transaction, with the promises of the store's interface. */
export function runPart({ runs, holds, journal, notes }: Memory, commit: Commit, undo: (() => void)[], now: Instant): Part {
  const save = (before: OwnedRun, run: Run) => {
    put(runs, run.planHash, { ...before, run, version: before.version + 1 }, undo);
    commit.runs.push({ before: before.run, after: run });
    return true;
  };
  const line = (hash: string, targetId: string, callId: string): JournalRow => {
    const row = journal.get(journalKey(hash, targetId, callId));
    if (!row) throw new Error(`the journal has no intent for ${callId}`);
    return row;
  };
  const write = (row: JournalRow) => put(journal, journalKey(row.planHash, row.targetId, row.callId), row, undo);
  return {
    async insertRun(run) {
      if (runs.has(run.planHash)) return false;
      put(runs, run.planHash, { run, version: 1, owner: null, fence: 0, leaseUntil: 0 }, undo);
      commit.runs.push({ before: null, after: run });
      return true;
    },
    run: async (hash) => runs.get(hash) ?? null,
    openRuns: async () => [...runs.values()].filter(({ run }) => run.state !== 'finished'),
    async saveRun(run, version, fence) {
      const before = runs.get(run.planHash);
      return before?.version === version && before.fence === fence ? save(before, run) : refuse(commit);
    },
    async stopRun(run, version) {
      const before = runs.get(run.planHash);
      return before?.version === version ? save(before, run) : refuse(commit);
    },
    async claimRun(hash, owner) {
      const before = runs.get(hash);
      if (!before) return null;
      const held = before.leaseUntil >= now;
      if (held && before.owner !== owner) return null;
      const fence = held ? before.fence : before.fence + 1;
      put(runs, hash, { ...before, owner, fence, leaseUntil: now + LEASE }, undo);
      return fence;
    },
    holdsRun: async (hash, fence) => runs.get(hash)?.fence === fence,
    async holdTargets(hash, ids) {
      const others = ids.filter((id) => holds.has(id) && holds.get(id) !== hash);
      if (others.length === 0) for (const id of ids) put(holds, id, hash, undo);
      return others;
    },
    async releaseTargets(hash) {
      for (const [id, holder] of Array.from(holds)) if (holder === hash) remove(holds, id, undo);
    },
    async journalIntent(planHash, targetId, callId, at) {
      const known = journal.get(journalKey(planHash, targetId, callId));
      if (known) return { fresh: false, row: known };
      const row: JournalRow = { planHash, targetId, callId, attempt: 1, intentAt: at, outcome: 'open', outcomeAt: null, detail: '' };
      write(row);
      commit.intents.push({ planHash, targetId, callId });
      return { fresh: true, row };
    },
    async journalOutcome(hash, targetId, callId, outcome, at, detail) {
      const row = line(hash, targetId, callId);
      if (!FINAL.has(row.outcome)) write({ ...row, outcome, outcomeAt: at, detail });
    },
    async journalRetry(hash, targetId, callId, at) {
      const before = line(hash, targetId, callId);
      if (FINAL.has(before.outcome)) throw new Error(`${callId} is settled`);
      const after: JournalRow = { ...before, attempt: before.attempt + 1, intentAt: at, outcome: 'open', outcomeAt: null, detail: '' };
      write(after);
      commit.retries.push({ before, after, run: runs.get(hash)?.run });
    },
    journalLine: async (hash, targetId, callId) => line(hash, targetId, callId),
    saveEvidence: async () => undefined,
    lastReading: async () => null,
    // What machines look like inside is tested elsewhere.
    evidence: async () => ({ evidence: {}, machines: [], sources: [] }),
    tracks: async () => [],
    saveTracks: async () => [],
    note: async (key) => notes.get(key) ?? null,
    saveNote: async (key, value) => put(notes, key, value, undo),
  };
}
