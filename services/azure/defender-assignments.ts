import type { AgentPolicy, DefenderAssignment, PolicyProgress, ResourceSelector } from '../../core/facts/defender.ts';
import { MARK } from '../../core/policy-mark.ts';
import type { Ancestors } from './ancestors.ts';
import type { ActivePolicy } from './assignment-effects.ts';
import { activeAlone, activeOf } from './assignment-effects.ts';
import type { Assignment } from './assignments.ts';
import { assignmentsOf } from './assignments.ts';
import type { AzureContext } from './context.ts';
import { createInitiativeReader, isInitiative, managementGroupOf } from './initiatives.ts';
import { ReadFailure } from './read-failure.ts';
import type { FoundRemediation } from './remediations.ts';
import { isUnderWay, remediationsIn, remediationsOfGroup } from './remediations.ts';

/** The policies of one subscription that matter to a migration. */
export interface SubscriptionPolicies {
  readonly assignments: readonly DefenderAssignment[];
  /** Of those assignments, at the subscription, inside it and at the management groups above. */
  readonly remediations: PolicyProgress['remediations'];
}

/** Reads a subscription; throws what the SDKs throw, a ZodError, {@link ReadFailure} for something that lies above it. */
export type DefenderAssignmentReader = (subscriptionId: string) => Promise<SubscriptionPolicies>;

interface Defenders {
  readonly assignment: Assignment;
  readonly active: readonly ActivePolicy[];
}

/** A reader for one collection: what lies above many subscriptions is read once. */
export function createDefenderAssignmentReader(context: AzureContext): DefenderAssignmentReader {
  const initiatives = createInitiativeReader();
  const ofGroups = new Map<string, Promise<readonly FoundRemediation[]>>();

  async function defendersOf(subscriptionId: string): Promise<readonly Defenders[]> {
    const client = context.clients.policy(subscriptionId);
    const found: Defenders[] = [];
    for (const assignment of await assignmentsOf(client)) {
      const { policyDefinitionId: id } = assignment;
      const active = isInitiative(id)
        ? activeOf(assignment, await initiatives(client, id), context.policyDefinitions)
        : activeAlone(assignment, context.policyDefinitions);
      if (active.length > 0) found.push({ assignment, active });
    }
    return found;
  }
  /** Only what is assigned at a management group can have been remediated there. */
  async function remediationsAbove(
    subscriptionId: string,
    above: Ancestors,
    groups: readonly string[],
  ): Promise<readonly FoundRemediation[]> {
    const asked = new Set(groups.flatMap((group) => above.upTo(group)));
    const lists = [...asked].map((group) => {
      const known = ofGroups.get(group) ?? remediationsAt(subscriptionId, group);
      ofGroups.set(group, known);
      return known;
    });
    return (await Promise.all(lists)).flat();
  }
  async function remediationsAt(subscriptionId: string, group: string): Promise<readonly FoundRemediation[]> {
    try {
      return await remediationsOfGroup(context.clients.policyInsights(subscriptionId), group);
    } catch (error) {
      throw new ReadFailure(error, { what: 'the policy remediations', where: `management group ${group}`, role: 'Reader' });
    }
  }

  return async (subscriptionId) => {
    const all = await defendersOf(subscriptionId);
    const groups = all.flatMap(({ assignment }) => managementGroupOf(assignment.id) ?? []);
    const above = groups.length > 0 ? await context.ancestors(subscriptionId) : null;
    const reaching = all.filter(({ assignment }) => !isLeftOut(assignment, subscriptionId, above));
    if (reaching.length === 0) return { assignments: [], remediations: [] };
    const lists = await Promise.all([
      remediationsIn(context.clients.policyInsights(subscriptionId)),
      above ? remediationsAbove(subscriptionId, above, groups) : [],
    ]);
    const ids = new Set(reaching.map(({ assignment }) => assignment.id.toLowerCase()));
    const remediations = lists.flat().filter(({ facts }) => ids.has(facts.assignmentId));
    return {
      assignments: reaching.flatMap((one) => described(one, remediations)),
      remediations: remediations.map(({ facts }) => facts),
    };
  };
}

/** Left out as a whole, by itself or by a management group between; what leaves out only a part of it still reaches the subscription. */
function isLeftOut({ notScopes }: Assignment, subscriptionId: string, above: Ancestors | null): boolean {
  return (notScopes ?? []).map(normal).some((scope) => {
    const group = managementGroupOf(scope);
    return group === null ? scope === `/subscriptions/${subscriptionId}`.toLowerCase() : (above?.has(group) ?? false);
  });
}

/** One row for each thing an assignment does. */
function described({ assignment, active }: Defenders, remediations: readonly FoundRemediation[]): readonly DefenderAssignment[] {
  const [above = ''] = assignment.id.split(/\/providers\/microsoft\.authorization\/policyassignments\//i);
  const id = assignment.id.toLowerCase();
  const mark = assignment.metadata?.[MARK];
  return [...new Set(active.map(({ meaning }) => meaning.does))].map((does) => {
    const mine = active.filter(({ meaning }) => meaning.does === does);
    const references = new Set(mine.map(({ reference }) => reference));
    const counts = ({ facts, reference }: FoundRemediation) =>
      facts.assignmentId === id && (reference === null || references.has(reference) || references.has(null));
    return {
      id,
      name: assignment.displayName || assignment.name,
      scope: assignment.scope || above,
      does,
      enforcement: assignment.enforcementMode || 'Default',
      remediating: remediations.some((one) => isUnderWay(one) && counts(one)),
      deploys: [...new Set(mine.flatMap(({ meaning }): readonly AgentPolicy[] => (meaning.deploys ? [meaning.deploys] : [])))],
      excludes: (assignment.notScopes ?? []).map(normal),
      selects: selectsOf(assignment),
      ...(typeof mark === 'string' && { mark }),
    };
  });
}

function normal(scope: string): string {
  return scope.toLowerCase().replace(/\/+$/, '');
}

/** Selectors of other kinds than place and type are about who makes a request, not about what is there. */
function selectsOf({ resourceSelectors }: Assignment): DefenderAssignment['selects'] {
  return (resourceSelectors ?? []).map(({ selectors }) =>
    (selectors ?? []).flatMap(({ kind, in: only, notIn }): ResourceSelector[] => {
      const lower = (list: readonly string[] | null | undefined) => list?.map((item) => item.toLowerCase()) ?? null;
      const make = SELECTORS[kind?.toLowerCase() ?? ''];
      return make ? [make(lower(only), lower(notIn))] : [];
    }),
  );
}

type List = readonly string[] | null;

const SELECTORS: Readonly<Record<string, (only: List, notIn: List) => ResourceSelector>> = {
  resourcelocation: (only, notIn) => ({ what: 'location', in: only, notIn }),
  resourcetype: (only, notIn) => ({ what: 'type', in: only, notIn }),
  // No machine is without a location.
  resourcewithoutlocation: () => ({ what: 'location', in: [], notIn: null }),
};
