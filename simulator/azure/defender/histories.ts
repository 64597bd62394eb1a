import type { Machine } from '../../estates/machine.ts';
import { factsOf, isHeard } from './facts.ts';
import type { Facts, Period } from './state.ts';

const DAY = 86_400_000;
/** What hunting and the machines list look back on. */
export const KEPT_DAYS = 30;

/** Writes down what the sensors tell at `now` (virtual ms) where it differs from before; answers whether anything does. */
export function observe(
  histories: Record<string, Period[]>,
  machines: readonly Machine[],
  aadDeviceIds: ReadonlyMap<string, string>,
  now: number,
): boolean {
  let changed = false;
  for (const machine of machines) {
    const { deviceId, lastSeen } = machine.guest.sensor;
    if (deviceId === null || lastSeen === null) continue;
    const key = machine.id.toLowerCase();
    const history = histories[key] ?? [];
    if (!note(history, machine, aadDeviceIds.get(key) ?? null, now)) continue;
    histories[key] = history.filter((period, index) => index === history.length - 1 || (period.until ?? now) >= now - KEPT_DAYS * DAY);
    changed = true;
  }
  return changed;
}

function note(history: Period[], machine: Machine, aadDeviceId: string | null, now: number): boolean {
  const last = history.at(-1);
  const heard = isHeard(machine);
  if (!last) return begin(history, machine, factsOf(machine, aadDeviceId), now);
  if (!heard) {
    if (last.until !== null) return false;
    last.until = now;
    return true;
  }
  const facts = factsOf(machine, aadDeviceId);
  if (last.until === null && same(last.facts, facts)) return false;
  last.until ??= now;
  history.push({ from: now, until: null, facts });
  return true;
}

// A machine the estate begins with has reported since it was onboarded, or until it was last seen.
function begin(history: Period[], machine: Machine, facts: Facts, now: number): boolean {
  const { onboardedAt, lastSeen } = machine.guest.sensor;
  const seen = Math.min(Date.parse(lastSeen ?? ''), now);
  const onboarded = onboardedAt === null ? seen : Math.min(Date.parse(onboardedAt), seen);
  // The first report comes minutes after the onboarding.
  const from = seen - onboarded < DAY ? seen : onboarded;
  const silentSince = Math.max(from, seen);
  history.push({ from, until: isHeard(machine) ? null : silentSince, facts });
  return true;
}

function listed({ software }: Facts): string {
  return software.map(({ vendor, name, version }) => `${vendor} ${name} ${version}`).join('\n');
}

function same(before: Facts, after: Facts): boolean {
  const keys = Object.keys(after) as (keyof Facts)[];
  const plain = keys.every((key) => key === 'software' || before[key] === after[key]);
  return plain && listed(before) === listed(after);
}
