import { z } from 'zod';
import { weekdays } from '../core/migration.ts';
import { expected, flag, list, object, text, time, whole } from './migration-fields.ts';
import { wallOf } from './zone.ts';

const policy = (shape: {
  readonly quorum: z.ZodType<number>;
  readonly distinctRoles: z.ZodType<number>;
  readonly typeCount: z.ZodType<boolean>;
}) =>
  object(
    {
      quorum: shape.quorum.optional(),
      distinctRoles: shape.distinctRoles.optional(),
      typeCount: shape.typeCount.optional(),
      ownersSign: flag().default(false),
      expiryHours: whole(1, 72, 'hours').optional(),
      inWindow: flag().optional(),
      ticketNeeded: flag().default(false),
    },
    'what this class of changes asks of those who sign',
  );

const usual = () => policy({ quorum: whole(1, 100, 'signatures'), distinctRoles: whole(1, 100, 'roles'), typeCount: flag() });

const strict = () =>
  policy({
    quorum: whole(2, 100, 'signatures'),
    distinctRoles: whole(2, 100, 'roles'),
    typeCount: z.literal(true, expected('true: an irreversible change counts only with the number of targets typed')),
  });

/** The section `signOff`. What is left out comes from the rest of the file, or from the class. */
export const signOffSchema = object(
  { 'read-only': usual().prefault({}), reversible: usual().prefault({}), irreversible: strict().prefault({}) },
  'read-only, reversible and irreversible',
);

/** What the file says about one class of actions. */
export type PolicyEntry = z.infer<ReturnType<typeof usual>>;

/** Days of the week. */
export const daysSchema = list(z.enum(weekdays, expected(`one of ${weekdays.join(', ')}`)), 'a list of days', 7);

const window = object(
  {
    name: text('the name of the window', 40),
    days: daysSchema,
    from: time(),
    until: time(),
    rings: list(text('the name of a ring', 40), 'at least one ring, or no key rings for all', 50).optional(),
  },
  'a window with name, days, from, until and rings',
);

/** The section `windows`. */
export const windowsSchema = z.array(window, expected('a list of windows')).max(100, expected('at most 100 entries'));

const wallTime = () => {
  const words = 'a date and a time of the migration’s zone such as 2026-12-18 18:00';
  return z
    .string(expected(words))
    .trim()
    .refine((value) => wallOf(value) !== null, expected(words));
};

const freeze = object(
  { from: wallTime(), until: wallTime(), reason: text('the reason of the freeze') },
  'a freeze with from, until and reason',
);

/** The section `freezes`. */
export const freezesSchema = z.array(freeze, expected('a list of freezes')).max(200, expected('at most 200 entries'));
