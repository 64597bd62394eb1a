import type { Verdict } from '../../../core/finding.ts';
import { KNOWN_UPDATES } from '../../../simulator/estates/updates-catalogue.ts';
import type { Json } from '../../simulator/started-outside.ts';

/** What may be said of one step of one subject, judged by the truth of the estate alone. More than one where Azure cannot show it, or not yet. */
export type Expected = readonly Verdict[];

/** The truth as `GET /_estate` tells it. */
export interface Truth {
  /** Virtual ms. */
  readonly now: number;
  readonly subscriptions: readonly Json[];
  readonly assignments: readonly Json[];
  readonly policySets: readonly Json[];
  readonly machines: readonly Json[];
}

const READY: Expected = ['ready'];
const NOT_READY: Expected = ['not-ready'];
const UNKNOWN: Expected = ['unknown'];
const NOT_APPLICABLE: Expected = ['not-applicable'];

const is = (truth: boolean): Expected => (truth ? READY : NOT_READY);
/** What is true may be said, and so may that it is not known. */
const perhaps = (truth: boolean): Expected => [...is(truth), 'unknown'];

type Judge = (machine: Json, truth: Truth) => Expected;

/** The system a machine is known to run: from Azure, as far as Azure knows. */
export type Known = '2012-r2' | '2016' | '2019' | '2022' | '2025' | 'linux' | 'unsupported' | null;

export function knownSystem(machine: Json): Known {
  const { os, sparse } = machine;
  // Azure knows hardly a property of it.
  if (sparse) return null;
  if (os.type === 'linux') return 'linux';
  if (os.type === '' && os.name === '') return null;
  const year = /20\d\d/.exec(os.name)?.[0];
  if (year === '2012') return /R2/i.test(os.name) ? '2012-r2' : 'unsupported';
  return year === '2016' || year === '2019' || year === '2022' || year === '2025' ? year : 'unsupported';
}

/** Can a script of ours look into it now? An older look may still be fresh enough, so this bars only what was never looked into. */
export function canBeProbed(machine: Json): boolean {
  const { vm, arc, guest } = machine;
  if (!guest.online || guest.agent !== 'Running') return false;
  if (vm) return vm.power === 'running' && !/2003|2008|2012/.test(machine.os.name);
  const [major = 0, minor = 0] = String(arc.agentVersion).split('.').map(Number);
  const barred = (list: Json[]) => list.some(({ type }) => /^runcommandhandler/i.test(type));
  const lets = !barred(arc.blockList) && (arc.allowList.length === 0 || barred(arc.allowList));
  return arc.status === 'Connected' && arc.configMode === 'full' && arc.extensionsEnabled && lets && (major > 1 || minor >= 33);
}

/** By what is inside the machine: known where it was looked into, unknown elsewhere. */
const inside =
  (judge: Judge): Judge =>
  (machine, truth) =>
    canBeProbed(machine) ? judge(machine, truth) : UNKNOWN;

/** Where a step applies, what is said of others is fixed. */
function within(systems: readonly Exclude<Known, 'unsupported' | null>[], judge: Judge): Judge {
  return (machine, truth) => {
    const system = knownSystem(machine);
    if (system === null) return UNKNOWN;
    if (system === 'unsupported') return NOT_READY;
    return systems.includes(system) ? judge(machine, truth) : NOT_APPLICABLE;
  };
}

const WINDOWS = ['2012-r2', '2016', '2019', '2022', '2025'] as const;
const WITH_FEATURE = ['2016', '2019', '2022', '2025'] as const;
const ALL = [...WINDOWS, 'linux'] as const;

