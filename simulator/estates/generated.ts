import { createRandom, type Random } from '../random.ts';
import { type MachineInput, plainMachine } from './build-machine.ts';
import { type Estate, parseEstate } from './estate.ts';
import type { OsName } from './operating-systems.ts';
import { SUBSCRIPTIONS, sampleFrame } from './sample-frame.ts';
import { TRAITS, type TraitName } from './traits.ts';

type Weighted<T> = [value: T, weight: number][];

const SYSTEMS: Weighted<OsName> = [
  ['2012r2', 8],
  ['2016', 18],
  ['2019', 26],
  ['2022', 24],
  ['2025', 5],
  ['ubuntu', 11],
  ['rhel', 7],
  ['2008r2', 1],
];
const RINGS: Weighted<string | null> = [
  ['canary', 4],
  ['pilot', 16],
  ['broad', 70],
  [null, 10],
];
const QUIRKS: Weighted<TraitName | null> = [
  [null, 80],
  ['reboot', 6],
  ['available', 4],
  ['removed', 2],
  ['keySet', 4],
  ['shouting', 4],
];
const ARC_QUIRKS: Weighted<TraitName | null> = [
  [null, 90],
  ['disconnected', 6],
  ['expired', 2],
  ['monitor', 2],
];
const VM_QUIRKS: Weighted<TraitName | null> = [
  [null, 95],
  ['deallocated', 4],
  ['silent', 1],
];

/** `size` machines in realistic proportions, the same for the same seed; subscriptions and policies are those of the sample. */
export function generatedEstate(size: number, seed: number, now: number): Estate {
  const random = createRandom(seed);
  const machines = Array.from({ length: size }, (_, index) => machine(index + 1, random, now));
  return parseEstate({ ...sampleFrame(now), name: `generated-${size}`, machines });
}

function machine(number: number, random: Random, now: number): MachineInput {
  const kind = random.next() < 0.35 ? 'arc' : 'vm';
  const subscription = kind === 'arc' ? 'branch' : random.next() < 0.75 ? 'prod' : 'nonprod';
  const os = draw(SYSTEMS, random);
  const linux = os === 'ubuntu' || os === 'rhel';
  const plain = plainMachine(
    {
      name: `${linux ? 'lnx' : 'srv'}-${String(number).padStart(5, '0')}`,
      kind,
      subscriptionId: SUBSCRIPTIONS[subscription],
      resourceGroup: `rg-${random.pick(['web', 'app', 'sql', 'file', 'core'])}-${subscription}`,
      location: kind === 'arc' ? 'northeurope' : 'westeurope',
      os,
      ring: draw(RINGS, random),
      owner: random.pick(['mette.lund@corp.example', 'priya.nair@corp.example', 'branch-it@corp.example']),
      product: random.next() < 0.92 ? 'crowdstrike' : null,
    },
    random,
    now,
  );
  const withoutFeature: OsName[] = ['2008r2', '2012r2', 'ubuntu', 'rhel'];
  const quirk = draw(QUIRKS, random);
  const needsFeature = quirk === 'available' || quirk === 'removed';
  const traits = [
    needsFeature && withoutFeature.includes(os) ? null : quirk,
    draw(kind === 'arc' ? ARC_QUIRKS : VM_QUIRKS, random),
    subscription === 'nonprod' && os !== '2008r2' && random.next() < 0.8 ? ('onboarded' as const) : null,
  ];
  return traits.reduce<MachineInput>((made, trait) => (trait ? TRAITS[trait](made, now) : made), plain);
}

function draw<T>(items: Weighted<T>, random: Random): T {
  const total = items.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random.next() * total;
  for (const [value, weight] of items) {
    left -= weight;
    if (left < 0) return value;
  }
  return items[0]![0];
}
