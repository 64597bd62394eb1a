import { z } from 'zod';
import type { Delivery } from './delivery.ts';
import { HttpError } from './http.ts';
import type { Installation } from './installation.ts';
import type { PageDoor } from './page-talk.ts';
import type { Member, Roster } from './roster.ts';
import type { Sight } from './sight.ts';
import type { Team } from './team.ts';
import type { TeamEvents } from './team-events.ts';
import type { Activity } from './types.ts';
import type { Json } from './values.ts';

export interface TeamDoorDeps {
  team: Team;
  roster: Roster;
  installation: Installation;
  sight: Sight;
  events: TeamEvents;
  delivery: Delivery;
  /** Something about the team changed: it is to be kept, and shown. */
  changed: () => void;
}

const name = z.string().trim().min(1).max(200);
const personSchema = z.strictObject({
  name,
  id: z.guid(),
  tenantId: z.guid(),
  upn: z.string().default(''),
  role: z.string().default('engineer'),
  isGuest: z.boolean().default(false),
  isAnonymous: z.boolean().default(false),
});
const rosterSchema = z.union([
  z.strictObject({ add: personSchema }),
  z.strictObject({ remove: z.string() }),
  z.strictObject({ guest: z.string(), isGuest: z.boolean().default(true) }),
  z.strictObject({ rename: z.string(), name }),
]);
const channelSchema = z.union([
  z.strictObject({ create: name }),
  z.strictObject({ rename: z.string(), name }),
  z.strictObject({ remove: z.string() }),
  z.strictObject({ restore: z.string() }),
  z.strictObject({ renameTeam: name }),
]);
const installSchema = z.strictObject({ action: z.enum(['add', 'remove']), as: z.string().optional() });
const blockSchema = z.strictObject({ as: z.string(), blocked: z.boolean().default(true) });

/** What owners and administrators do: people, channels, the app itself. The bot hears of it as Teams tells it. */
export function teamDoors(deps: TeamDoorDeps): Record<string, PageDoor> {
  const { team, roster, installation, sight, events, delivery } = deps;

  async function tell(activities: Activity[], always = false): Promise<unknown> {
    deps.changed();
    if (!always && !installation.inTeam()) return { told: 0 };
    for (const activity of activities) await delivery.deliver(activity);
    return { told: activities.length };
  }
  const put = (member: Member, change: object): void => {
    const { mri: _mri, ...person } = member;
    roster.put({ ...person, ...change });
  };
  const existing = (id: string) => {
    const channel = team.find(id);
    if (!channel) throw new HttpError(404, 'ChannelNotFound', 'There is no such channel.');
    return channel;
  };

  return {
    '/_page/roster': async (body) => {
      const wish = read(rosterSchema, body, 'one of {add: person}, {remove: id}, {guest: id, isGuest}, {rename: id, name}');
      if ('add' in wish) return tell(events.joined(roster.put(wish.add)));
      if ('remove' in wish) {
        const member = sight.speaker(wish.remove);
        roster.remove(member);
        return tell(events.left(member));
      }
      // Neither a new name nor another kind of account is an event: a bot finds out when it asks.
      if ('guest' in wish) put(sight.speaker(wish.guest), { isGuest: wish.isGuest });
      else put(sight.speaker(wish.rename), { name: wish.name });
      return tell([]);
    },
    '/_page/channel': async (body) => {
      const wish = read(channelSchema, body, 'one of {create: name}, {rename: id, name}, {remove: id}, {restore: id}, {renameTeam: name}');
      if ('renameTeam' in wish) {
        team.rename(wish.renameTeam);
        return tell(events.changed('teamRenamed'));
      }
      if ('create' in wish) {
        const made = team.create(wish.create);
        return { ...((await tell(events.changed('channelCreated', made))) as object), id: made.id };
      }
      if ('rename' in wish) {
        const channel = Object.assign(existing(wish.rename), { name: wish.name });
        return tell(events.changed('channelRenamed', channel));
      }
      if ('restore' in wish) {
        const channel = team.deleted(wish.restore);
        if (!channel) throw new HttpError(404, 'ChannelNotFound', 'There is no such deleted channel.');
        channel.isDeleted = false;
        return tell(events.changed('channelRestored', channel));
      }
      if (wish.remove === team.id) throw new HttpError(400, 'BadSyntax', 'The General channel cannot be deleted.');
      const channel = Object.assign(existing(wish.remove), { isDeleted: true });
      return tell(events.changed('channelDeleted', channel));
    },
    '/_page/install': async (body) => {
      const { action, as } = read(installSchema, body, '{action: "add" | "remove"} and, for somebody’s own chat, `as`');
      const installed = action === 'add';
      if (as === undefined) {
        if (installation.inTeam() === installed) return { told: 0 };
        installation.setTeam(installed);
        return tell(events.team(action), true);
      }
      const member = sight.speaker(as);
      if (installation.forPerson(member) === installed) return { told: 0 };
      installation.setPerson(member, installed);
      return tell(events.personal(action, member), true);
    },
    '/_page/block': async (body) => {
      const { as, blocked } = read(blockSchema, body, '{as: id, blocked}');
      installation.setBlocked(sight.speaker(as), blocked);
      return tell([]);
    },
  };
}

function read<T>(schema: z.ZodType<T>, body: Json, shape: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new HttpError(400, 'BadSyntax', `Send ${shape}.`);
}
