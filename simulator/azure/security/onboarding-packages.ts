import { createRandom, seedOf } from '../../random.ts';
import type { Store } from '../state.ts';

export interface OnboardingResource {
  id: string;
  name: string;
  type: string;
  properties: { onboardingPackageWindows?: string; onboardingPackageLinux?: string };
}

/** The packages that onboard machines to the tenant's Defender for Endpoint. They are secrets: whoever has one can onboard. */
export interface OnboardingPackages {
  /** By the names Windows, Linux and default (both), in any letter case. */
  find(subscriptionId: string, name: string): OnboardingResource | undefined;
  list(subscriptionId: string): OnboardingResource[];
}

const PACKAGES = {
  Windows: ['onboardingPackageWindows'],
  Linux: ['onboardingPackageLinux'],
  default: ['onboardingPackageWindows', 'onboardingPackageLinux'],
} as const;

export function createOnboardingPackages(store: Store, seed: number): OnboardingPackages {
  const { tenantId } = store.state.estate;
  const random = createRandom(seed ^ seedOf(`onboarding|${tenantId.toLowerCase()}`));
  const organisation = random.guid();
  const signature = Array.from({ length: 8 }, () => random.guid())
    .join('')
    .replaceAll('-', '');
  function scriptsOf(edition: number) {
    const body = JSON.stringify({ orgId: organisation, previousOrgIds: [], version: `1.${edition + 2}` });
    const info = JSON.stringify({ body, sig: signature });
    return {
      onboardingPackageWindows: `@echo off\nREG add "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Advanced Threat Protection" /v OnboardingInfo /t REG_SZ /f /d ${JSON.stringify(info)}\nnet start sense\n`,
      onboardingPackageLinux: `#!/usr/bin/env python3\nopen('/etc/opt/microsoft/mdatp/mdatp_onboard.json', 'w').write(${JSON.stringify(info)})\n`,
    };
  }
  function resource(subscriptionId: string, name: keyof typeof PACKAGES): OnboardingResource {
    const scripts = scriptsOf(store.subscription(subscriptionId)?.onboardingEdition ?? 1);
    const properties = Object.fromEntries(PACKAGES[name].map((key) => [key, Buffer.from(scripts[key]).toString('base64')]));
    const id = `/subscriptions/${subscriptionId}/providers/Microsoft.Security/mdeOnboardings/${name}`;
    return { id, name, type: 'Microsoft.Security/mdeOnboardings', properties };
  }
  return {
    find(subscriptionId, asked) {
      const name = Object.keys(PACKAGES).find((candidate) => candidate.toLowerCase() === asked.toLowerCase());
      return name === undefined ? undefined : resource(subscriptionId, name as keyof typeof PACKAGES);
    },
    list: (subscriptionId) => [resource(subscriptionId, 'default')],
  };
}
