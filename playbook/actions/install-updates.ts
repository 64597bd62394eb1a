import type { Action, LeftAlone } from '../../core/action.ts';
import type { InstallUpdatesOptions } from '../../core/action-options.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { Expectation } from '../../core/expectation.ts';
import type { GuestFacts } from '../../core/facts/guest.ts';
import { isWsus } from '../../core/facts/updates.ts';
import { freshOrUnread } from '../../core/fresh.ts';
import type { Instant } from '../../core/instant.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Call, Item } from '../../core/plan.ts';
import type { MachineSubject, Snapshot } from '../../core/snapshot.ts';
import { surroundingsOf } from '../../core/surroundings.ts';
import { utcWords } from '../../core/utc-words.ts';
import type { Assessed } from '../platform/assessment.ts';
import { emptyWords, usableAssessment } from '../platform/assessment.ts';
import { FRESH_DEFINITIONS_DAYS } from '../platform/definitions.ts';
import { holdingUp } from '../platform/holding-up.ts';
import { isDefinitions, updateName } from '../platform/known-updates.ts';
import { patchFailure } from '../platform/patch-failures.ts';
import type { UpdateOrder } from '../platform/update-order.ts';
import { updateOrder } from '../platform/update-order.ts';
import { defenderWanted, notTaken, rollupWanted } from '../platform/wsus.ts';
import { scripts } from '../scripts/index.ts';
import { someOf } from '../some-of.ts';
import { machinesTouched } from './machine-words.ts';
import { assessPatches, installPatches, PATCH_PERMISSIONS } from './patching.ts';
import { probe } from './probe.ts';
import { machineFingerprint, RUN_COMMAND_PERMISSIONS, reachBlock, runCommandBlock } from './run-command.ts';

/** Checking twice and the probe, beside the time it may install. */
const MINUTES_AROUND = 20;
/** Until Resource Graph shows an assessment that has ended. */
const SHOWN_WITHIN_MINUTES = 60;

/**
 * Has Update Manager install what holds a server up, and what its migration file chooses. A servicing stack update cannot be taken off again
 * (Microsoft, “Servicing stack updates”) and nothing of ours takes off any other, so that it is signed like what cannot be taken back.
 */
export const installUpdates: Action = {
  id: 'install-updates',
  title: 'Install updates',
  phase: 'prepare',
  subject: 'machine',
  class: 'irreversible',
  minutesPerTarget: 2 * 60 + MINUTES_AROUND,
  minutesFor: ({ installUpdates: { hours } }) => hours * 60 + MINUTES_AROUND,
  needs: ['machine', 'updates'],
  permissions: [...PATCH_PERMISSIONS, ...RUN_COMMAND_PERMISSIONS],
  effect:
    'Has Azure Update Manager install updates on each server, of the classifications the migration file names and what Defender asks for, in the order they need. A server restarts where the migration file allows it, and what runs there is interrupted.',
  undoWords: 'None, because a servicing stack update cannot be taken off again, and the others are taken off one by one by hand.',
  makeSafeWords: 'Nothing has to be made safe, because updates and a restart leave each server with the engines it had.',
  finalWords: 'None, because an assessment made after the installation is what proves it, and not the word of the installation itself.',
  scripts: [scripts.probeWindows],
  explain: patchFailure,
  consider(subject, snapshot, now) {
    const machine = subject as MachineSubject;
    const { facts } = machine;
    const reach = otherSystem(facts) ?? reachBlock(facts);
    if (reach) return { include: false, ...reach };
    const updates = freshOrUnread(snapshot, 'updates', machine.id, now);
    if (updates.state === 'unread') return { include: false, code: 'unread', because: updates.reason };
    const usable = usableAssessment(updates);
    if ('not' in usable) return { include: false, ...withNext(usable.not) };
    const guest = freshOrUnread(snapshot, 'guest', machine.id, now);
    const wish = snapshot.options.installUpdates;
    const needed = holdingUp(usable.assessed, guest);
    const order = updateOrder(
      facts.os,
      usable.assessed.pending.map(({ kb }) => kb),
    );
    const asked = needed.filter((update) => isAskedFor(update, wish, order));
    const block = nothingToDo(machine, snapshot, now, { assessed: usable.assessed, guest, needed, asked }) ?? needsRestarts(order, wish);
    if (block) return { include: false, ...block };
    const wsus = missedByWsus(machine, snapshot, now, usable.assessed, guest);
    return {
      include: true,
      target: {
        found: [foundWords(asked, needed), ...(wsus === null ? [] : [wsus])].join('; '),
        fingerprint: machineFingerprint(facts),
        holds: [machine.id],
        sequence: [
          change(assessPatches(facts, 'assess')),
          ...installations(facts, order, wish).map(change),
          change(assessPatches(facts, 'assess-again')),
          shownInstalled(usable.assessed, asked, facts, wish),
          ...insideProof(facts, asked, wish),
        ],
        makeSafe: [],
        undo: [],
        finalCheck: null,
      },
    };
  },
  undoBlock: () => ({ code: 'no-undo', because: 'installed updates are not taken off again' }),
  blastRadius(targets, snapshot) {
    const { reboot } = snapshot.options.installUpdates;
    return `${machinesTouched(targets, snapshot)}; ${RESTARTS[reboot]}`;
  },
};

