import { z } from 'zod';
import type { ReaderClients } from './reader-clients.ts';

/** Defender for Cloud's onboarding packages are read with this API version; there is no newer one. */
const API = '2021-10-01-preview';

/** The packages: one for Windows servers and one for Linux. */
export const PACKAGES = ['Windows', 'Linux'] as const;
export type PackageFor = (typeof PACKAGES)[number];

const schema = z.object({
  properties: z.object({ onboardingPackageWindows: z.string().nullish(), onboardingPackageLinux: z.string().nullish() }),
});

/** The onboarding package of a subscription, base64: a secret. Null when Defender for Cloud has none. Throws what the client throws. */
export async function readOnboardingPackage(
  clients: Pick<ReaderClients, 'get'>,
  subscriptionId: string,
  which: PackageFor,
): Promise<string | null> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Security/mdeOnboardings/${which}`;
  const { properties } = schema.parse(await clients.get(path, { 'api-version': API }));
  return (which === 'Windows' ? properties.onboardingPackageWindows : properties.onboardingPackageLinux) || null;
}
