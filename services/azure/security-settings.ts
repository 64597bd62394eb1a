import type { SecurityCenter } from '@azure/arm-security';
import { z } from 'zod';
import type { SecuritySettings } from '../../core/facts/defender.ts';
import { Incomplete } from './incomplete.ts';
import { requireList } from './list-answer.ts';

const MOST_PAGES = 50;

const settingSchema = z.object({ name: z.string(), enabled: z.boolean().optional() });

/**
 * The integration settings of one subscription. Throws what the SDK throws, and a ZodError for an answer that is not a list.
 * The unified solution is listed under either of two names; the Linux setting is an exclusion, so it is turned round.
 */
export async function readSecuritySettings(client: SecurityCenter): Promise<SecuritySettings> {
  const enabled = new Map<string, boolean>();
  const list = client.settings.list({ onResponse: requireList });
  let pages = 0;
  for await (const page of list.byPage()) {
    pages += 1;
    for (const item of z.array(settingSchema).parse(page)) {
      if (item.enabled !== undefined) enabled.set(item.name.toUpperCase(), item.enabled);
    }
    if (pages > MOST_PAGES) throw new Incomplete('Defender for Cloud did not come to an end');
  }
  const excludesLinux = enabled.get('WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW');
  return {
    endpointProtection: enabled.get('WDATP') ?? null,
    unifiedSolution: enabled.get('WDATP_UNIFIED_SOLUTION') ?? enabled.get('WDATP_VNEXT') ?? null,
    includesLinux: excludesLinux === undefined ? null : !excludesLinux,
  };
}
