import type { DefenderAssignment } from '../../core/facts/defender.ts';
import { acts } from '../../core/facts/defender.ts';
import { UNASSIGNED } from '../../core/migration.ts';
import type { PlanTarget } from '../../core/plan.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { evidenceFor } from '../../core/snapshot.ts';
import { someOf } from '../some-of.ts';

/** `ALL 214 MACHINES in prod-eu, 31 of them in no ring of this migration; …`, with what acts beside the setting. */
export function subscriptionsTouched(targets: readonly PlanTarget[], snapshot: Snapshot): string {
  return targets
    .map(({ id, name }) => {
      const machines = snapshot.machines.filter(({ facts }) => facts.subscriptionId === id);
      const outside = machines.filter(({ ring }) => ring === UNASSIGNED).length;
      const beside = evidenceFor(snapshot, 'defender-policies', id).state === 'read' ? policyWords(id, snapshot) : '';
      return [
        `ALL ${machines.length} MACHINES in ${name}`,
        outside === 0 ? '' : `, ${outside} of them in no ring of this migration`,
        beside === '' ? '' : ` (${beside})`,
      ].join('');
    })
    .join('; ');
}

/** Which policies push the extension whatever the setting says, or turn the setting back on; empty when none does. */
export function policyWords(subscriptionId: string, snapshot: Snapshot): string {
  const policies = evidenceFor(snapshot, 'defender-policies', subscriptionId);
  if (policies.state === 'unread') return `whether policies push the extension is not known: ${policies.reason}`;
  const acting = policies.value.assignments.filter(acts);
  const named = (wanted: DefenderAssignment['does']) => acting.filter(({ does }) => does === wanted).map(nameOf);
  const pushing = named('deploys-agent');
  const turning = named('turns-endpoint-protection-on');
  return [
    pushing.length === 0 ? '' : `whatever the setting says, the extension is pushed by ${someOf(pushing)}`,
    turning.length === 0 ? '' : `the setting is turned back on by ${someOf(turning)}`,
  ]
    .filter((words) => words !== '')
    .join('; ');
}

function nameOf({ name, scope }: DefenderAssignment): string {
  const group = /\/managementGroups\/([^/]+)$/i.exec(scope)?.[1];
  return `“${name}”${group === undefined ? '' : ` of management group ${group}`}`;
}
