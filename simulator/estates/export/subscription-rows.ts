import type { EstateInput } from '../estate.ts';
import { type ExportedRow, instantOf, isTrue, listAt, textAt, textOf } from './row.ts';

type SubscriptionInput = EstateInput['subscriptions'][number];
type PlanInput = NonNullable<SubscriptionInput['plan']>;

/** The servers' plan of a subscription from its pricing row. */
function planOf(row: ExportedRow): PlanInput {
  const subPlan = textAt(row, 'subPlan');
  return {
    tier: textAt(row, 'pricingTier') === 'Standard' ? 'Standard' : 'Free',
    subPlan: subPlan === 'P1' || subPlan === 'P2' ? subPlan : null,
    enabledAt: instantOf(textAt(row, 'enablementTime')),
    enforce: isTrue(textAt(row, 'enforce')),
    extensions: listAt(row, 'extensions').map(({ name, isEnabled }) => ({ name: textOf(name), isEnabled: isTrue(isEnabled) })),
  };
}

/**
 * The subscriptions of an export. Resource Graph does not show the endpoint protection settings: a subscription with a Standard plan
 * gets what enabling such a plan gives it, everything on.
 */
export function subscriptionsFromRows(
  ids: Iterable<string>,
  containers: readonly ExportedRow[],
  pricings: readonly ExportedRow[],
): SubscriptionInput[] {
  const own = (rows: readonly ExportedRow[], id: string) => rows.filter((row) => row.id.toLowerCase().split('/')[2] === id.toLowerCase());
  return [...ids].map((id) => {
    const [container] = own(containers, id);
    const [pricing] = own(pricings, id);
    const plan = pricing && planOf(pricing);
    const on = plan?.tier === 'Standard';
    return { id, name: container?.name ?? id, ...(plan ? { plan } : {}), settings: { WDATP: on, WDATP_UNIFIED_SOLUTION: on } };
  });
}
