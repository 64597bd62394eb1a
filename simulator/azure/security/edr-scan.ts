import type { Estate, Subscription } from '../../estates/estate.ts';
import type { Machine } from '../../estates/machine.ts';
import { effectivePlan, hasExtension, planOf } from './plans.ts';

/** What an agentless scan of a machine's disk found; times are virtual ms. */
export interface EdrScan {
  at: number;
  /** The EDR solution, null when there is none that is known. */
  solution: string | null;
  /** What is wrong with Defender for Endpoint; null = it is not the solution. */
  issues: string[] | null;
}

/** The solutions agentless scanning knows, by how the vendors are called. */
const KNOWN: readonly [pattern: RegExp, solution: string][] = [
  [/crowdstrike/i, 'CrowdStrike Falcon'],
  [/trellix|mcafee|fireeye/i, 'Trellix'],
  [/symantec|broadcom/i, 'Symantec'],
  [/sophos/i, 'Sophos'],
  [/sentinel ?one/i, 'SentinelOne'],
  [/cortex|palo ?alto/i, 'Cortex XDR'],
];
const DEFENDER = 'Microsoft Defender for Endpoint';
const OLD_SIGNATURES_DAYS = 7;

/** Whether agentless scanning reaches the machine: an Azure VM under plan 2 of the servers' plan, or under the posture plan. */
export function isScanned(estate: Estate, subscription: Subscription, machine: Machine): boolean {
  if (machine.kind !== 'vm' || machine.os.type === '') return false;
  if (hasExtension(planOf(subscription, 'CloudPosture'), 'AgentlessVmScanning')) return true;
  return effectivePlan(estate, subscription, machine).subPlan === 'P2' && hasExtension(subscription.plan, 'AgentlessVmScanning');
}

/** Reads the disk as it is at `at`: products that are installed, whether they run or not. */
export function scan({ guest }: Machine, at: number): EdrScan {
  if (guest.onboarded) return { at, solution: DEFENDER, issues: issuesOf(guest) };
  const names = guest.thirdParty.map(({ vendor }) => KNOWN.find(([pattern]) => pattern.test(vendor))?.[1]);
  return { at, solution: names.find((name) => name !== undefined) ?? null, issues: null };
}

function issuesOf({ defender, mdatp }: Machine['guest']): string[] {
  const realTime = defender?.realTimeProtection ?? mdatp?.realTimeProtection ?? false;
  const old = (defender?.signatureAgeDays ?? 0) > OLD_SIGNATURES_DAYS || (mdatp !== null && mdatp.definitions !== 'up_to_date');
  return [...(realTime ? [] : ['Anti-virus is off or partially configured']), ...(old ? ['Signatures are out of date'] : [])];
}
