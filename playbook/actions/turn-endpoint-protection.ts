import type { Action, Considered, LeftAlone } from '../../core/action.ts';
import type { Expectation } from '../../core/expectation.ts';
import type { SecuritySettings } from '../../core/facts/defender.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Call, FinalCheck, Item } from '../../core/plan.ts';
import { isMadeByConnector } from '../../core/policy-reach.ts';
import type { MachineSubject, Snapshot, Subject } from '../../core/snapshot.ts';
import { evidenceFor } from '../../core/snapshot.ts';
import { policyWords, subscriptionsTouched } from './endpoint-protection-words.ts';
import { unpreparedAmong } from './onboarding.ts';

/** Defender for Cloud's integration settings are written with this API version. */
const API = '2022-05-01';

/** One of the integration settings: its name in Azure, and how its reading is called here. The Linux one is an exclusion, so off means included. */
interface Setting {
  readonly name: string;
  readonly path: keyof SecuritySettings;
  readonly words: string;
  readonly inverted: boolean;
}

const WDATP: Setting = { name: 'WDATP', path: 'endpointProtection', words: 'WDATP', inverted: false };
const UNIFIED: Setting = { name: 'WDATP_UNIFIED_SOLUTION', path: 'unifiedSolution', words: 'the unified solution', inverted: false };
const LINUX: Setting = { name: 'WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW', path: 'includesLinux', words: 'Linux', inverted: true };
/** WDATP must be on before the two others count. */
const ALL_ON: readonly Setting[] = [WDATP, UNIFIED, LINUX];

/** Endpoint protection off: Defender for Cloud stops pushing the extension. What is installed stays. */
export const turnEndpointProtectionOff: Action = {
  ...common(),
  id: 'turn-endpoint-protection-off',
  title: 'Turn endpoint protection off',
  phase: 'prepare',
  effect:
    'Switches the WDATP setting of the subscription off, so that Defender for Cloud pushes no extension. Extensions already there stay, and policies that push it or turn the setting back on go on: the card names them.',
  undoWords: 'The same setting switched on again; it needs a sign-off of its own.',
  // That a machine still has no extension a day later would say nothing more: policies, and people, may put it there.
  finalWords: 'A day later the settings are read once more: a policy may have switched them back.',
  consider(subject, snapshot) {
    const settings = evidenceFor(snapshot, 'security-settings', subject.id);
    if (settings.state === 'unread') return { include: false, code: 'unread', because: settings.reason };
    if (settings.value.endpointProtection === false)
      return { include: false, code: 'already', because: 'endpoint protection is already off' };
    const off = [{ setting: WDATP, on: false }];
    return target(subject, snapshot, settings.value, off, [{ setting: WDATP, on: true }], readLater(off));
  },
  undoBlock: unprepared,
};

/** Endpoint protection on, unified solution and Linux included. Refused while a Windows machine in it has no proven passive mode. */
export const turnEndpointProtectionOn: Action = {
  ...common(),
  id: 'turn-endpoint-protection-on',
  title: 'Turn endpoint protection on',
  phase: 'onboard',
  effect:
    'Switches WDATP on for the subscription, with the unified solution and Linux machines. Defender for Cloud then deploys Defender to every machine in it.',
  undoWords: 'Each setting as it was before; extensions already deployed stay. It needs a sign-off of its own.',
  finalWords:
    'Within 24 hours the machines that were running and could take it must have the extension, Succeeded; where none could, or the plan of Defender for Servers is not known to be on, the settings are read once more.',
  consider(subject, snapshot, now) {
    const settings = evidenceFor(snapshot, 'security-settings', subject.id);
    if (settings.state === 'unread') return { include: false, code: 'unread', because: settings.reason };
    const { endpointProtection, unifiedSolution, includesLinux } = settings.value;
    if (endpointProtection === true && unifiedSolution !== false && includesLinux !== false) {
      return { include: false, code: 'already', because: 'endpoint protection is already on' };
    }
    const machines = machinesOf(subject, snapshot);
    if (machines.length === 0) {
      return { include: false, code: 'no-machines', because: 'no machine is known in it, so nothing shows that it is prepared' };
    }
    const block = unprepared(subject, snapshot, now);
    if (block) return { include: false, ...block };
    const written = ALL_ON.map((setting) => ({ setting, on: true }));
    return target(subject, snapshot, settings.value, written, asBefore(settings.value), arrives(machines, subject, snapshot, written));
  },
  undoBlock: () => null,
};

function common() {
  return {
    subject: 'subscription',
    class: 'reversible',
    minutesPerTarget: 3,
    needs: ['machine', 'security-settings'],
    permissions: ['Microsoft.Security/settings/write'],
    makeSafeWords: 'Nothing has to be made safe, because no engine on any machine changes within this plan.',
    scripts: [],
    blastRadius: subscriptionsTouched,
  } as const;
}

/** A setting as it is to be: `on` in the sense of its reading here. */
interface Wanted {
  readonly setting: Setting;
  readonly on: boolean;
}

