import type { Machine } from '../../estates/machine.ts';
import { ArmError } from '../arm-error.ts';
import { type ArmRoute, ok } from '../arm-route.ts';
import { reaches } from '../authorization.ts';
import { scopePaths } from '../policy/scopes.ts';
import type { Store } from '../state.ts';
import { type AssessmentResource, assessmentResources } from './assessment-resource.ts';

const versions = ['2020-01-01', '2021-06-01'];
const action = 'Microsoft.Security/assessments/read';
const ASSESSMENTS = '/providers/Microsoft.Security/assessments';

/** What agentless scanning last said of a machine. */
export function assessmentsOf({ state }: Store, machine: Machine): AssessmentResource[] {
  const scan = state.edrScans[machine.id.toLowerCase()];
  return scan ? assessmentResources(machine, scan) : [];
}

/** Assessments of everything at a scope, and single ones of a machine. */
export function assessmentRoutes(store: Store): ArmRoute[] {
  const at = (path: string) =>
    store.state.estate.machines.filter(({ id }) => reaches(path, id)).flatMap((machine) => assessmentsOf(store, machine));
  return scopePaths(store, ['group', 'subscription', 'resourceGroup', 'resource']).flatMap(({ level, prefix, find }): ArmRoute[] => {
    const list: ArmRoute = {
      method: 'GET',
      path: `${prefix}${ASSESSMENTS}`,
      action,
      versions,
      run: ({ params }) => ok({ value: at(find(params).path) }),
    };
    if (level !== 'resource') return [list];
    return [
      list,
      {
        method: 'GET',
        path: `${prefix}${ASSESSMENTS}/{assessment}`,
        action,
        versions,
        run({ params }) {
          const name = params['assessment'] ?? '';
          const found = at(find(params).path).find((assessment) => assessment.name.toLowerCase() === name.toLowerCase());
          if (!found) throw new ArmError(404, 'ResourceNotFound', `The assessment '${name}' was not found.`);
          return ok(found);
        },
      },
    ];
  });
}
