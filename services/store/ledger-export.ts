import { existsSync } from 'node:fs';
import { sql } from 'kysely';
import { cardOf } from '../../core/ledger.ts';
import type { Clock, Log } from '../../core/ports.ts';
import { embeddedFolder } from './embedded.ts';
import type { Engine } from './engine.ts';
import { entryOf } from './ledger.ts';
import { LEDGER_FORMAT, writeLine } from './ledger-format.ts';
import type { Place } from './open-engine.ts';
import { openEngine } from './open-engine.ts';
import { placeOf } from './postgres.ts';
import type { Trx } from './schema.ts';

/** Entries read at once: little enough that people who press buttons meanwhile do not notice. */
const PAGE = 200;

/**
 * A ledger as the lines of its export (docs/ledger-format.md), each with its line feed, up to the entry that was the last when it began.
 * Entries never change, so a bot may go on adding to it. Nothing is judged: what is broken is exported as it is.
 */
export async function* exportLines(engine: Engine): AsyncGenerator<string> {
  const { head, last, hasCards } = await inside(engine, beginning);
  yield writeLine({ kind: 'begin', format: LEDGER_FORMAT });
  const sent = new Set<string>();
  for (let seq = 0; seq < last; ) {
    const { entries, cards } = await inside(engine, (trx) => page(trx, seq, last, hasCards, sent));
    for (const entry of entries) {
      const card = cardOf(entry);
      const text = card === null ? undefined : cards.get(card);
      if (card !== null && text !== undefined && !sent.has(card)) {
        yield writeLine({ kind: 'card', sha256: card, text });
        sent.add(card);
      }
      yield writeLine({ kind: 'entry', entry });
    }
    seq = entries.at(-1)?.seq ?? last;
  }
  yield writeLine({ kind: 'end', end: { entries: head.seq, head: head.hash, cards: sent.size } });
}

/** The export of a place no bot holds open: nothing is migrated, started or written. Throws for the operator when there is no ledger. */
export async function* exportPlace(place: Place, log: Log, clock: Clock): AsyncGenerator<string> {
  const where = place.databaseUrl === null ? embeddedFolder(place.dataDir) : placeOf(place.databaseUrl);
  const none = `There is no ledger in ${where}. Set DATA_DIR or DATABASE_URL as the bot has them.`;
  if (place.databaseUrl === null && !existsSync(where)) throw new Error(none);
  const engine = await openEngine(place, log, clock);
  try {
    const tables = await engine.db.introspection.getTables();
    if (!tables.some(({ schema, name }) => schema === engine.schema && name === 'ledger_head')) throw new Error(none);
    yield* exportLines(engine);
  } finally {
    await engine.close();
  }
}

async function beginning(trx: Trx) {
  const head = await trx.selectFrom('ledger_head').select(['seq', 'hash']).executeTakeFirstOrThrow();
  // Beyond the head there is nothing, unless somebody wrote past the bot: then it must show.
  const last = await trx.selectFrom('ledger').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  // A store that a version before the cards used last has no table of them.
  const { rows } = await sql<{ found: string | null }>`select to_regclass('ledger_cards')::text as found`.execute(trx);
  return { head, last: last?.seq ?? 0, hasCards: rows[0]?.found !== null };
}

async function page(trx: Trx, after: number, last: number, hasCards: boolean, sent: ReadonlySet<string>) {
  const rows = await trx
    .selectFrom('ledger')
    .selectAll()
    .where('seq', '>', after)
    .where('seq', '<=', last)
    .orderBy('seq')
    .limit(PAGE)
    .execute();
  const entries = rows.map(entryOf);
  const wanted = new Set(entries.map(cardOf).filter((card) => card !== null && !sent.has(card)) as string[]);
  const found =
    hasCards && wanted.size > 0
      ? await trx
          .selectFrom('ledger_cards')
          .selectAll()
          .where('sha256', 'in', [...wanted])
          .execute()
      : [];
  return { entries, cards: new Map(found.map(({ sha256, card }) => [sha256, card])) };
}

function inside<T>(engine: Engine, work: (trx: Trx) => Promise<T>): Promise<T> {
  return engine.gate.transaction(() =>
    engine.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (trx) => {
        await sql`set local search_path to ${sql.id(engine.schema)}`.execute(trx);
        return work(trx);
      }),
  );
}