const RESTARTS: Readonly<Record<InstallUpdatesOptions['reboot'], string>> = {
  IfRequired: 'a server restarts when an update asks for it, maybe more than once',
  Always: 'every server restarts, maybe more than once',
  Never: 'no server restarts, and what waits for a restart does not count yet',
};

type Pending = Assessed['pending'];

/** The engines of the machine are the same before and after it. */
function change(call: Call): Item {
  return { do: 'change', safe: true, call };
}

function otherSystem({ os }: MachineFacts): LeftAlone | null {
  return os === 'linux' ? { code: 'other-os', because: 'no step of Prepare asks for the updates of Linux' } : null;
}

function withNext(not: { readonly code?: string; readonly because?: string; readonly fix?: string }): LeftAlone {
  return { code: not.code ?? 'unread', because: `${not.because}: ${not.fix?.replace(/\.$/, '')}` };
}

function isAskedFor({ kb, classification }: Pending[number], wish: InstallUpdatesOptions, { before, last }: UpdateOrder): boolean {
  const names = classification.toLowerCase().split(', ');
  return [...before.flat(), ...last].includes(kb) || wish.classifications.some((name) => names.includes(name.toLowerCase()));
}

interface Lists {
  readonly assessed: Assessed;
  readonly guest: Evidence<GuestFacts>;
  readonly needed: Pending;
  readonly asked: Pending;
}

/** Why there is nothing to install; what a WSUS leaves out is never “nothing is missing”. */
function nothingToDo(
  machine: MachineSubject,
  snapshot: Snapshot,
  now: Instant,
  { assessed, guest, needed, asked }: Lists,
): LeftAlone | null {
  if (asked.length > 0) return null;
  if (needed.length > 0) {
    const because = `the migration file leaves out the classifications of what is pending: ${someOf(needed.map(updateName))}`;
    return { code: 'not-chosen', because };
  }
  const empty = emptyWords(assessed, guest, surroundingsOf(snapshot, now), lackedBy(machine.facts));
  return empty === null ? { code: 'already', because: 'nothing that matters is pending' } : withNext(empty);
}

/** What its WSUS does not offer of what is asked for, beside what is pending; null when it is known to offer it, or there is no WSUS. */
function missedByWsus(machine: MachineSubject, snapshot: Snapshot, now: Instant, assessed: Assessed, guest: Evidence<GuestFacts>) {
  const empty = emptyWords(assessed, guest, surroundingsOf(snapshot, now), lackedBy(machine.facts));
  return empty === null || empty.verdict === 'ready' ? null : empty.because.replace(/^.*?, but /, '');
}

