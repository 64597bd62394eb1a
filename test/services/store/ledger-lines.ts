import type { JsonObject } from '../../../core/json.ts';
import type { LedgerDraft, LedgerEntry } from '../../../core/ledger.ts';
import { chain, GENESIS, keptCard } from '../../../core/ledger.ts';
import { LEDGER_FORMAT, writeLine } from '../../../services/store/ledger-format.ts';
import { T0 } from './fixtures.ts';

export const ANNA = { id: 't/anna', name: 'Anna \u2028 e\u0301', upn: 'anna@contoso.example' };

/** The card of the n-th entry, if it shows one: each is shown by two. */
export const cardNumber = (n: number): JsonObject => ({ type: 'AdaptiveCard', body: [{ text: `card ${Math.floor(n / 6)} \u2028 é` }] });

/** A draft of every shape there is: with and without an actor, a user principal name, a card. */
export function draftNumber(n: number): LedgerDraft & { readonly shows: JsonObject | null } {
  const shows = n % 3 === 2 ? cardNumber(n) : null;
  const actor = [null, { id: 't/bo', name: 'Bo' }, ANNA][n % 3] ?? null;
  const data = { n, half: n / 2, text: 'x\ny "z" \\', deep: { list: [1, null, true] }, ...(shows ? { card: keptCard(shows).sha256 } : {}) };
  return { at: T0 + n, kind: n % 2 === 0 ? 'vote' : 'post', actor, subject: `s${n}`, data, shows };
}

export function chained(count: number, change: (draft: LedgerDraft, n: number) => LedgerDraft = (draft) => draft): readonly LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (let n = 0; n < count; n += 1) {
    const { shows: _shown, ...draft } = draftNumber(n);
    entries.push(chain(change(draft, n), entries.at(-1) ?? { seq: 0, hash: GENESIS }));
  }
  return entries;
}

/** The lines of an export of these entries, each with its line feed. */
export function exported(entries: readonly LedgerEntry[]): readonly string[] {
  const sent = new Set<string>();
  const lines = [writeLine({ kind: 'begin', format: LEDGER_FORMAT })];
  for (const entry of entries) {
    const card = keptCard(cardNumber(entry.seq - 1));
    if (entry.data['card'] === card.sha256 && !sent.has(card.sha256)) lines.push(writeLine({ kind: 'card', ...card }));
    if (entry.data['card'] === card.sha256) sent.add(card.sha256);
    lines.push(writeLine({ kind: 'entry', entry }));
  }
  const last = entries.at(-1);
  return [...lines, writeLine({ kind: 'end', end: { entries: last?.seq ?? 0, head: last?.hash ?? GENESIS, cards: sent.size } })];
}
