import type { Action, LeftAlone } from '../../core/action.ts';
import type { ActionOptions, RemovalScript } from '../../core/action-options.ts';
import type { GuestFacts } from '../../core/facts/guest.ts';
import type { Instant } from '../../core/instant.ts';
import { MINUTE } from '../../core/instant.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Call, Item } from '../../core/plan.ts';
import type { MachineSubject, Snapshot } from '../../core/snapshot.ts';
import { evidenceFor } from '../../core/snapshot.ts';
import type { AnyStep } from '../../core/step.ts';
import { judgeFacts } from '../../core/step.ts';
import { utcWords } from '../../core/utc-words.ts';
import { protectionUpdatesCurrent } from '../2-onboard/protection-updates-current.ts';
import { inSecurityPortal } from '../3-cut-over/in-security-portal.ts';
import { managedByDefender } from '../3-cut-over/managed-by-defender.ts';
import { scripts } from '../scripts/index.ts';
import { joinedBy } from '../some-of.ts';
import { ACTIVATION_SCRIPTS, activation } from './activation.ts';
import { ACTIVE_IN_HUNTING, cannotActivate, recentLook, tamperProtected } from './before-activation.ts';
import { machinesTouched } from './machine-words.ts';
import { oneEngine } from './one-engine.ts';
import { probe } from './probe.ts';
import { restart } from './restart.ts';
import { endCommand, foreignCommand, machineFingerprint, RUN_COMMAND_PERMISSIONS, runCommand, runCommandBlock } from './run-command.ts';

/** A boot counts as another one when it is later by more than a clock may be set right by. */
const CLOCK_SLACK = MINUTE;
/** Between the two looks that must both find nothing. */
const BETWEEN_LOOKS_MINUTES = 2;
/** What was begun before a machine is made safe may be a restart: it goes down in a minute, and comes up in a few. */
const COMING_UP_MINUTES = 4;
/** Restart, two looks, clearing and the last look, beside the script itself. */
const BESIDE_THE_SCRIPT_MINUTES = 15;

/** What must be ready by facts alone before the old product may go. */
const GUARDS: readonly AnyStep[] = [inSecurityPortal, managedByDefender, protectionUpdatesCurrent];

/**
 * Takes the old product off by the customer's own script and makes Defender the active engine, in one sequence under one sign-off: no machine waits
 * without an engine for somebody's signature.
 */
