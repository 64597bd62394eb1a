import type { Approver } from './person.ts';

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
  /** How many distinct approvers must agree; at least 1. */
  readonly quorum: number;
  readonly requestExpiryHours: number;
  /** Between the last signature and the first call, so that a vote can be taken back. */
  readonly graceMinutes: number;
  readonly waves: {
    /** Machines per wave. */
    readonly size: number;
    /** Machines worked on at once. */
    readonly concurrency: number;
    /** The run halts when this many have failed. */
    readonly stopAfterFailures: number;
    /** 0..1: more than this share dropped before the start voids the sign-off. */
    readonly maxDroppedShare: number;
  };
  readonly digest: {
    readonly days: readonly Weekday[];
    /** `HH:MM` in the migration's zone. */
    readonly time: string;
    readonly mention: 'none' | 'channel';
  };
  /** SHA-256 of the file's bytes; part of every plan. */
  readonly fileHash: string;
}

/** The first ring whose tag the machine carries, else `unassigned`. Tag names ignore case, as Azure's do. */
export function ringOf(migration: Pick<Migration, 'rings'>, tags: Readonly<Record<string, string>>): string {
  const lower = new Map(Object.entries(tags).map(([name, value]) => [name.toLowerCase(), value.toLowerCase()]));
  const ring = migration.rings.find(({ tag }) => lower.get(tag.name.toLowerCase()) === tag.value.toLowerCase());
  return ring?.name ?? UNASSIGNED;
}

/** Where a machine in no ring is counted. */
export const UNASSIGNED = 'unassigned';
