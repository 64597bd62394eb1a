import { HttpError } from './http.ts';
import type { Member, Roster } from './roster.ts';

export interface StoredInstallation {
  team: boolean;
  /** By object id: whether a person added the app for themselves, or took it away again. */
  personal: Record<string, boolean>;
  /** Object ids of people who blocked the bot in their chat. */
  blocked: string[];
}

/** Where the app is installed, and who does not want to hear from it. */
export interface Installation {
  inTeam(): boolean;
  forPerson(member: Member): boolean;
  isBlockedBy(member: Member): boolean;
  setTeam(installed: boolean): void;
  setPerson(member: Member, installed: boolean): void;
  setBlocked(member: Member, blocked: boolean): void;
  /** Throws what the connector answers to a bot that is not in the team. */
  requireTeam(): void;
  /** Throws what the connector answers to a bot that may not speak in somebody's chat. */
  requireChat(member: Member): void;
  snapshot(): StoredInstallation;
}

export function createInstallation(roster: Roster, stored: StoredInstallation | undefined): Installation {
  let team = stored?.team ?? true;
  const personal = new Map(Object.entries(stored?.personal ?? {}));
  const blocked = new Set(stored?.blocked);

  // A bot may write first to whoever is in a team that has it, but not to somebody who took the app away.
  const reaches = (member: Member): boolean => personal.get(member.id) ?? (team && roster.byPerson(member.id) !== undefined);
  return {
    inTeam: () => team,
    forPerson: ({ id }) => personal.get(id) ?? false,
    isBlockedBy: ({ id }) => blocked.has(id),
    setTeam: (installed) => {
      team = installed;
    },
    setPerson: ({ id }, installed) => {
      personal.set(id, installed);
    },
    setBlocked: ({ id }, wanted) => {
      if (wanted) blocked.add(id);
      else blocked.delete(id);
    },
    requireTeam: () => {
      if (!team) throw new HttpError(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
    },
    requireChat: (member) => {
      if (blocked.has(member.id)) throw new HttpError(403, 'ConversationBlockedByUser', 'User blocked the conversation with the bot.');
      if (!reaches(member)) throw new HttpError(403, 'ForbiddenOperationException', "Bot is not installed in user's personal scope");
    },
    snapshot: () => ({ team, personal: Object.fromEntries(personal), blocked: [...blocked] }),
  };
}
