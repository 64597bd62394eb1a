import { createRandom, seedOf } from '../random.ts';
import type { EstateInput } from './estate.ts';
import { PRODUCT_NAMES, type ProductName } from './products.ts';
import { sampleFrame } from './sample-frame.ts';
import type { Weighted } from './weighted.ts';

const DAY = 86_400_000;
const LARGEST = 20;
/** Up to here an estate keeps to the subscriptions of the sample. */
const SMALL = 400;
const WHOLE = 100_000;

/** How far the move to Defender has come in a subscription. */
export type Stage = 'before' | 'onboarding' | 'cutting';

/** A subscription of a generated estate and what its machines have in common. */
export interface Fleet {
  id: string;
  /** What its resource groups are called after. */
  key: string;
  stage: Stage;
  weights: { vm: number; arc: number };
  products: Weighted<ProductName | null>;
  owners: Weighted<string | null>;
}

type SubscriptionInput = EstateInput['subscriptions'][number];
type Wanted = [name: string, where: 'azure' | 'branch', stage: Stage, subPlan: 'P1' | 'P2' | null, weight: number];

/** The first three are those of the sample; the others come with size, in this order. */
const WANTED: Wanted[] = [
  ['corp-prod', 'azure', 'before', 'P2', 9],
  ['corp-nonprod', 'azure', 'onboarding', 'P1', 3],
  ['branch-arc', 'branch', 'before', 'P2', 6],
  ['corp-data', 'azure', 'before', 'P2', 3],
  ['branch-north', 'branch', 'before', 'P2', 3],
  ['corp-shop', 'azure', 'onboarding', 'P2', 2],
  ['corp-finance', 'azure', 'before', null, 2],
  ['corp-intranet', 'azure', 'cutting', 'P2', 2],
  ['branch-south', 'branch', 'onboarding', 'P1', 3],
  ['corp-sap', 'azure', 'before', 'P2', 2],
  ['corp-lab', 'azure', 'before', null, 1],
  ['branch-plants', 'branch', 'before', 'P2', 3],
  ['corp-test', 'azure', 'onboarding', 'P1', 1],
  ['corp-media', 'azure', 'before', 'P2', 1],
  ['branch-stores', 'branch', 'cutting', 'P2', 3],
  ['corp-archive', 'azure', 'before', null, 1],
  ['corp-partners', 'azure', 'before', 'P1', 1],
  ['branch-ships', 'branch', 'before', 'P1', 1],
  ['corp-dev', 'azure', 'onboarding', 'P1', 2],
  ['corp-hr', 'azure', 'cutting', 'P2', 1],
];

/** The subscriptions of an estate of `size` machines with the policies above them, the same for every seed, and the fleets in them. */
export function generatedSubscriptions(size: number, now: number): { frame: Omit<EstateInput, 'machines'>; fleets: Fleet[] } {
  const sample = sampleFrame(now);
  const more = WANTED.slice(sample.subscriptions.length, countFor(size)).map((wanted) => subscription(wanted, now));
  const subscriptions = [...sample.subscriptions, ...more];
  // What switches endpoint protection on again spares whoever keeps it off.
  const off = more.filter(({ settings }) => !settings?.WDATP).map(({ id }) => `/subscriptions/${id}`);
  const assignments = (sample.assignments ?? []).map((assignment) =>
    assignment.name === 'mde-settings' ? { ...assignment, notScopes: [...(assignment.notScopes ?? []), ...off] } : assignment,
  );
  const fleets = subscriptions.map(({ id }, index) => fleet(id, WANTED[index]!));
  return { frame: { ...sample, name: `generated-${size}`, subscriptions, assignments }, fleets };
}

function countFor(size: number): number {
  if (size <= SMALL) return 3;
  return 3 + Math.ceil((LARGEST - 3) * Math.sqrt((size - SMALL) / (WHOLE - SMALL)));
}

function subscription([name, , stage, subPlan]: Wanted, now: number): SubscriptionInput {
  const random = createRandom(seedOf(name));
  const on = stage !== 'before';
  const enabledAt = new Date(now - random.between(5, 200) * DAY).toISOString();
  const extensions = subPlan === 'P2' ? [{ name: 'AgentlessVmScanning', isEnabled: random.next() < 0.7 }] : [];
  return {
    id: random.guid(),
    name,
    plan: subPlan ? { tier: 'Standard', subPlan, enabledAt, extensions } : {},
    settings: { MCAS: subPlan !== null, WDATP: on, WDATP_UNIFIED_SOLUTION: on, WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW: random.next() < 0.3 },
  };
}

function fleet(id: string, [name, where, stage, , weight]: Wanted): Fleet {
  const random = createRandom(seedOf(`${name}|fleet`));
  const [main, second] = name === 'corp-prod' ? (['crowdstrike', 'trellix'] as const) : random.shuffle(PRODUCT_NAMES);
  const people = ['mette.lund', 'priya.nair', `${name}-owners`, `${name}-night`].map((person) => `${person}@corp.example`);
  return {
    id,
    key: name.replace(/^corp-|-arc$/, ''),
    stage,
    weights: where === 'azure' ? { vm: weight, arc: weight / 30 } : { vm: 0, arc: weight },
    products: [
      [main ?? null, 84],
      [second ?? null, 10],
      [null, 6],
    ],
    owners: [...random.shuffle(people).map((person, index) => [person, 40 / (index + 1)] as const), [null, 9]],
  };
}
