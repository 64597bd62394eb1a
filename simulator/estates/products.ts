import type { Guest } from './guest.ts';

type Product = Guest['thirdParty'][number];

const PRODUCTS = {
  crowdstrike: { windows: ['CrowdStrike', 'CSFalconService'], linux: ['CrowdStrike', 'falcon-sensor'] },
  trellix: { windows: ['Trellix', 'mfetp'], linux: ['Trellix', 'mfetpd'] },
  trend: { windows: ['Trend Micro', 'ds_agent'], linux: ['Trend Micro', 'ds_agent'] },
} as const;

export type ProductName = keyof typeof PRODUCTS;

/** A third-party product as a scan finds it running on a machine. */
export function product(name: ProductName, osType: string): Product {
  const [vendor, service] = PRODUCTS[name][osType === 'linux' ? 'linux' : 'windows'];
  return { vendor, service, state: 'Running' };
}
