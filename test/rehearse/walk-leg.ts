import type { conversation } from '../e2e/support/conversation.ts';
import { type AnyJson, button, type Rehearsal, words } from '../e2e/support/rehearsal.ts';
import type { Leg } from './journey.ts';
import { BY_HAND } from './journey.ts';

/** What became of a leg. */
export interface Walked {
  readonly ring: string;
  readonly leg: Leg;
  readonly how: 'complete' | 'partly' | 'attested' | 'refused' | 'by hand';
  /** Minutes on the clock of the rehearsal. */
  readonly minutes: number;
  readonly targets: number;
  /** In the channel's own words. */
  readonly said: string;
}

/** How much of the clock passes at each beat while a run goes on. Seconds. */
const PACE = 20;
const LONGEST_RUN_SECONDS = 900;
/** A run that halted is asked to go on with the rest this often. */
const MOST_ROUNDS = 3;

/** Asks for one leg, signs it as the named approvers, and lets it run to its end. */
export async function walkLeg(
  rehearsal: Rehearsal,
  { ask, requestPlan, openView, news, runToEnd }: ReturnType<typeof conversation>,
  people: { readonly requester: string; readonly approvers: readonly string[] },
  ring: string,
  leg: Leg,
): Promise<Walked> {
  const from = await rehearsal.now();
  const text = leg.ask?.(ring) ?? '';
  const done = async (how: Walked['how'], targets: number, said: string): Promise<Walked> => {
    if (leg.thenHours !== undefined && how !== 'refused') await passHours(rehearsal, leg.thenHours);
    return {
      ring,
      leg,
      how,
      targets,
      said: said.replaceAll(/\s+/g, ' ').trim(),
      minutes: Math.round(((await rehearsal.now()) - from) / 60_000),
    };
  };
  if (leg.byHand) return done('by hand', await takePolicyAway(rehearsal, ring, BY_HAND[leg.byHand]), '');
  if (text.startsWith('attest ')) return done('attested', 0, await attest(rehearsal, ask, people.approvers[0] as string, text));
  let asked = text;
  let [targets, said] = [0, ''];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let plan: Awaited<ReturnType<typeof requestPlan>>;
    try {
      plan = await requestPlan(people.requester, asked);
    } catch (error) {
      return done(round === 0 ? 'refused' : 'partly', targets, said || String(error).replace('Error: no plan was made: ', ''));
    }
    for (const approver of people.approvers) {
      const view = await openView(approver, plan);
      const count = /Touches (\d[\d,]*) target/.exec(words(view))?.[1]?.replaceAll(',', '') ?? '1';
      if (approver === people.approvers[0]) targets += Number(count);
      const typed = words(view).includes('type how many') ? { typed: count } : {};
      await rehearsal.press(approver, plan.activityId, button(view, 'sign-off.approve'), typed);
    }
    const ended = text.startsWith('close ') ? await closed(rehearsal, news, people.requester, plan.id) : null;
    said = words((ended ?? (await runToEnd(people.requester, plan.id, LONGEST_RUN_SECONDS, PACE))).cards);
    if (ended !== null || /is complete/.test(said)) return done(round === 0 ? 'complete' : 'partly', targets, said);
    // What one machine stopped goes on without it, as the channel proposes.
    asked = `request the rest of ${plan.id}`;
  }
  return done('partly', targets, said);
}

/** A decision takes effect once its grace is over. */
async function closed(rehearsal: Rehearsal, news: ReturnType<typeof conversation>['news'], as: string, id: string) {
  await rehearsal.clock({ advanceSeconds: 125 });
  return news(as, new RegExp(`${id}.*phase is closed`));
}

/** A group policy that keeps Defender off is taken from machines of a ring, as the owners of the domain do it. How many there were. */
async function takePolicyAway(rehearsal: Rehearsal, ring: string, from: (machine: AnyJson) => boolean): Promise<number> {
  const { machines } = await rehearsal.estate();
  const mine = machines.filter(
    (machine: AnyJson) => machine.tags?.ring === ring && machine.guest.defender?.disabledByPolicy && from(machine),
  );
  const changed = mine.map(({ id }: AnyJson) => ({ id, guest: { defender: { disabledByPolicy: false } } }));
  if (changed.length > 0) await rehearsal.estate({ machines: changed });
  return changed.length;
}

async function attest(rehearsal: Rehearsal, ask: ReturnType<typeof conversation>['ask'], as: string, text: string): Promise<string> {
  const asked = await ask(as, text);
  const view: AnyJson = await rehearsal.press(as, asked.id, button(asked.cards[0], 'attestation.offer'));
  const given = await rehearsal.press(as, asked.id, button(view.value, 'attestation.give'), { note: 'its console says so' });
  return words(given.value);
}

/** Lets hours pass in steps, so that what is due on the way happens on the way. */
async function passHours(rehearsal: Rehearsal, hours: number): Promise<void> {
  for (let step = 0; step < hours * 2; step += 1) {
    await rehearsal.clock({ advanceSeconds: 1_800 });
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}
