import type { Random } from '../random.ts';
import type { MachineInput } from './build-machine.ts';
import { type Facts, isLinux } from './generated-facts.ts';
import type { Stage } from './generated-subscriptions.ts';
import type { GuestInput } from './guest.ts';
import { arc, defender, guest, outage, products, vm } from './trait-parts.ts';
import { TRAITS, type TraitName } from './traits.ts';
import { draw, type Weighted } from './weighted.ts';

type Wanted = TraitName | null;

/** What keeps an Arc machine or a virtual machine from Azure; one of them at most. */
const REACH: Record<Facts['kind'], Weighted<Wanted>> = {
  arc: [
    [null, 865],
    ['disconnected', 40],
    ['expired', 15],
    ['monitor', 20],
    ['blocked', 10],
    ['allowedDefenderOnly', 5],
    ['oldAgent', 30],
    ['connector', 15],
  ],
  vm: [
    [null, 940],
    ['deallocated', 40],
    ['silent', 12],
    ['sparse', 8],
  ],
};
/** Machines no extension has come to. */
const UNTOUCHED: readonly Wanted[] = ['disconnected', 'expired', 'monitor', 'blocked', 'silent', 'sparse', 'connector'];

const OUTCOMES: Record<Stage, Weighted<Wanted | 'failed'>> = {
  before: [[null, 1]],
  onboarding: [
    ['onboarded', 80],
    ['failed', 7],
    ['sensorSilent', 2],
    ['managedByIntune', 1],
    [null, 10],
  ],
  cutting: [
    ['cutOver', 55],
    ['onboarded', 30],
    ['keyForgotten', 2],
    ['failed', 5],
    [null, 8],
  ],
};
const WINDOWS_ONLY: readonly (Wanted | 'failed')[] = ['keyForgotten', 'sensorSilent', 'managedByIntune'];
const REBOOT_REASONS: NonNullable<GuestInput['rebootReasons']>[] = [['wu'], ['cbs'], ['pfro'], ['cbs', 'wu']];

/** What has become of the machine: how Azure reaches it, how far the move has come on it, and what stands in its way. */
export function withLife(machine: MachineInput, facts: Facts, random: Random, now: number): MachineInput {
  const reach = draw(REACH[facts.kind], random);
  const outcome = outcomeOf(facts, reach, random);
  const obstacles = outcome === null ? obstaclesOf(facts, random) : [];
  const traits = [outcome, ...obstacles, reach, random.next() < 0.03 ? ('shouting' as const) : null];
  const led = traits.reduce<MachineInput>((made, trait) => (trait ? TRAITS[trait](made, now) : made), withLuck(machine, facts, random));
  return reach === null ? withOutage(led, facts, random, now) : led;
}

function outcomeOf({ fleet, os, product }: Facts, reach: Wanted, random: Random): Wanted {
  const outcome = draw(OUTCOMES[fleet.stage], random);
  if (os === '2008r2' || os === 'blank' || UNTOUCHED.includes(reach)) return null;
  if (isLinux(os) && WINDOWS_ONLY.includes(outcome)) return 'onboarded';
  if (outcome !== 'failed') return outcome;
  if (isLinux(os)) return random.pick(product ? (['failed4', 'failed5', 'failed31'] as const) : (['failed4', 'failed31'] as const));
  return random.pick(
    os === '2012r2' || os === '2016' ? (['failed12', 'failed12', 'failed31'] as const) : (['failed4', 'failed31'] as const),
  );
}

function obstaclesOf({ os, app }: Facts, random: Random): Wanted[] {
  if (isLinux(os)) return [random.next() < 0.1 ? 'blockingDriver' : null];
  const old = os === '2012r2' || os === '2016';
  const hasFeature = old ? os === '2016' : os.startsWith('20') && os !== '2008r2';
  const feature: Weighted<Wanted> = [
    [null, 93],
    ['available', 5],
    ['removed', 2],
  ];
  return [
    hasFeature ? draw(feature, random) : null,
    old && random.next() < 0.15 ? 'noRollup' : null,
    os !== 'blank' && random.next() < 0.03 ? 'keySet' : null,
    os !== 'blank' && app !== 'dc' && random.next() < 0.005 ? 'keyDeletedByDomain' : null,
  ];
}

// What has nothing to do with Azure.
function withLuck(machine: MachineInput, { os, app, kind, ring, availabilitySet }: Facts, random: Random): MachineInput {
  let made = machine;
  if (random.next() < 0.05) made = guest(made, { rebootPending: true, rebootReasons: isLinux(os) ? [] : random.pick(REBOOT_REASONS) });
  if (random.next() < 0.2) made = products(made, { token: 'vendor-token' });
  // Whoever forgot the ring often forgot the rest as well.
  if (ring === null && random.next() < 0.4) made = { ...made, tags: {} };
  if (app === 'dc') made = guest(made, { roles: ['domain-controller'] });
  if (kind === 'arc' && os === '2012r2' && random.next() < 0.5) made = arc(made, { esu: 'Assigned' });
  return availabilitySet ? vm(made, { availabilitySet }) : made;
}

function withOutage(machine: MachineInput, { kind }: Facts, random: Random, now: number): MachineInput {
  const chance = random.next();
  const length = random.between(1, 10);
  const what = kind === 'vm' && random.next() < 0.3 ? 'power' : 'network';
  if (chance < 0.01) return outage(machine, now, -1, length, what);
  if (chance >= 0.04) return machine;
  const from = random.between(1, 96);
  return outage(machine, now, from, from + length, what);
}

/** How old the definitions of an onboarded machine are whose WSUS does not have them. */
export function withOldDefinitions(machine: MachineInput, random: Random): MachineInput {
  return machine.guest?.onboarded && machine.guest.defender ? defender(machine, { signatureAgeDays: random.between(20, 90) }) : machine;
}
