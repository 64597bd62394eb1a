import { secretVariable } from '../action-options.ts';
import { PACKAGES, readOnboardingPackage } from './onboarding-package.ts';
import type { ReaderClients } from './reader-clients.ts';
import type { SecretReader } from './secrets.ts';

/**
 * Secrets by where they are: `mde-onboarding/<subscription id>/Windows` from Defender for Cloud, `setting/<name>` from the environment. Throws
 * what the client throws.
 */
export function createSecretReader(clients: Pick<ReaderClients, 'get'>, environment: NodeJS.ProcessEnv): SecretReader {
  const kinds: Readonly<Record<string, (rest: readonly string[]) => Promise<string | null>>> = {
    async 'mde-onboarding'([subscriptionId = '', which]) {
      const known = PACKAGES.find((name) => name === which);
      return known === undefined ? null : readOnboardingPackage(clients, subscriptionId, known);
    },
    setting: async ([name = '']) => environment[secretVariable(name)] || null,
  };
  return async (ref) => {
    const [kind = '', ...rest] = ref.split('/');
    return Object.hasOwn(kinds, kind) ? ((await kinds[kind]?.(rest)) ?? null) : null;
  };
}