/** Is something missing that was published by `now`, and that whoever serves the machine with updates could have? */
function lacks({ guest, arc }: Json, now: number, test: (update: Json) => boolean): boolean {
  return guest.updates.missing.some((entry: Json | string) => {
    const update: Json =
      typeof entry === 'string'
        ? (KNOWN_UPDATES.get(entry) ?? { kb: entry, product: 'os', publishedAt: '2026-01-13T18:00:00.000Z' })
        : entry;
    const after = arc?.esu === 'NotAssigned' && Date.parse(update['publishedAt']) > Date.parse('2023-10-11');
    // Nobody is offered updates of what is not installed.
    const absent =
      (update['product'] === 'defender' && guest.defender?.feature !== 'Installed') ||
      (update['product'] === 'sensor' && guest.sensor.service === 'Absent');
    return !absent && Date.parse(update['publishedAt']) <= now && !(update['product'] === 'os' && after) && test(update);
  });
}
const wantsDefinitions = ({ guest }: Json): boolean => guest.defender?.feature === 'Installed' && guest.defender.signatureAgeDays > 0;
const rebootNoted = ({ guest }: Json): boolean => guest.rebootPending || guest.rebootReasons.length > 0;
const active = ({ guest }: Json): boolean =>
  guest.mdatp
    ? !guest.mdatp.passiveMode && guest.mdatp.realTimeProtection
    : guest.defender?.mode === 'Normal' && guest.defender.realTimeProtection;
const traces = ({ guest }: Json): boolean => guest.thirdParty.length > 0;
const extensionOf = ({ extensions }: Json): Json | undefined => extensions.find(({ type }: Json) => type.startsWith('MDE.'));

/** By the estate's truth, one row a machine step; what is not here is judged elsewhere or by people. */
export const machineSteps: Readonly<Record<string, Judge>> = {
  'arc-connected': (machine) => (machine.kind === 'arc' ? arcConnected(machine) : NOT_APPLICABLE),
  'arc-connected-for-onboarding': (machine) => (machine.kind === 'arc' ? letsDefenderIn(machine) : NOT_APPLICABLE),
  'passive-mode-set': within(
    WINDOWS,
    inside((machine) => is(machine.guest.passiveKey === 1 || isPast(machine))),
  ),
  'wsus-serves-defender': within(WINDOWS, inside(servesDefender)),
  'defender-feature-installed': within(
    WITH_FEATURE,
    inside(({ guest, os }) =>
      is(guest.defender?.feature === 'Installed' && !(/2016/.test(os.name) && guest.defender.disabledByPolicy && !guest.onboarded)),
    ),
  ),
  'updates-current': within(WITH_FEATURE, (machine, { now }) =>
    wantsDefinitions(machine) ? ['ready', 'not-ready', 'unknown'] : perhaps(!lacks(machine, now, () => true)),
  ),
  'rollup-current': within(['2012-r2'], (machine, { now }) => perhaps(!lacks(machine, now, ({ product }) => product === 'os'))),
  'reboot-not-pending': within(
    WINDOWS,
    inside((machine) => is(!rebootNoted(machine))),
  ),
  'defender-extension-healthy': within(ALL, (machine) => is(extensionOf(machine)?.['state'] === 'Succeeded')),
  'passive-mode-cleared': within(ALL, inside(passiveCleared)),
  'third-party-removed': within(
    ALL,
    inside((machine) => (traces(machine) ? NOT_READY : perhaps(true))),
  ),
  'antivirus-active': within(ALL, inside(activeNow)),
  'in-security-portal': within(ALL, (machine) => perhaps(machine.guest.onboarded && machine.guest.sensor.health === 'Active')),
  'managed-by-defender': within(ALL, ({ guest }) =>
    perhaps(guest.sensor.managedBy === 'MicrosoftDefenderForEndpoint' && guest.sensor.managedByStatus === 'Success'),
  ),
};

function arcConnected({ arc, os, sparse }: Json): Expected {
  const good = is(arc.status === 'Connected' && arc.configMode === 'full');
  if (sparse || (os.type === '' && os.name === '')) return UNKNOWN;
  return /2003|2008/.test(os.name) ? NOT_READY : good;
}

