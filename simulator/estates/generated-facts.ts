import type { Random } from '../random.ts';
import type { Fleet } from './generated-subscriptions.ts';
import type { MachineKind } from './machine.ts';
import type { OsName } from './operating-systems.ts';
import type { ProductName } from './products.ts';
import { draw, type Weighted } from './weighted.ts';

/** What a generated machine is, before anything happens to it. */
export interface Facts {
  name: string;
  kind: MachineKind;
  fleet: Fleet;
  app: string;
  resourceGroup: string;
  location: string;
  os: OsName;
  ring: string | null;
  owner: string | null;
  product: ProductName | null;
  availabilitySet: string | null;
}

/** Of the draws; with the second machines of pairs, which are virtual, 35 in 100 machines are on Arc. */
const ARC_SHARE = 0.37;
const PAIR_SHARE = 0.09;
const TWICE_SHARE = 0.002;
/** Machines of a fleet that share a resource group, about. */
const GROUP_SIZE = 150;

const SYSTEMS: Record<MachineKind, Weighted<OsName>> = {
  vm: [
    ['2012r2', 4],
    ['2016', 17],
    ['2019', 28],
    ['2022', 27],
    ['2025', 5],
    ['ubuntu', 11],
    ['rhel', 7],
    ['2008r2', 1],
  ],
  arc: [
    ['2012r2', 14],
    ['2016', 22],
    ['2019', 25],
    ['2022', 17],
    ['2025', 4],
    ['ubuntu', 8],
    ['rhel', 8],
    ['2008r2', 1],
    ['blank', 1],
  ],
};
const RINGS: Weighted<string | null> = [
  ['canary', 4],
  ['pilot', 16],
  ['broad', 72],
  [null, 8],
];
const APPS: Weighted<string> = [
  ['web', 24],
  ['app', 34],
  ['sql', 16],
  ['file', 12],
  ['core', 12],
  ['dc', 2],
];
const LOCATIONS: Record<MachineKind, Weighted<string>> = {
  vm: [
    ['westeurope', 7],
    ['northeurope', 2],
    ['germanywestcentral', 1],
  ],
  arc: [['northeurope', 1]],
};
/** Directories run on nothing else here. */
const DIRECTORY_SYSTEMS: OsName[] = ['2016', '2019', '2022', '2025'];

export function isLinux(os: OsName): boolean {
  return os === 'ubuntu' || os === 'rhel';
}

/** `size` machines; some virtual machines come in pairs, and now and then one bears a name that exists elsewhere. */
export function generatedFacts(size: number, fleets: Fleet[], random: Random): Facts[] {
  const made: Facts[] = [];
  const groups = Math.ceil(size / fleets.length / GROUP_SIZE);
  const choicesOf = (kind: MachineKind) => fleets.map((fleet) => [fleet, fleet.weights[kind]] as const);
  const choices = { vm: choicesOf('vm'), arc: choicesOf('arc') };
  while (made.length < size) {
    const number = made.length + 1;
    const one = sharesName(facts(number, groups, choices, random), made, random);
    const paired = one.kind === 'vm' && number < size && random.next() < PAIR_SHARE;
    const availabilitySet = paired ? `as-${one.app}-${number}` : null;
    made.push({ ...one, availabilitySet });
    if (paired) made.push({ ...one, availabilitySet, name: nameOf(one.os, one.app, number + 1) });
  }
  return made;
}

function facts(number: number, groups: number, choices: Record<MachineKind, Weighted<Fleet>>, random: Random): Facts {
  const kind = random.next() < ARC_SHARE ? 'arc' : 'vm';
  const fleet = draw(choices[kind], random);
  const drawn = draw(SYSTEMS[kind], random);
  const app = draw(APPS, random);
  const os = app === 'dc' && !DIRECTORY_SYSTEMS.includes(drawn) ? random.pick(DIRECTORY_SYSTEMS) : drawn;
  const group = random.between(1, groups);
  return {
    name: nameOf(os, app, number),
    kind,
    fleet,
    app,
    resourceGroup: `rg-${app}-${fleet.key}${group === 1 ? '' : `-${group}`}`,
    location: draw(LOCATIONS[kind], random),
    os,
    // Whatever its size, an estate has a machine of every ring.
    ring: RINGS[number - 1]?.[0] ?? draw(RINGS, random),
    owner: draw(fleet.owners, random),
    product: os === 'blank' ? null : draw(fleet.products, random),
    availabilitySet: null,
  };
}

function nameOf(os: OsName, app: string, number: number): string {
  return `${isLinux(os) ? 'lnx' : 'srv'}-${app}-${String(number).padStart(5, '0')}`;
}

// Another branch used the same name years ago; within a resource group Azure lets nobody do so.
function sharesName(one: Facts, made: Facts[], random: Random): Facts {
  if (made.length === 0 || random.next() >= TWICE_SHARE) return one;
  const other = random.pick(made);
  const may = isLinux(other.os) === isLinux(one.os) && other.resourceGroup !== one.resourceGroup;
  return may && made.every(({ name, resourceGroup }) => name !== other.name || resourceGroup !== one.resourceGroup)
    ? { ...one, name: other.name }
    : one;
}
