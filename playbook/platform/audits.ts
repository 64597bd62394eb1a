import type { Evidence } from '../../core/evidence.ts';
import type { ConfigurationFacts } from '../../core/facts/updates.ts';
import type { Instant } from '../../core/instant.ts';

/**
 * Machine configuration assignments by name. There is no built-in one for the passive key: whoever writes a package for it calls it after the value.
 * (Built-in names: Azure Policy, Guest Configuration; the letter case of the second is UNVERIFIED.)
 */
export const AUDITS = {
  passiveKey: /ForceDefenderPassiveMode/i,
  realTimeProtection: /^WindowsDefenderRealTimeProtection/i,
  thirdParty: /^NotInstalledApplicationFor(Windows|Linux)/i,
} as const;

/** The name of an audit that found the opposite after `since`; null when none did. What it could not check proves nothing. */
export function contradictedBy(configuration: Evidence<ConfigurationFacts>, audit: RegExp, since: Instant): string | null {
  if (configuration.state === 'unread') return null;
  const against = configuration.value.assignments.find(
    ({ name, state, checkedAt }) => audit.test(name) && /^non-?compliant$/i.test(state) && checkedAt !== null && checkedAt > since,
  );
  return against?.name ?? null;
}
