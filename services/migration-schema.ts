import { z } from 'zod';
import { UNASSIGNED, weekdays } from '../core/migration.ts';
import { guid } from '../core/person.ts';
import { isZoneName } from './zone.ts';

/** Ring names that already mean something else: machines in no ring, and subscriptions. */
const RESERVED: ReadonlySet<string> = new Set([UNASSIGNED, 'subscription']);

const expected = (words: string) => ({ error: words });

const text = (words: string, longest = 200) =>
  z
    .string(expected(words))
    .trim()
    .min(1, expected(words))
    .max(longest, expected(`${words}, at most ${longest} characters`));

const id = (words: string) =>
  z.string(expected(`${words}, a GUID`)).transform((value, context) => {
    const found = guid(value.trim());
    if (found !== null) return found;
    context.addIssue({ code: 'custom', message: `${words}, a GUID such as 1b4e28ba-2fa1-4d3b-883f-0016d3cca427` });
    return z.NEVER;
  });

const whole = (low: number, high: number, unit: string) => {
  const words = expected(`a whole number of ${unit} from ${low} to ${high}`);
  return z.number(words).int(words).min(low, words).max(high, words);
};

const list = <S extends z.ZodType>(item: S, words: string, most: number) =>
  z
    .array(item, expected(words))
    .min(1, expected(words))
    .max(most, expected(`at most ${most} entries`));

const object = <S extends z.core.$ZodLooseShape>(shape: S, words: string) => {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? `one of the keys ${keys}` : words) });
};

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

const approver = object(
  {
    id: id('the approver’s object id in Entra'),
    name: text('the approver’s name'),
    role: text('the approver’s role'),
    tenantId: id('the approver’s tenant id').optional(),
  },
  'an approver with id, name and role',
);

const waves = object(
  {
    size: whole(1, 500, 'machines').default(10),
    concurrency: whole(1, 50, 'machines').default(5),
    stopAfterFailures: whole(1, 500, 'failures').default(2),
    maxDroppedShare: z
      .number(expected('a share from 0 to 1'))
      .min(0, expected('a share from 0 to 1'))
      .max(1, expected('a share from 0 to 1'))
      .default(0.2),
  },
  'waves with size, concurrency, stopAfterFailures and maxDroppedShare',
);

const digest = object(
  {
    days: list(z.enum(weekdays, expected(`one of ${weekdays.join(', ')}`)), 'a list of days', 7).default([
      'mon',
      'tue',
      'wed',
      'thu',
      'fri',
    ]),
    time: z
      .string(expected('a time such as "08:00"'))
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, expected('a time such as "08:00", from 00:00 to 23:59'))
      .default('08:00'),
    mention: z.enum(['none', 'channel'], expected('none or channel')).default('none'),
  },
  'a digest with days, time and mention',
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
    approvers: list(approver, 'at least one approver', 100),
    quorum: whole(1, 100, 'signatures'),
    requestExpiryHours: whole(1, 72, 'hours').default(24),
    graceMinutes: whole(1, 60, 'minutes').default(2),
    waves: waves.prefault({}),
    digest: digest.prefault({}),
  },
  'a migration',
);