function call(subscriptionId: string, { setting: { name, inverted }, on }: Wanted, prefix: string): Call {
  const enabled = inverted ? !on : on;
  return {
    id: `${prefix}${name.toLowerCase().replaceAll('_', '-')}`,
    describes: `switch ${name} ${enabled ? 'on' : 'off'}`,
    method: 'PUT',
    path: `/subscriptions/${subscriptionId}/providers/Microsoft.Security/settings/${name}`,
    query: { 'api-version': API },
    body: { kind: 'DataExportSettings', properties: { enabled } },
    settles: 'setting',
    timeoutSeconds: 120,
  };
}

function target(
  subject: Subject,
  snapshot: Snapshot,
  before: SecuritySettings,
  written: readonly Wanted[],
  undone: readonly Wanted[],
  finalCheck: FinalCheck,
): Considered {
  const { endpointProtection } = before;
  return {
    include: true,
    target: {
      found: foundWords(subject, snapshot, before),
      fingerprint: { endpointProtection: endpointProtection === null ? '' : String(endpointProtection) },
      holds: [subject.id, ...machinesOf(subject, snapshot).map(({ id }) => id)],
      sequence: [...written.map((one) => change(call(subject.id, one, ''))), readSettings('read-settings', written)],
      makeSafe: [],
      undo: [...undone.map((one) => change(call(subject.id, one, 'undo-'))), readSettings('undo-read-settings', undone)],
      finalCheck,
    },
  };
}

/**
 * What takes switching it on back: each setting as it was, the companions first. One that was not listed is left alone but for WDATP, which
 * is what deploys.
 */
function asBefore({ endpointProtection, unifiedSolution, includesLinux }: SecuritySettings): readonly Wanted[] {
  return [
    ...(includesLinux === false ? [{ setting: LINUX, on: false }] : []),
    ...(unifiedSolution === false ? [{ setting: UNIFIED, on: false }] : []),
    ...(endpointProtection === true ? [] : [{ setting: WDATP, on: false }]),
  ];
}

/** Settings reach machines over hours, so a machine is under the same engine before and after the call. */
function change(one: Call): Item {
  return { do: 'change', safe: true, call: one };
}

function readSettings(id: string, wanted: readonly Wanted[]): Item {
  const describes = 'read the settings back with the reader identity';
  return { do: 'prove', id, describes, evidence: 'security-settings', call: null, expect: expected(wanted) };
}

function expected(wanted: readonly Wanted[]): readonly Expectation[] {
  return wanted.map(({ setting: { path, words }, on }) => {
    return path === 'includesLinux'
      ? { path, equals: on, words: `${words} is ${on ? 'included' : 'excluded'}` }
      : { path, equals: on, words: `${words} is ${on ? 'on' : 'off'}` };
  });
}

function readLater(wanted: readonly Wanted[]): FinalCheck {
  return {
    describes: 'read the settings once more, a day later',
    evidence: 'security-settings',
    afterMinutes: 23 * 60,
    withinMinutes: 24 * 60,
    expect: expected(wanted),
  };
}

/** Switched on, what counts is that the extension arrives. It takes up to 12 hours in a tenant’s first subscription. */
function arrives(machines: readonly MachineSubject[], subject: Subject, snapshot: Snapshot, written: readonly Wanted[]): FinalCheck {
  const plan = evidenceFor(snapshot, 'defender-plan', subject.id);
  const of = machines.filter(({ facts }) => takesExtension(facts)).map(({ id }) => id);
  if (of.length === 0 || plan.state === 'unread' || plan.value.tier !== 'Standard') return readLater(written);
  return {
    describes: 'read how the extension stands on each machine that could take it',
    evidence: 'defender-extension',
    afterMinutes: 60,
    withinMinutes: 24 * 60,
    expect: [{ path: 'state', equals: 'Succeeded', words: 'its extension Succeeded' }],
    of,
  };
}

/** Running, of a system that is known to be supported, and its agent lets the extension in. What a multicloud connector made is left to the connector. */
function takesExtension({ kind, os, status, configMode, refuses, tags }: MachineFacts): boolean {
  if (os === null || os === 'unsupported' || kind === 'listed') return false;
  if (kind === 'azure-vm') return status.toLowerCase().endsWith('running');
  const manages = status.toLowerCase() === 'connected' && configMode?.toLowerCase() !== 'monitor';
  return manages && !refuses?.defender && !isMadeByConnector(tags);
}

function foundWords(
  subject: Subject,
  snapshot: Snapshot,
  { endpointProtection, unifiedSolution, includesLinux }: SecuritySettings,
): string {
  return [
    endpointProtection === null ? 'the setting is not listed' : `endpoint protection is ${endpointProtection ? 'on' : 'off'}`,
    unifiedSolution === false ? 'the unified solution is off' : '',
    includesLinux === false ? 'Linux is excluded' : '',
    policyWords(subject.id, snapshot),
  ]
    .filter((words) => words !== '')
    .join('; ');
}

function machinesOf(subject: Subject, snapshot: Snapshot): readonly MachineSubject[] {
  return snapshot.machines.filter(({ facts }) => facts.subscriptionId === subject.id);
}

/** Why endpoint protection must not be on for a subscription yet: it would onboard machines that have no proven passive mode. */
function unprepared(subject: Subject, snapshot: Snapshot, now: number): LeftAlone | null {
  return unpreparedAmong(machinesOf(subject, snapshot), snapshot, now);
}
