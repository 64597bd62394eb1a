import type { Action, Considered, LeftAlone } from '../../core/action.ts';
import { evidenceKinds } from '../../core/evidence.ts';
import type { Expectation } from '../../core/expectation.ts';
import type { Call, Item, PlanTarget } from '../../core/plan.ts';
import type { Snapshot, Subject } from '../../core/snapshot.ts';
import { evidenceFor } from '../../core/snapshot.ts';

/** Defender for Cloud's integration settings are written with this API version. */
const API = '2022-05-01';

/** Endpoint protection off: Defender for Cloud stops pushing the extension. What is installed stays. */
export const turnEndpointProtectionOff: Action = {
  ...common(),
  id: 'turn-endpoint-protection-off',
  title: 'Turn endpoint protection off',
  phase: 'prepare',
  effect:
    'Switches the WDATP setting of the subscription off, so that Defender for Cloud pushes no extension. Extensions already there stay.',
  undoWords: 'The same setting switched on again; it needs a sign-off of its own.',
  consider(subject, snapshot) {
    const settings = evidenceFor(snapshot, 'security-settings', subject.id);
    if (settings.state === 'unread') return { include: false, code: 'unread', because: settings.reason };
    if (settings.value.endpointProtection === false)
      return { include: false, code: 'already', because: 'endpoint protection is already off' };
    return target(subject, snapshot, settings.value.endpointProtection, [setting(subject.id, 'WDATP', false)], false);
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
  undoWords: 'The same setting switched off again; extensions already deployed stay. It needs a sign-off of its own.',
  consider(subject, snapshot, now) {
    const settings = evidenceFor(snapshot, 'security-settings', subject.id);
    if (settings.state === 'unread') return { include: false, code: 'unread', because: settings.reason };
    const { endpointProtection, unifiedSolution, includesLinux } = settings.value;
    if (endpointProtection === true && unifiedSolution !== false && includesLinux !== false) {
      return { include: false, code: 'already', because: 'endpoint protection is already on' };
    }
    if (!snapshot.machines.some(({ facts }) => facts.subscriptionId === subject.id)) {
      return { include: false, code: 'no-machines', because: 'no machine is known in it, so nothing shows that it is prepared' };
    }
    const block = unprepared(subject, snapshot, now);
    if (block) return { include: false, ...block };
    // WDATP must be on before the two others count; the Linux setting is an exclusion, so off means included.
    const calls = [
      setting(subject.id, 'WDATP', true),
      setting(subject.id, 'WDATP_UNIFIED_SOLUTION', true),
      setting(subject.id, 'WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW', false),
    ];
    return target(subject, snapshot, endpointProtection, calls, true);
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
    finalWords: 'A day later the settings are read once more: a policy may have switched them back.',
    scripts: [],
    blastRadius: subscriptionsTouched,
  } as const;
}

function setting(subscriptionId: string, name: string, enabled: boolean): Call {
  return {
    id: name.toLowerCase().replaceAll('_', '-'),
    describes: `switch ${name} ${enabled ? 'on' : 'off'}`,
    method: 'PUT',
    path: `/subscriptions/${subscriptionId}/providers/Microsoft.Security/settings/${name}`,
    query: { 'api-version': API },
    body: { kind: 'DataExportSettings', properties: { enabled } },
    settles: 'setting',
    timeoutSeconds: 120,
  };
}

function target(subject: Subject, snapshot: Snapshot, before: boolean | null, calls: readonly Call[], on: boolean): Considered {
  const machines = snapshot.machines.filter(({ facts }) => facts.subscriptionId === subject.id);
  return {
    include: true,
    target: {
      found: before === null ? 'the setting is not listed' : `endpoint protection is ${before ? 'on' : 'off'}`,
      fingerprint: { endpointProtection: before === null ? '' : String(before) },
      holds: [subject.id, ...machines.map(({ id }) => id)],
      sequence: [...calls.map(change), readSettings('read-settings', on)],
      makeSafe: [],
      undo: [change({ ...setting(subject.id, 'WDATP', !on), id: 'undo-wdatp' }), readSettings('undo-read-settings', !on)],
      finalCheck: {
        describes: 'read the settings once more, a day later',
        evidence: 'security-settings',
        afterMinutes: 23 * 60,
        withinMinutes: 24 * 60,
        expect: expectSetting(on),
      },
    },
  };
}

/** Settings reach machines over hours, so a machine is under the same engine before and after the call. */
function change(call: Call): Item {
  return { do: 'change', safe: true, call };
}

function readSettings(id: string, on: boolean): Item {
  const describes = 'read the settings back with the reader identity';
  return { do: 'prove', id, describes, evidence: 'security-settings', call: null, expect: expectSetting(on) };
}

function expectSetting(on: boolean): readonly Expectation[] {
  return [{ path: 'endpointProtection', equals: on, words: `WDATP is ${on ? 'on' : 'off'}` }];
}

function subscriptionsTouched(targets: readonly PlanTarget[], snapshot: Snapshot): string {
  return targets
    .map(({ id, name }) => `ALL ${snapshot.machines.filter(({ facts }) => facts.subscriptionId === id).length} MACHINES in ${name}`)
    .join('; ');
}

/** Why endpoint protection must not be on for a subscription yet: it would onboard machines that have no proven passive mode. */
function unprepared(subject: Subject, snapshot: Snapshot, now: number): LeftAlone | null {
  const unproven = withoutPassiveMode(subject.id, snapshot, now);
  if (unproven === 0) return null;
  const machines = unproven === 1 ? '1 machine in it that may be Windows has' : `${unproven} machines in it that may be Windows have`;
  const because = `${machines} no proven passive mode, and onboarding would give them two active antivirus engines`;
  return { code: 'phase-order', because };
}

/** Windows machines not onboarded yet whose passive key is not known to be 1. Facts alone decide. */
function withoutPassiveMode(subscriptionId: string, snapshot: Snapshot, now: number): number {
  return snapshot.machines.filter((machine) => {
    // What is not known to be Linux could be a Windows server, also when its version is not recognised.
    if (machine.facts.subscriptionId !== subscriptionId || machine.facts.os === 'linux') return false;
    const guest = evidenceFor(snapshot, 'guest', machine.id);
    if (guest.state === 'unread' || now - guest.observedAt > evidenceKinds.guest.maxAge) return true;
    return !guest.value.onboarded && guest.value.passiveKey !== 1;
  }).length;
}
