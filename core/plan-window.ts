import type { Instant } from './instant.ts';
import { DAY, HOUR, MINUTE } from './instant.ts';
import type { Freeze, Migration } from './migration.ts';
import { EVERYWHERE, WHOLE } from './migration.ts';
import type { Outcome } from './outcome.ts';
import { ok, refused } from './outcome.ts';
import type { Plan, Wave } from './plan.ts';
import type { ActionClass } from './policy.ts';
import type { Zone } from './schedule.ts';
import { activeFreeze, freezeWithin, nextWindow } from './window.ts';

interface Ask {
  readonly migration: Migration;
  readonly actionClass: ActionClass;
  readonly waves: readonly Wave[];
  readonly estimateMinutes: number;
  readonly now: Instant;
  readonly zone: Zone;
}

/** Further ahead nobody signs for a window. */
const LOOK_AHEAD = 14 * DAY;
const MOST_WINDOWS = 60;

/** The first change window in which a plan can be carried out whole; refused when there is none. Null where the policy asks for none. */
export function planWindow({ migration, actionClass, waves, estimateMinutes, now, zone }: Ask): Outcome<Pick<Plan, 'window'>> {
  const { inWindow, expiryHours } = migration.signOff[actionClass];
  if (!inWindow) {
    const freeze = activeFreeze(migration.freezes, now);
    return freeze && freeze.until > now + expiryHours * HOUR ? frozen(freeze) : ok({ window: null });
  }
  // Subscriptions and the organisation are in no ring: they run in the windows that are for all.
  const rings = [...new Set(waves.map(({ ring }) => ring))].filter((ring) => ring !== WHOLE && ring !== EVERYWHERE);
  const soonest = now + migration.graceMinutes * MINUTE;
  let from = now;
  let tooShort: number | null = null;
  let freeze: Freeze | null = null;
  for (let tried = 0; tried < MOST_WINDOWS && from < now + LOOK_AHEAD; tried += 1) {
    const window = nextWindow(migration.windows, rings, zone, from, LOOK_AHEAD);
    if (!window) break;
    // Of a window that a freeze cuts in two, both parts are tried.
    const opens = tried === 0 ? window.from : Math.max(window.from, from);
    const begins = Math.max(opens, soonest);
    const met = freezeWithin(migration.freezes, begins, window.until);
    const until = met ? met.from : window.until;
    if (begins < until && begins + estimateMinutes * MINUTE <= until) return ok({ window: { name: window.name, from: opens, until } });
    if (!met) tooShort = Math.max(tooShort ?? 0, Math.floor((until - begins) / MINUTE));
    freeze = met;
    from = met ? met.until : window.until;
  }
  if (tooShort !== null) {
    const because = `It would take about ${duration(estimateMinutes)}, and the longest window in the next two weeks has ${duration(tooShort)}.`;
    return refused('window-too-short', because, 'Ask for a smaller scope, such as one ring.');
  }
  if (freeze) return frozen(freeze);
  return refused('no-window', 'The migration file has no change window for these rings in the next two weeks.', 'Add one to the file.');
}

function frozen({ reason, until }: Freeze): Outcome<never> {
  const because = `Changes are frozen until ${new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(until)} UTC (${reason}).`;
  return refused('frozen', because, 'Ask again after the freeze.');
}

function duration(minutes: number): string {
  if (minutes < 120) return `${minutes} minutes`;
  return `${Math.round(minutes / 6) / 10} hours`;
}
