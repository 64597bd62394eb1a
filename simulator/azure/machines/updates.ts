import type { Guest } from '../../estates/guest.ts';
import type { Update } from '../../estates/guest-updates.ts';
import type { Machine } from '../../estates/machine.ts';
import type { Random } from '../../random.ts';
import { change } from './change.ts';
import { awaitReboot } from './reboot-pending.ts';
import { restart } from './restart.ts';
import { applyUpdate, offeredUpdates } from './update-offers.ts';

/** An update as an assessment of Azure lists it. */
export interface Patch {
  name: string;
  kbId: string | null;
  classification: Update['classification'];
  version: string;
  rebootBehavior: Update['rebootBehavior'];
  publishedAt: string;
}

export interface Assessment {
  at: string;
  serviceUsed: 'WU' | 'MU' | 'WU-WSUS' | 'APT' | 'YUM';
  rebootPending: boolean;
  patches: Patch[];
}

export interface InstallWish {
  classifications: readonly string[];
  kbNumbers: readonly string[];
  rebootSetting: 'IfRequired' | 'Never' | 'Always';
  /** Virtual ms. */
  now: number;
  /** Decides whether an update that may ask for a restart does. */
  random: Random;
  /** Picks by the whole patch instead of by classification and number. */
  selects?: (patch: Patch) => boolean;
}

export interface Installation {
  installed: Patch[];
  failed: Patch[];
  pending: Patch[];
  rebooted: boolean;
  rebootPending: boolean;
}

/** What the machine's own update client finds missing at `now` (virtual ms): a WSUS client sees only what its WSUS offers. */
export function assess(machine: Machine, now: number): Assessment {
  return {
    at: new Date(now).toISOString(),
    serviceUsed: serviceOf(machine),
    rebootPending: machine.guest.rebootPending,
    patches: offeredUpdates(machine, now).map(patchOf),
  };
}

/**
 * Installs what is offered and asked for, by classification or by KB number (with or without the letters). What lacks something that is
 * not asked for fails; what waits for a boot of something else stays pending.
 */
export function installUpdates(machine: Machine, wish: InstallWish): Installation {
  const { now, random } = wish;
  const before = machine.guest.rebootPending;
  const chosen = offeredUpdates(machine, now).filter((update) => wish.selects?.(patchOf(update)) ?? isWanted(update, wish));
  const outcome = change(machine, now, 'updates', (guest) => installAll(guest, chosen, random));
  const rebooted = wish.rebootSetting === 'Always' || (wish.rebootSetting === 'IfRequired' && (machine.guest.rebootPending || before));
  if (rebooted) restart(machine, now);
  return { ...outcome, rebooted, rebootPending: machine.guest.rebootPending };
}

function serviceOf({ os, guest }: Machine): Assessment['serviceUsed'] {
  if (os.type === 'linux') return /ubuntu|debian/i.test(os.name) ? 'APT' : 'YUM';
  return guest.updates.wsus ? 'WU-WSUS' : 'WU';
}

function isWanted(update: Update, { classifications, kbNumbers }: InstallWish): boolean {
  const numbers = kbNumbers.map((number) => number.toUpperCase().replace(/^KB/, ''));
  if (update.kb !== '' && numbers.includes(update.kb.slice(2))) return true;
  return classifications.some((name) => name.toLowerCase() === update.classification.toLowerCase());
}

// As the servicing stack does it: round after round, until a round installs nothing more.
function installAll(guest: Guest, chosen: Update[], random: Random): Pick<Installation, 'installed' | 'failed' | 'pending'> {
  const installed: Update[] = [];
  let left = [...chosen];
  for (let progress = true; progress; ) {
    const ready = left.filter((update) => lacking(guest, update).length === 0);
    for (const update of ready) installOne(guest, update, random);
    installed.push(...ready);
    left = left.filter((update) => !ready.includes(update));
    progress = ready.length > 0;
  }
  const waits = (update: Update) => lacking(guest, update).every((kb) => guest.updates.awaitingBoot.includes(kb));
  return {
    installed: installed.map(patchOf),
    failed: left.filter((update) => !waits(update)).map(patchOf),
    pending: left.filter(waits).map(patchOf),
  };
}

/** KB numbers the update needs that are not in effect on the machine. */
function lacking(guest: Guest, update: Update): string[] {
  const { missing, awaitingBoot } = guest.updates;
  const absent = new Set([...missing.map((entry) => (typeof entry === 'string' ? entry : entry.kb)), ...awaitingBoot]);
  return update.needs.filter((kb) => absent.has(kb));
}

function installOne(guest: Guest, update: Update, random: Random): void {
  const wantsBoot =
    update.rebootBehavior === 'AlwaysRequiresReboot' || (update.rebootBehavior === 'CanRequestReboot' && random.next() < 0.5);
  applyUpdate(guest, update, wantsBoot);
  if (wantsBoot) awaitReboot(guest, update.product === 'os' ? 'cbs' : 'wu');
}

function patchOf({ name, kb, classification, version, rebootBehavior, publishedAt }: Update): Patch {
  return { name, kbId: kb === '' ? null : kb.slice(2), classification, version, rebootBehavior, publishedAt };
}
