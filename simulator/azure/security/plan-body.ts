import { z } from 'zod';
import type { Plan, PlanExtension } from '../../estates/plans.ts';
import { ArmError } from '../arm-error.ts';
import { PLAN_OFFERS } from './plans.ts';

// Switches are texts here, and a boolean is refused.
const flag = z.enum(['True', 'False']).transform((text) => text === 'True');
const schema = z.object({
  properties: z.object({
    pricingTier: z.enum(['Free', 'Standard']),
    subPlan: z.string().optional(),
    enforce: flag.optional(),
    extensions: z
      .array(
        z.object({
          name: z.string(),
          isEnabled: flag,
          additionalExtensionProperties: z.record(z.string(), z.unknown()).nullish(),
        }),
      )
      .optional(),
  }),
});
export type WrittenPlan = z.infer<typeof schema>['properties'];

const bad = (message: string) => new ArmError(400, 'BadRequest', message);

/** The body of a plan; throws Azure's 400. */
export function readPlan(body: unknown): WrittenPlan {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data.properties;
  const issue = parsed.error.issues[0];
  throw new ArmError(400, 'InvalidRequestContent', `The request content was invalid at '${issue?.path.join('.')}': ${issue?.message}.`);
}

/** The plan a subscription gets; `rolesAllowed` = the caller may give the plan's own identities their roles, as some extensions need. */
export function writtenPlan(name: string, before: Plan, written: WrittenPlan, at: string, rolesAllowed: boolean): Plan {
  const { pricingTier: tier, enforce = before.enforce } = written;
  const offer = PLAN_OFFERS[name];
  if (tier === 'Free') {
    if (written.subPlan) throw bad(`The plan '${name}' has no sub-plan in the pricing tier 'Free'.`);
    return { tier, subPlan: null, enabledAt: before.enabledAt, enforce, extensions: [] };
  }
  if (offer?.deprecated) throw bad(`The plan '${name}' is deprecated. Enable the plan 'Containers' instead.`);
  const subPlan = written.subPlan ?? (before.tier === 'Standard' ? before.subPlan : null) ?? offer?.subPlans?.[0] ?? null;
  if (subPlan !== null && !offer?.subPlans?.includes(subPlan)) throw bad(`The sub-plan '${subPlan}' is not offered by the plan '${name}'.`);
  const offered = Object.entries(offer?.extensions ?? {}).filter(([, { only }]) => only === undefined || only === subPlan);
  const unknown = written.extensions?.find((extension) => !offered.some(([known]) => known === extension.name));
  if (unknown)
    throw bad(`The extension '${unknown.name}' is not offered by the plan '${name}'${subPlan ? ` with the sub-plan '${subPlan}'` : ''}.`);
  const extensions = offered.map(([extension, { usual }]): PlanExtension => {
    const was = before.tier === 'Standard' ? before.extensions.find((known) => known.name === extension) : undefined;
    const wish = written.extensions?.find((given) => given.name === extension);
    const properties = wish?.additionalExtensionProperties ?? was?.properties;
    const isEnabled = wish?.isEnabled ?? was?.isEnabled ?? usual;
    const operation = operationOf(was, isEnabled, rolesAllowed);
    return { name: extension, isEnabled, ...(properties ? { properties } : {}), ...(operation ? { operation } : {}) };
  });
  const enabledAt = before.tier === 'Standard' ? before.enabledAt : at;
  return { tier, subPlan, enabledAt, enforce, extensions };
}

// Agentless scanning needs roles of its own; without the right to give them the plan is on and the extension is not.
function operationOf(was: PlanExtension | undefined, isEnabled: boolean, rolesAllowed: boolean): PlanExtension['operation'] {
  const unchanged = was !== undefined && was.isEnabled === isEnabled && was.operation?.code !== 'Failed';
  if (unchanged) return undefined;
  if (!isEnabled) return was?.isEnabled ? { code: 'Succeeded', message: 'Successfully disabled extension' } : undefined;
  if (rolesAllowed) return { code: 'Succeeded', message: 'Successfully enabled extension' };
  return { code: 'Failed', message: 'Failed assigning roles {d24ecba3-c1f4-40fa-a7bb-4588a071e8fd} to VmScannerOperator for plan' };
}
