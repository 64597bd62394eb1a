import { z } from 'zod';
import { UNASSIGNED, WHOLE } from '../core/migration.ts';
import { actionsSchema } from './migration-actions.ts';
import { day, expected, id, list, mapping, object, share, text, time, whole } from './migration-fields.ts';
import { approversSchema, peopleSchema } from './migration-people.ts';
import { daysSchema, freezesSchema, signOffSchema, windowsSchema } from './migration-policy.ts';
import { isZoneName } from './zone.ts';

/** Ring names that already mean something else: machines in no ring, and subscriptions. */
const RESERVED: ReadonlySet<string> = new Set([UNASSIGNED, WHOLE]);

const tag = z
  .string(expected('a tag in the form name=value'))
  .regex(/^[^=<>%&\\?/\s][^=<>%&\\?/]{0,511}=[^=]{1,256}$/, expected('a tag in the form name=value, such as ring=canary'))
  .transform((pair) => {
    const [name = '', value = ''] = pair.split('=');
    return { name: name.trim(), value: value.trim() };
  });

const ring = object(
  {
    name: text('the name of the ring', 40).refine(
      (name) => !RESERVED.has(name.toLowerCase()),
      expected('another name: this one has a meaning of its own'),
    ),
    tag,
  },
  'a ring with name and tag',
);

const waves = object(
  {
    size: whole(1, 5_000, 'machines').default(10),
    concurrency: whole(1, 1_000, 'machines').default(5),
    stopAfterFailures: whole(1, 500, 'failures').default(2),
    maxFailedShare: share().default(1),
    maxDroppedShare: share().default(0.2),
    soakMinutes: whole(0, 10_080, 'minutes').default(0),
  },
  'waves with size, concurrency, stopAfterFailures, maxFailedShare, maxDroppedShare and soakMinutes',
);

const digest = object(
  {
    days: daysSchema.default(['mon', 'tue', 'wed', 'thu', 'fri']),
    time: time().default('08:00'),
    mention: z.enum(['none', 'channel'], expected('none or channel')).default('none'),
  },
  'a digest with days, time and mention',
);

const serverList = object(
  {
    file: text('the path of a CSV file, from the folder of this file', 500),
    asOf: day('the day the list was drawn up'),
    attestedBy: text('the name of who vouches for the list'),
  },
  'a server list with file, asOf and attestedBy',
);

/** The migration file, with what was expected in place of what is wrong as every message. */
export const migrationSchema = object(
  {
    id: z
      .string(expected('a short id'))
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, expected('a short id of lower-case letters, digits and hyphens')),
    name: text('the name of the migration'),
    timeZone: z.string(expected('a time zone')).refine(isZoneName, expected('an IANA time zone such as Europe/Copenhagen')),
    channel: object(
      {
        tenantId: id('the tenant id of the channel'),
        teamId: text('the id of the team'),
        channelId: text('the id of the channel, such as 19:…@thread.tacv2'),
      },
      'the channel with tenantId, teamId and channelId',
    ),
    subscriptions: list(
      object({ id: id('the subscription id'), name: text('the name of the subscription') }, 'a subscription with id and name'),
      'at least one subscription',
      500,
    ),
    rings: list(ring, 'at least one ring', 50),
    serverList: serverList.optional(),
    switchedOff: mapping(text('the reason why the step is switched off'), 'a reason for each step id').default({}),
    actions: actionsSchema.prefault({}),
    approvers: approversSchema,
    people: peopleSchema.prefault({}),
    quorum: whole(1, 100, 'signatures').default(2),
    requestExpiryHours: whole(1, 72, 'hours').default(24),
    signOff: signOffSchema.prefault({}),
    windows: windowsSchema.default([]),
    freezes: freezesSchema.default([]),
    graceMinutes: whole(1, 60, 'minutes').default(2),
    waves: waves.prefault({}),
    digest: digest.prefault({}),
  },
  'a migration',
);
