import type { ActionOptions } from './action-options.ts';
import type { Instant } from './instant.ts';
import type { Approver, NamedPerson } from './person.ts';
import type { ActionClass, SigningPolicy } from './policy.ts';

/** Where the migration lives in Teams. */
export interface Channel {
  readonly tenantId: string;
  readonly teamId: string;
  readonly channelId: string;
}

/** A ring: machines that move together, found by one tag (`ring=canary`). */
export interface Ring {
  readonly name: string;
  readonly tag: { readonly name: string; readonly value: string };
}

/** The weekday names schedules use. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** When changes may run, again every week, by the wall clock of the migration's zone. An end at or before the start is on the next day. */
export interface ChangeWindow {
  readonly name: string;
  /** The days it begins on. */
  readonly days: readonly Weekday[];
  /** `HH:MM`. */
  readonly from: string;
  /** `HH:MM`. */
  readonly until: string;
  /** The rings it is for; null for all, and for targets that are no machines. */
  readonly rings: readonly string[] | null;
}

/** A time in which nothing begins, whatever was signed. */
export interface Freeze {
  readonly from: Instant;
  readonly until: Instant;
  readonly reason: string;
}

/** Who answers for the machines that carry a tag: from the tag's value to people. Values are compared without regard to case. */
export interface Owners {
  readonly tag: string;
  readonly people: Readonly<Record<string, readonly NamedPerson[]>>;
}

/** Where the list of servers is, and who vouched for it. */
export interface ServerListSource {
  /** Absolute path of a CSV file. */
  readonly file: string;
  /** The day it was drawn up, at midnight in the migration's zone. */
  readonly asOf: Instant;
  readonly attestedBy: string;
}

/** One programme, as its file describes it; nothing optional is left. */
export interface Migration {
  readonly id: string;
  readonly name: string;
  /** IANA zone, e.g. `Europe/Copenhagen`. */
  readonly timeZone: string;
  readonly channel: Channel;
  readonly subscriptions: readonly { readonly id: string; readonly name: string }[];
  readonly rings: readonly Ring[];
  readonly approvers: readonly Approver[];
  /** They may sign too, once a request has waited so long. */
  readonly alternates: { readonly afterHours: number; readonly people: readonly Approver[] };
  /** Who may request; null for every member of the channel who is not a guest. */
  readonly requesters: readonly NamedPerson[] | null;
  /** Who may vouch for a step, by its id. A step that is not listed takes the approvers' word. */
  readonly attesters: Readonly<Record<string, readonly NamedPerson[]>>;
  /** Who may change when digests are posted; empty for the approvers. */
  readonly scheduleOwners: readonly NamedPerson[];
  /** Null when the file names none. */
  readonly owners: Owners | null;
  readonly signOff: Readonly<Record<ActionClass, SigningPolicy>>;
  /** Empty: changes may run at any time. */
  readonly windows: readonly ChangeWindow[];
  readonly freezes: readonly Freeze[];
  /** Between the last signature and the first call, so that a vote can be taken back. */
  readonly graceMinutes: number;
  readonly waves: {
    /** Machines per wave. */
    readonly size: number;
    /** Machines worked on at once. */
    readonly concurrency: number;
    /** The run halts when this many have failed. */
    readonly stopAfterFailures: number;
    /** 0..1: the run halts when more than this share of a wave has failed; 1 leaves it to the number. */
    readonly maxFailedShare: number;
    /** 0..1: more than this share dropped before the start voids the sign-off. */
    readonly maxDroppedShare: number;
    /** Between the last proof of one ring and the start of the next. Minutes. */
    readonly soakMinutes: number;
  };
  readonly digest: {
    readonly days: readonly Weekday[];
    /** `HH:MM` in the migration's zone. */
    readonly time: string;
    readonly mention: 'none' | 'channel';
  };
  /** The servers that ought to exist; null without a list. */
  readonly serverList: ServerListSource | null;
  /** Optional steps that this migration does without, by id, each with its reason. */
  readonly switchedOff: Readonly<Record<string, string>>;
  readonly options: ActionOptions;
  /** SHA-256 of the file's bytes; part of every plan. */
  readonly fileHash: string;
}

/** The first ring whose tag the machine carries, else `unassigned`. Tag names ignore case, as Azure's do. */
export function ringOf(migration: Pick<Migration, 'rings'>, tags: Readonly<Record<string, string>>): string {
  const lower = new Map(Object.entries(tags).map(([name, value]) => [name.toLowerCase(), value.toLowerCase()]));
  const ring = migration.rings.find(({ tag }) => lower.get(tag.name.toLowerCase()) === tag.value.toLowerCase());
  return ring?.name ?? UNASSIGNED;
}

/** The ring of what is no machine, such as a subscription: it moves after all others. */
export const WHOLE = 'subscription';

/** The ring of what is done for the organisation as a whole: it moves last. */
export const EVERYWHERE = 'organisation';

/** Where a machine in no ring is counted. */
export const UNASSIGNED = 'unassigned';