export const removeThirdParty: Action = {
  id: 'remove-third-party',
  title: 'Remove the old product and make Defender active',
  phase: 'cut-over',
  subject: 'machine',
  class: 'irreversible',
  minutesPerTarget: 25,
  needs: ['machine', 'device', 'management', 'updates'],
  permissions: [...RUN_COMMAND_PERMISSIONS, 'Microsoft.Compute/virtualMachines/restart/action'],
  effect:
    'Runs your own removal script on each machine, restarts it, looks twice that nothing is left, clears passive mode and proves Defender active. From the removal to that proof it HAS NO ACTIVE ENGINE.',
  undoWords:
    'None, because the old product has to be installed anew by its own means; with tamper protection Defender does not go back to passive.',
  makeSafeWords:
    'On a machine that gets no further, the removal script is ended. If the old product no longer runs there, passive mode is cleared; if it still runs, Defender stays passive. Then a probe must find exactly one active engine; where it does not, somebody has to look at it at once.',
  finalWords: 'Within 24 hours after the run, Defender hunting must show the antivirus of each machine as active.',
  scripts: [...ACTIVATION_SCRIPTS, scripts.restartWindows, scripts.restartLinux, scripts.makeActiveWindows, scripts.makeActiveLinux],
  ownScripts: ({ removeThirdParty: { scripts: own } }) => own.map(({ script }) => script),
  unprotected: ({ removeThirdParty: { scripts: own, unprotectedMinutes } }) => {
    const longest = Math.max(0, ...own.map(({ minutes }) => minutes));
    return { expectedMinutes: Math.min(longest + BESIDE_THE_SCRIPT_MINUTES, unprotectedMinutes), limitMinutes: unprotectedMinutes };
  },
  consider(subject, snapshot, now) {
    const machine = subject as MachineSubject;
    const { facts } = machine;
    const reach = runCommandBlock(facts);
    if (reach) return { include: false, ...reach };
    const guest = recentLook(machine, snapshot, now);
    if ('code' in guest) return { include: false, ...guest };
    const { lastBoot } = guest.value;
    if (lastBoot === null) {
      return {
        include: false,
        code: 'boot-unread',
        because: 'the probe could not tell when it booted, so that nothing could prove a restart',
      };
    }
    const block = nothingToRemove(guest.value) ?? cannotActivate(guest.value) ?? notPassive(guest.value) ?? guard(machine, snapshot, now);
    if (block) return { include: false, ...block };
    const found = removalFor(guest.value, snapshot.options);
    if ('code' in found) return { include: false, ...found };
    const vendors = joinedBy(
      'and',
      guest.value.thirdParty.map(({ vendor }) => vendor),
    );
    const way = tamperProtected(guest.value) ? '; tamper protection is on: it cannot be taken back' : '';
    return {
      include: true,
      target: {
        found: `${vendors} on it, Defender passive and up to date, last boot ${utcWords(lastBoot)}${way}`,
        fingerprint: machineFingerprint(facts),
        holds: [machine.id],
        ...itemsFor(facts, found.scripts, lastBoot),
        undo: [],
        finalCheck: ACTIVE_IN_HUNTING,
      },
    };
  },
  undoBlock: () => ({ code: 'no-undo', because: 'the old product has to be installed anew by its own means' }),
  blastRadius(targets, snapshot) {
    const oneWay = targets.filter(({ id }) => {
      const guest = evidenceFor(snapshot, 'guest', id);
      return guest.state === 'read' && tamperProtected(guest.value);
    }).length;
    const back = oneWay === 0 ? '' : `; on ${oneWay} tamper protection is on, and it CANNOT BE TAKEN BACK there`;
    return `${machinesTouched(targets, snapshot)}; EACH IS RESTARTED, and has no active engine until Defender is proven active${back}`;
  },
};

/** What is done to a machine, and what brings it back under one engine. */
function itemsFor(
  machine: MachineFacts,
  removals: readonly RemovalScript[],
  lastBoot: Instant,
): { readonly sequence: readonly Item[]; readonly makeSafe: readonly Item[] } {
  const removed = removals.map((removal, index) =>
    foreignCommand(
      machine,
      removal,
      removals.length === 1 ? 'remove' : `remove-${index + 1}`,
      `take ${removal.vendor} off by your own script`,
    ),
  );
  return {
    sequence: [
      ...removed.map((call): Item => ({ do: 'change', safe: false, interruptible: true, call })),
      noLongerRuns(machine),
      ...restart(machine, 'restart'),
      clean(machine, 'clean-1', lastBoot),
      {
        do: 'wait',
        id: 'between',
        describes: 'wait, so that what comes back has time to',
        minutes: BETWEEN_LOOKS_MINUTES,
        call: null,
      },
      clean(machine, 'clean-2', lastBoot),
      ...activation(machine, 'clear', 'active'),
    ],
    makeSafe: [
      ...removed.map((call): Item => ({ do: 'change', safe: false, call: ended(call, 'end') })),
      { do: 'wait', id: 'safe-wait', describes: 'wait until it is up, should it restart', minutes: COMING_UP_MINUTES, call: null },
      // One whose sending was cut off may have arrived after it was ended.
      ...removed.map((call): Item => ({ do: 'change', safe: false, call: ended(call, 'end-late') })),
      { do: 'change', safe: false, call: makeActive(machine) },
      probe(machine, oneEngine(machine), 'safe-proof'),
    ],
  };
}

function ended(sent: Call, how: string): Call {
  return endCommand(sent, `${how}-${sent.id}`, 'end the removal script, if it still runs');
}

