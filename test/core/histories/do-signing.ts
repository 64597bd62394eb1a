import { requestAction } from '../../../bot/flows/requests/request-action.ts';
import type { Decision } from '../../../bot/flows/sign-off/decide-sign-off.ts';
import { decideSignOff } from '../../../bot/flows/sign-off/decide-sign-off.ts';
import { openSignOffView } from '../../../bot/flows/sign-off/sign-off-view.ts';
import type { Person } from '../../../core/person.ts';
import { personId } from '../../../core/person.ts';
import type { Bot } from './bot.ts';
import { fleet } from './bot.ts';
import { people, requests } from './material.ts';
import type { World } from './world.ts';

/** A press of a button on its way from Teams. */
export interface Press {
  readonly decision: Decision;
  readonly data: { readonly id: string; readonly revision: number; readonly nonce: string; readonly comment?: string };
  readonly person: Person;
}

const at = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(list.length, 1)];

/** The bot that hears what people do: one that is up. Teams tells another one, or drops it, when there is none. */
export function listening(world: World, which: number): Bot | undefined {
  return at(
    world.bots.filter((bot) => bot.alive && !bot.paused),
    which,
  );
}

async function guarded(world: World, work: Promise<unknown>): Promise<void> {
  work.catch((error: unknown) => world.errors.push(String(error)));
  await world.settle();
}

export async function ask(world: World, who: number, what: number): Promise<string> {
  const bot = listening(world, who);
  const [person, request] = [at(people, who)!, at(requests, what)!];
  if (bot)
    await guarded(
      world,
      requestAction(bot.context, async () => fleet(world), { ...request, person, ticket: null, standing: null }),
    );
  return `${person.name} asks for ${request.action} on ${JSON.stringify(request.scope)}`;
}

export async function look(world: World, who: number, which: number): Promise<string> {
  const bot = listening(world, who);
  const plan = at([...world.memory.plans.values()].toReversed(), which);
  const person = at(people, who)!;
  if (bot && plan) await guarded(world, openSignOffView(bot.context, plan.hash, person));
  return `${person.name} opens the view of ${plan?.plan.id ?? 'nothing'}`;
}

const decisions: readonly Decision[] = ['approve', 'approve', 'approve', 'approve', 'take-back', 'take-back', 'withdraw', 'reject'];

/** A press of what some view showed, by its person or by a thief, as it was or altered. */
export function press(world: World, which: number, what: number, how: number): Press | null {
  const view = at(world.issued.toReversed(), which);
  if (!view) return null;
  const owner = people.find((person) => personId(person) === view.person)!;
  const revision = view.revision + (how % 16 === 1 ? 1 : 0);
  const nonce = how % 16 === 2 ? 'f'.repeat(32) : view.nonce;
  const comment = how % 16 === 3 ? ' ' : 'because';
  return {
    decision: at(decisions, what)!,
    data: { id: view.planHash, revision, nonce, comment },
    person: how % 16 === 4 ? at(people, what)! : owner,
  };
}

export async function deliver(world: World, one: Press | null, which: number): Promise<string> {
  const bot = listening(world, which);
  if (!one || !bot) return 'no press arrives';
  world.presses.push(one);
  await guarded(world, decideSignOff(bot.context, one.decision, one.data, one.person));
  const { revision, nonce } = one.data;
  return `${one.person.name} presses ${one.decision} (revision ${revision}, view ${Number.parseInt(nonce.slice(16), 16)})`;
}

/** Opens a view and approves, once for each approver but one: enough for a quorum of two, when the requester is not among them. */
export async function sign(world: World, which: number, from: number): Promise<string> {
  const done: string[] = [];
  for (const who of [from % 3, (from + 1) % 3]) {
    const seen = world.issued.length;
    await look(world, who, which);
    const view = world.issued[seen];
    if (!view) continue;
    const data = { id: view.planHash, revision: view.revision, nonce: view.nonce };
    done.push(await deliver(world, { decision: 'approve', data, person: people[who]! }, who));
  }
  return done.join(', ') || 'nobody can sign';
}