function lackedBy({ os }: MachineFacts): Parameters<typeof emptyWords>[3] {
  const wanted = os === 'windows-server-2012-r2' ? rollupWanted : defenderWanted(os);
  return ({ facts }) => notTaken(facts, wanted).map(({ words }) => words);
}

/** Updates of which one waits for the restart of another. */
function needsRestarts({ before }: UpdateOrder, { reboot }: InstallUpdatesOptions): LeftAlone | null {
  if (before.length === 0 || reboot !== 'Never') return null;
  const because = `${someOf(before.flat())} need restarts between them, and the migration file allows none: set install-updates, reboot to IfRequired`;
  return { code: 'needs-restarts', because };
}

function foundWords(asked: Pending, needed: Pending): string {
  const left = needed.filter((update) => !asked.includes(update));
  const rest = left.length === 0 ? '' : `; the migration file leaves out ${someOf(left.map(updateName))}`;
  return `pending: ${someOf(asked.map(updateName))}${rest}`;
}

/** The installations in their order; the last one takes all the rest. */
function installations(facts: MachineFacts, { before, last }: UpdateOrder, wish: InstallUpdatesOptions): readonly Call[] {
  const { classifications, reboot, hours } = wish;
  const first = before.map((kbs, index) =>
    installPatches(facts, `install-${index + 1}`, `install ${kbs.join(' and ')} first`, { classifications: [], kbs, reboot, hours }),
  );
  const words = `install updates: ${classifications.join(', ')}; and ${last.join(', ')}`;
  return [...first, installPatches(facts, 'install', words, { classifications, kbs: last, reboot, hours })];
}

/** An assessment made after the one it was planned from lists none of them any more, and no WSUS has come between. */
function shownInstalled({ assessedAt, service }: Assessed, asked: Pending, facts: MachineFacts, { reboot }: InstallUpdatesOptions): Item {
  const kbs = asked.filter((update) => !isDefinitions(update)).map(({ kb }) => kb);
  const gone = kbs.length > 0 ? kbs : asked.map(({ kb }) => kb);
  return {
    do: 'prove',
    id: 'shown',
    describes: 'read what the assessment after it found',
    evidence: 'updates',
    call: null,
    withinMinutes: SHOWN_WITHIN_MINUTES,
    expect: [
      { path: 'assessedAt', after: assessedAt, words: `it was assessed after ${utcWords(assessedAt)}` },
      { path: 'error', equals: '', words: 'the assessment did not fail' },
      ...(isWsus(service)
        ? []
        : [{ path: 'service', oneOf: ['WU', 'MU', service], words: 'Microsoft’s own service answered, and no WSUS' }]),
      ...gone.map((kb) => ({ path: 'pending', hasNo: { kb }, words: `${kb} is no longer pending` })),
      // Where no probe looks inside, the assessment is all that tells.
      ...(reboot === 'Never' || runCommandBlock(facts) === null ? [] : [{ path: 'rebootPending', ...NOT_PENDING }]),
    ],
  };
}

const NOT_PENDING = { equals: false, words: 'no restart is pending' } as const;

/** What the machine itself says of it, where a probe can ask it. */
function insideProof(facts: MachineFacts, asked: Pending, { reboot }: InstallUpdatesOptions): readonly Item[] {
  if (runCommandBlock(facts) !== null) return [];
  const days = Array.from({ length: FRESH_DEFINITIONS_DAYS + 1 }, (_, day) => day);
  const expect: readonly Expectation[] = [
    ...(reboot === 'Never' ? [] : [{ path: 'rebootPending', ...NOT_PENDING }]),
    ...(asked.some(isDefinitions) ? [{ path: 'defender.signatureAgeDays', oneOf: days, words: 'its definitions are fresh' }] : []),
  ];
  return expect.length === 0 ? [] : [probe(facts, expect)];
}