function makeActive(machine: MachineFacts): Call {
  const script = machine.os === 'linux' ? scripts.makeActiveLinux : scripts.makeActiveWindows;
  return runCommand(machine, script, 'safe', 'clear passive mode, unless the old product still runs', {});
}

/** What the script says of itself proves nothing; a machine on which the old product still runs is not restarted. */
function noLongerRuns(machine: MachineFacts): Item {
  const expect = [
    { path: 'thirdParty', hasNo: { running: true }, words: 'no other product runs any more' },
    { path: 'unchecked', hasNo: 'services', words: 'its services could be looked at' },
  ] as const;
  return { ...probe(machine, expect, 'stopped'), safe: false } as Item;
}

/** A look that finds nothing of any other product, after the restart. That none is left says nothing of Defender, so it is no safe point. */
function clean(machine: MachineFacts, id: string, lastBoot: Instant): Item {
  const looked = (['services', 'drivers', 'programs'] as const).map(
    (part) => ({ path: 'unchecked', hasNo: part, words: `its ${part} could be looked at` }) as const,
  );
  const proof = probe(
    machine,
    [
      { path: 'thirdParty', empty: true, words: 'nothing of another product is left' },
      { path: 'lastBoot', after: lastBoot + CLOCK_SLACK, words: `it booted after ${utcWords(lastBoot)}` },
      ...looked,
    ],
    id,
  );
  return { ...proof, safe: false } as Item;
}

function nothingToRemove({ thirdParty }: GuestFacts): LeftAlone | null {
  if (thirdParty.length > 0) return null;
  return { code: 'none-detected', because: 'the probe detected no other product: where it is gone, clear passive mode' };
}

/** Only a Defender that looks on can take over; an active one beside the old product is a gap of its own. */
function notPassive({ platform, passiveKey, passiveManaged, defender }: GuestFacts): LeftAlone | null {
  if (platform === 'linux' && passiveManaged) {
    return {
      code: 'managed',
      because: 'a managed configuration decides on passive mode and wins over the command line: change it there',
    };
  }
  if (passiveKey === 1 && defender !== null && /passive|edr block/i.test(defender.mode)) return null;
  if (defender?.mode === 'Normal') return { code: 'both-active', because: 'Defender is active beside the old product: mend that first' };
  return { code: 'not-passive', because: 'Defender is not in passive mode: probe it again once it is onboarded' };
}

/** Why it must not lose its old product yet, by facts alone; null when nothing speaks against it. */
function guard(machine: MachineSubject, snapshot: Snapshot, now: Instant): LeftAlone | null {
  for (const row of GUARDS) {
    if (row.optional && snapshot.switchedOff[row.id] !== undefined) continue;
    const { verdict, code, because, fix } = judgeFacts(row, machine, snapshot, now);
    if (verdict !== 'ready' && verdict !== 'not-applicable') return { code, because: `${because}: ${lowerFirst(fix)}` };
  }
  return null;
}

function lowerFirst(fix: string): string {
  const words = fix.endsWith('.') ? fix.slice(0, -1) : fix;
  return words.slice(0, 1).toLowerCase() + words.slice(1);
}

/** The scripts that take everything off that was seen, or what is missing. */
function removalFor(
  { platform, thirdParty }: GuestFacts,
  { removeThirdParty: { scripts: own } }: ActionOptions,
): { readonly scripts: readonly RemovalScript[] } | LeftAlone {
  const found = thirdParty.map(({ vendor }) => ({
    vendor,
    script: own.find((one) => one.os === platform && one.vendor.toLowerCase() === vendor.toLowerCase()),
  }));
  const missing = found.find(({ script }) => script === undefined);
  if (missing) {
    const because = `the migration file names no removal script for ${missing.vendor} on ${platform === 'linux' ? 'Linux' : 'Windows'}: add it under actions, remove-third-party`;
    return { code: 'no-removal-script', because };
  }
  return { scripts: found.flatMap(({ script }) => script ?? []) };
}
