/** A token bucket: how much it holds and how fast it fills again. */
export interface BucketRule {
  size: number;
  perMinute: number;
}

/** Whether the documented limits are enforced, and the one nobody has documented. */
export interface LimitOptions {
  mode: 'documented' | 'off';
  /** Writes to Arc machines a subscription may take in a minute. */
  arcWritesPerMinute: number;
}

export const DOCUMENTED_LIMITS: LimitOptions = { mode: 'documented', arcWritesPerMinute: 60 };

export type RequestKind = 'reads' | 'writes' | 'deletes';

/** Resource Manager's own, per subscription (or tenant), identity and kind of request. Source: aka.ms/arm-throttling. */
export const ARM_BUCKETS: Readonly<Record<RequestKind, BucketRule>> = {
  reads: { size: 250, perMinute: 25 * 60 },
  writes: { size: 200, perMinute: 10 * 60 },
  deletes: { size: 200, perMinute: 10 * 60 },
};

/** All identities of a subscription together may have this many times as much. */
export const GLOBAL_FACTOR = 15;

export function kindOf(method: string): RequestKind {
  if (method === 'DELETE') return 'deletes';
  return method === 'GET' || method === 'HEAD' ? 'reads' : 'writes';
}

/** What a resource provider counts by itself, on top of Resource Manager. */
export interface ProviderBudget {
  provider: 'Microsoft.Compute' | 'Microsoft.HybridCompute';
  policy: string;
  /** Operations it counts. */
  operations: RegExp;
  /** For each machine. */
  resource?: BucketRule;
  /** For each subscription and region. */
  subscription?: BucketRule;
}

/** Source of Compute's: "Compute throttling limits" on learn.microsoft.com. Arc's are not documented. */
export function providerBudgets({ arcWritesPerMinute }: LimitOptions): readonly ProviderBudget[] {
  return [
    {
      provider: 'Microsoft.Compute',
      policy: 'GuestPatch',
      operations: /^microsoft\.compute\/virtualmachines\/(assess|install)patches\/action$/i,
      resource: { size: 6, perMinute: 2 },
      subscription: { size: 600, perMinute: 200 },
    },
    {
      provider: 'Microsoft.Compute',
      policy: 'UpdateVM',
      operations: /^microsoft\.compute\/virtualmachines\/(.*\/)?(write|delete|action)$/i,
      resource: { size: 12, perMinute: 4 },
      subscription: { size: 1_500, perMinute: 500 },
    },
    {
      provider: 'Microsoft.Compute',
      policy: 'LowCostGet',
      operations: /^microsoft\.compute\/virtualmachines\/(.*\/)?read$/i,
      resource: { size: 36, perMinute: 12 },
      subscription: { size: 24_000, perMinute: 8_000 },
    },
    {
      provider: 'Microsoft.HybridCompute',
      policy: 'MachineWrites',
      operations: /^microsoft\.hybridcompute\/machines\/(.*\/)?(write|delete|action)$/i,
      subscription: { size: arcWritesPerMinute, perMinute: arcWritesPerMinute },
    },
  ];
}
