import type { SignOffPersonal } from '../../../cards/sign-off/data.ts';
import { MINUTE } from '../../../core/instant.ts';
import type { LedgerEntry } from '../../../core/ledger.ts';
import type { Person } from '../../../core/person.ts';
import { personId } from '../../../core/person.ts';
import type { PlanRecord, Tx } from '../../../core/ports.ts';
import type { Context } from '../context.ts';

/** Looks closer together than this are one: clients refresh a card that stays in sight, and what is new must not vanish meanwhile. */
const ONE_LOOK = 10 * MINUTE;

/** What others did to a plan since this person looked at it before; null at the first look. Asked before the new look is recorded. */
export async function sinceLastLook(context: Context, tx: Tx, record: PlanRecord, person: Person): Promise<SignOffPersonal['since']> {
  const looked = await tx.lookedAt(record.hash, person, context.clock.now() - ONE_LOOK);
  if (looked === null) return null;
  const entries = await tx.ledger(record.hash);
  const own = personId(person);
  const lines = entries.flatMap((entry) => {
    if (entry.at <= looked || entry.actor?.id === own) return [];
    const words = wordsOf[entry.kind]?.(entry);
    return words ? [{ at: entry.at, words }] : [];
  });
  return { at: looked, lines };
}

type Words = (entry: LedgerEntry) => string | null;

/** The kinds of entries that change what a signer signs or who has signed. */
const wordsOf: Readonly<Partial<Record<LedgerEntry['kind'], Words>>> = {
  vote: (entry) => {
    const did = VOTES[text(entry, 'decision')];
    return did === undefined ? null : `${whoOf(entry)} ${did}${commentOf(entry)}`;
  },
  hold: (entry) => `${whoOf(entry)} held ${text(entry, 'target')} out: ${text(entry, 'reason')}`,
};

const VOTES: Readonly<Record<string, string>> = {
  approve: 'approved',
  'take-back': 'took the approval back, so that the plan has a new revision',
};

function whoOf({ actor }: LedgerEntry): string {
  return actor?.name ?? 'Greenlight';
}

function commentOf(entry: LedgerEntry): string {
  const comment = text(entry, 'comment');
  return comment === '' ? '' : `: “${comment}”`;
}

function text({ data }: LedgerEntry, field: string): string {
  const value = data[field];
  return typeof value === 'string' ? value : '';
}
