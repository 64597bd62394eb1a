/** How far an action reaches: it only reads, it can be taken back, or it cannot. */
export const actionClasses = ['read-only', 'reversible', 'irreversible'] as const;
export type ActionClass = (typeof actionClasses)[number];

/** What a class of actions asks of those who sign. */
export interface SigningPolicy {
  /** Distinct approvers that must agree; at least 1, for the irreversible class at least 2. */
  readonly quorum: number;
  /** Distinct roles among them; for the irreversible class at least 2. */
  readonly distinctRoles: number;
  /** True: an approval counts only with the number of targets typed by hand. Always so for the irreversible class. */
  readonly typeCount: boolean;
  /** True: for every owner tag among the machines one of its owners signs as well; machines whose owner is not known stay out. */
  readonly ownersSign: boolean;
  /** From the request to its expiry; 1 to 72. Hours. */
  readonly expiryHours: number;
  /** True: it runs only inside a change window of the migration file. */
  readonly inWindow: boolean;
  /** True: a request names the ticket it belongs to. */
  readonly ticketNeeded: boolean;
}
