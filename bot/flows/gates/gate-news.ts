import { listCard } from '../../../cards/list/data.ts';
import { date, names } from '../../../cards/words.ts';
import type { Instant } from '../../../core/instant.ts';
import type { JsonObject } from '../../../core/json.ts';
import { samePerson } from '../../../core/person.ts';
import type { PhaseId } from '../../../core/phase.ts';
import { phaseNumber, phaseTitles } from '../../../core/phase.ts';
import type { OutgoingMessage } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { rosterOrNull } from '../sign-off/sign-off-view.ts';
import { count } from '../words.ts';

/** What the message carries of what changed. */
interface Told {
  readonly phase: PhaseId;
  readonly ring: string;
  readonly plan: string;
  readonly hash: string;
  readonly closedAt: Instant;
  readonly findings: number;
  readonly groups: readonly {
    readonly step: string;
    readonly because: string;
    readonly count: number;
    readonly names: readonly string[];
    readonly seenAt: Instant | null;
  }[];
}

/** How many machines each reason names. */
const SHOWN = 6;

/** That a gate is open again: what changed, of which machines, since when. Who asked to close it and who signed are told. */
export async function gateReopenedNews(context: Context, data: JsonObject): Promise<OutgoingMessage> {
  const { phase, ring, plan, hash, closedAt, findings, groups } = data as unknown as Told;
  const frame = frameOf(context);
  const record = await context.store.transact((tx) => tx.plan(hash));
  const people = record ? [record.plan.requestedBy, ...record.signOff.votes.map(({ person }) => person)] : [];
  const members = (await rosterOrNull(context)) ?? [];
  const items = groups.map((group) => {
    const since = group.seenAt === null ? '' : ` Seen ${date(group.seenAt, frame)}; ready or waived when the phase was closed.`;
    return { id: `${group.count} ×`, hash: null, title: group.step, detail: `${names(group.names, SHOWN)}: ${group.because}.${since}` };
  });
  const title = `${phaseTitles[phase]} is open again for ring ${ring}`;
  const closed = `${plan} had closed it ${date(closedAt, frame)}`;
  const next = `When that is mended, or waived, say “close phase ${phaseNumber(phase)} for ring ${ring}”`;
  const sentence = `${closed}; ${count(findings, 'finding')} of it ${findings === 1 ? 'is' : 'are'} not ready any more. ${next}`;
  return {
    card: listCard({ title, sentence, items }, frame),
    text: '',
    mentions: members.filter((member) => people.some((person) => samePerson(member, person))),
    replyTo: null,
  };
}
