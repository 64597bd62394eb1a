import type { Random } from '../random.ts';
import type { MachineInput } from './build-machine.ts';
import type { Update } from './guest-updates.ts';
import type { OsName } from './operating-systems.ts';
import { lacks, updates } from './trait-parts.ts';

const DAY = 86_400_000;
/** The cumulative update of a month, by release; the numbers are stand-ins. */
const MONTHLY: Partial<Record<OsName, [kb: string, title: string]>> = {
  '2016': ['KB5999016', 'Cumulative Update for Windows Server 2016 for x64-based Systems'],
  '2019': ['KB5999019', 'Cumulative Update for Windows Server 2019 for x64-based Systems'],
  '2022': ['KB5999022', 'Cumulative Update for Microsoft server operating system, version 21H2 for x64-based Systems'],
  '2025': ['KB5999025', 'Cumulative Update for Microsoft server operating system, version 24H2 for x64-based Systems'],
};
const PACKAGES: Partial<Record<OsName, [name: string, version: string][]>> = {
  ubuntu: [
    ['openssl', '3.0.2-0ubuntu1.20'],
    ['linux-image-generic', '5.15.0.171.160'],
    ['curl', '7.81.0-1ubuntu1.21'],
  ],
  rhel: [
    ['openssl', '1:3.0.7-29.el9_4'],
    ['kernel', '5.14.0-427.70.1.el9_4'],
    ['curl', '7.76.1-29.el9_4.3'],
  ],
};

/** Takes some of last month's updates off the machine. */
export function withMissingUpdates(machine: MachineInput, os: OsName, random: Random, now: number): MachineInput {
  const published = lastPatchDay(now);
  const monthly = MONTHLY[os];
  if (monthly && random.next() < 0.35) return add(machine, [ofMonth(monthly, published)]);
  const packages = PACKAGES[os];
  if (packages && random.next() < 0.45) {
    return add(
      machine,
      random
        .shuffle(packages)
        .slice(0, random.between(1, 3))
        .map(([name, version]) => ({ name, version, classification: 'Security', publishedAt: published.toISOString() })),
    );
  }
  return machine;
}

/** Takes the updates of Defender itself off the machine. */
export function withStaleDefender(machine: MachineInput): MachineInput {
  return lacks(machine, 'KB4052623', 'KB5005292');
}

function add(machine: MachineInput, more: (Pick<Update, 'name'> & Partial<Update>)[]): MachineInput {
  return updates(machine, { missing: [...(machine.guest?.updates?.missing ?? []), ...more] });
}

function ofMonth([kb, title]: [kb: string, title: string], published: Date): Pick<Update, 'name'> & Partial<Update> {
  const publishedAt = published.toISOString();
  const name = `${publishedAt.slice(0, 7)} ${title} (${kb})`;
  return { kb, name, classification: 'Security', publishedAt, rebootBehavior: 'AlwaysRequiresReboot' };
}

/** The second Tuesday of a month, 18:00 UTC: the last one before `now` (virtual ms). */
function lastPatchDay(now: number): Date {
  const of = (year: number, month: number) => {
    const weekday = new Date(Date.UTC(year, month, 1)).getUTCDay();
    return Date.UTC(year, month, 1, 18) + (((9 - weekday) % 7) + 7) * DAY;
  };
  const today = new Date(now);
  const thisMonth = of(today.getUTCFullYear(), today.getUTCMonth());
  return new Date(thisMonth <= now ? thisMonth : of(today.getUTCFullYear(), today.getUTCMonth() - 1));
}
