import type { Instant } from '../instant.ts';

/** The last patch assessment of a machine. It lists what the update service offers: a WSUS that never offers a product leaves it out. */
export type UpdateFacts =
  | { readonly assessed: false }
  | {
      readonly assessed: true;
      readonly assessedAt: Instant;
      /** `WU`, `WU-WSUS`, `MU`, a package manager's name, or empty when it does not say. */
      readonly service: string;
      readonly rebootPending: boolean;
      /** Why the assessment itself went wrong; empty when it did not. */
      readonly error: string;
      /** On Windows what has a KB number (`kb` is `KB5005292`); of Linux packages only Defender's own (`mdatp`), whose `kb` is empty. */
      readonly pending: readonly { readonly kb: string; readonly name: string; readonly classification: string }[];
    };

/** Did a WSUS answer the assessment? */
export function isWsus(service: string): boolean {
  return /wsus/i.test(service);
}

/** Machine configuration (guest configuration) assignments of a machine. */
export interface ConfigurationFacts {
  readonly assignments: readonly {
    readonly name: string;
    /** `Compliant`, `NonCompliant`, `Pending`. */
    readonly state: string;
    readonly checkedAt: Instant | null;
    readonly reasons: readonly string[];
  }[];
}

/** Maintenance configurations that a machine is assigned to. */
export interface MaintenanceFacts {
  readonly configurations: readonly {
    readonly id: string;
    readonly name: string;
    /** As Azure keeps it: `2026-03-10 22:00`, in `timeZone`. */
    readonly startsAt: string;
    readonly recurs: string;
    /** `03:00`. */
    readonly duration: string;
    readonly timeZone: string;
    readonly reboot: string;
  }[];
}