/** Its agent has to let the extension in, too. */
function letsDefenderIn(machine: Json): Expected {
  const connected = arcConnected(machine);
  const { blockList, allowList, extensionsEnabled } = machine['arc'];
  const own = machine['os'].type === 'linux' ? 'mde.linux' : 'mde.windows';
  const names = (list: Json[]) => list.some(({ type }) => String(type).toLowerCase() === own);
  const barred = names(blockList) || (allowList.length > 0 && !names(allowList)) || !extensionsEnabled;
  return connected === READY && barred ? NOT_READY : connected;
}

/** Moved over already: the key has nothing to keep passive. */
function isPast(machine: Json): boolean {
  return active(machine) && machine['guest'].onboarded && !machine['guest'].thirdParty.some(({ state }: Json) => state === 'Running');
}

/** A client of a WSUS is judged by the server's own settings where that server was looked into, and is unknown elsewhere. */
function servesDefender({ guest, os }: Json): Expected {
  const { wsus } = guest.updates;
  if (!wsus) return READY;
  const needsSensor = /2012 R2|2016/.test(os.name);
  return perhaps(wsus.offersDefender && (!needsSensor || wsus.offersSensor));
}

function passiveCleared({ guest, os }: Json): Expected {
  if (os.type !== 'linux') return is(guest.passiveKey !== 1);
  return guest.mdatp ? is(!guest.mdatp.passiveMode) : NOT_READY;
}

/** Hunting may still show the mode of yesterday: then it is not known, and never the other way round. */
function activeNow(machine: Json): Expected {
  return perhaps(active(machine) && machine.guest.onboarded);
}

const INTEGRATION = ['77b391e3-2d5d-40c3-83bf-65c846b3c6a3', 'da56d295-2889-41ce-a4cd-6f50fb93aa68'];
const AGENTS = [
  'e20d08c5-6d64-656d-6465-ce9e37fd0ebc',
  '1ec9c2c2-6d64-656d-6465-3ec3309b8579',
  'd30025d0-6d64-656d-6465-67688881b632',
  '37c043a6-6d64-656d-6465-b362dfeb354a',
  '4eb909e7-6d64-656d-6465-2eeb297a1625',
];

/** By the estate's truth, one row a subscription step. */
export const subscriptionSteps: Readonly<Record<string, (subscription: Json, truth: Truth) => Expected>> = {
  'endpoint-protection-off': (subscription, truth) => {
    const pushed = subscription['settings'].WDATP && subscription['plan'].tier === 'Standard';
    return is(!pushed && acting(subscription, truth, [...INTEGRATION, ...AGENTS]).length === 0);
  },
  'endpoint-protection-on': (subscription, truth) => {
    if (subscription['plan'].tier !== 'Standard') return NOT_READY;
    const wide = subscription['settings'].WDATP && !subscription['settings'].WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW;
    // An initiative that reaches only some kinds of machines, or a resource group, may count or not.
    return acting(subscription, truth, AGENTS).length > 0 ? ['ready', 'not-ready'] : is(wide);
  },
};

/** Enforced assignments that reach the subscription as a whole or in part and hold one of these definitions. */
function acting(subscription: Json, { assignments, policySets }: Truth, wanted: readonly string[]): readonly Json[] {
  const path = `/subscriptions/${subscription['id']}`.toLowerCase();
  const holds = (id: string) => wanted.some((name) => id.toLowerCase().endsWith(name));
  return assignments.filter((assignment) => {
    const scope = String(assignment['scope']).toLowerCase();
    const reaches = scope.includes('/managementgroups/') || scope === path || scope.startsWith(`${path}/`);
    const excluded = (assignment['notScopes'] ?? []).some((out: string) => out.toLowerCase() === path);
    const own = policySets.find((set) =>
      String(assignment['policyDefinitionId'])
        .toLowerCase()
        .endsWith(`/policysetdefinitions/${String(set['name']).toLowerCase()}`),
    );
    const inside = own?.['policyDefinitions'].some(({ definitionId }: Json) => holds(definitionId)) ?? false;
    return reaches && !excluded && assignment['enforcementMode'] !== 'DoNotEnforce' && (inside || holds(assignment['policyDefinitionId']));
  });
}
