import type { Bench, BenchRow } from './bench.ts';
import { median, parseMs } from './numbers.ts';
import { type OutsideProcess, type Reply, startOutsideProcess } from './outside-process.ts';
import { QUERIES } from './queries.ts';

const PATH = '/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01';
const PAGE = 1_000;
const TRIES = 9;
/** Writes of a large state are spaced; how long one is waited for (real ms). */
const PATIENCE_MS = 120_000;
/** Longest a first page may take (ms), by the number of machines. */
const FIRST_PAGE: Readonly<Record<number, number>> = { 60: 50, 5000: 300, 100000: 4_000 };
const NEXT_PAGE = 30;
const RESIDENT_MB = 2_000;

/** Resource Graph over HTTPS: the inventory and its pages, the extensions, both joined, a summary, and the memory all of it takes. */
export const graph: Bench = {
  sizes: [60, 5_000, 100_000],
  async *rows(machines) {
    const outside = await startOutsideProcess(machines);
    const row = (what: string, measured: number, target: number | null = null, beside: number | null = null): BenchRow => ({
      machines,
      what,
      measured,
      unit: 'ms',
      target,
      beside,
    });
    function* memory(what: string, target: number | null = null): Iterable<BenchRow> {
      const resident = outside.residentMb();
      if (resident !== null) yield { ...row(what, resident, target), unit: 'MB' };
    }
    const first = FIRST_PAGE[machines] ?? null;
    try {
      yield row('start until ready', outside.startedMs);
      const cold = await ask(outside, QUERIES.inventory);
      yield row('inventory, first query of all (loads the parser)', cold.ms, null, parseMs(cold.text));
      const inventory = await repeated(outside, QUERIES.inventory);
      yield row('inventory, first page', inventory.ms, first, parseMs(inventory.text));
      const pages = await nextPages(outside, inventory);
      if (pages.length > 0) {
        yield row('inventory, next pages (median)', median(pages.map(({ ms }) => ms)), NEXT_PAGE, parseMs(pages[0]!.text));
        yield row('inventory, next pages (slowest)', Math.max(...pages.map(({ ms }) => ms)));
      }
      for (const name of ['extensions', 'join', 'summarize'] as const) {
        const answer = await repeated(outside, QUERIES[name]);
        yield row(`${name}, first page`, answer.ms, null, parseMs(answer.text));
      }
      yield* memory('resident memory', RESIDENT_MB);
      const saved = outside.savedAt();
      const changed = await change(outside, inventory);
      yield row('change of one machine through the estate door', changed.ms);
      const wait = await waitDuringSave(outside, saved);
      if (wait !== null) yield row('longest wait for an answer while it is saved', wait);
      const after = await ask(outside, QUERIES.inventory);
      yield row('inventory, first page after that change', after.ms, first, parseMs(after.text));
      yield* memory('resident memory after that change');
    } finally {
      await outside.end();
    }
  },
};

async function ask(outside: OutsideProcess, query: string, $skipToken?: string): Promise<Reply> {
  const options = { resultFormat: 'objectArray', $top: PAGE, ...($skipToken !== undefined && { $skipToken }) };
  const reply = await outside.send('POST', PATH, { query, options });
  if (reply.status !== 200) throw new Error(`Resource Graph answered ${reply.status}: ${reply.text.slice(0, 500)}`);
  return reply;
}

/** The middle of some answers to the same query. */
async function repeated(outside: OutsideProcess, query: string): Promise<Reply> {
  const replies: Reply[] = [];
  for (let nth = 0; nth < TRIES; nth += 1) replies.push(await ask(outside, query));
  return { ...replies.at(-1)!, ms: median(replies.map(({ ms }) => ms)) };
}

async function nextPages(outside: OutsideProcess, first: Reply): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (let token = tokenOf(first); token !== undefined; token = tokenOf(replies.at(-1)!)) {
    replies.push(await ask(outside, QUERIES.inventory, token));
  }
  return replies;
}

function tokenOf({ text }: Reply): string | undefined {
  return (JSON.parse(text) as { $skipToken?: string }).$skipToken;
}

async function change(outside: OutsideProcess, inventory: Reply): Promise<Reply> {
  const { data } = JSON.parse(inventory.text) as { data: { id: string }[] };
  const reply = await outside.send('POST', '/_estate', { machines: [{ id: data[0]?.id, tags: { measured: 'yes' } }] });
  if (reply.status !== 200) throw new Error(`The estate door answered ${reply.status}: ${reply.text.slice(0, 500)}`);
  return reply;
}

/** Asks for the health of the outside again and again until the state has been saved once more; null when it was not in time. */
async function waitDuringSave(outside: OutsideProcess, since: number): Promise<number | null> {
  let longest = 0;
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; ) {
    longest = Math.max(longest, (await outside.send('GET', '/_health')).ms);
    if (outside.savedAt() > since) return longest;
  }
  return null;
}
