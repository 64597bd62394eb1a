import { createRandom, seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import type { Store } from '../state.ts';
import { createChanges } from './changes.ts';
import type { ComplianceRecord, Shortfall } from './compliance.ts';
import type { Deployments } from './deployment.ts';
import { isDeploying } from './effective.ts';

const MINUTE = 60_000;
const SCAN_EVERY = 24 * 60 * MINUTE;
/** Together about the quarter of an hour that passes until a changed resource has been judged. */
const NOTICED_AFTER = 5 * MINUTE;
const JUDGED_AFTER = 10 * MINUTE;
const EVERYTHING = 'tenant';

/** Azure Policy at work: it judges what is new or changed, everything once a day, and deploys what new resources lack. */
export interface PolicyEngine {
  /** Looks at the estate for the first time, if it never has, and for assignments that nobody announced. */
  review(): void;
  /** An assignment was written: what it covers is judged a while later. */
  assigned(assignmentId: string): void;
  /** An assignment is no more: so is what it found. */
  unassigned(): void;
  /** Judges everything at a scope now. */
  evaluate(scope: string): void;
  due: Performers;
}

export interface EngineParts {
  store: Store;
  agenda: Agenda;
  record: ComplianceRecord;
  deployments: Deployments;
  seed: number;
}

export function createPolicyEngine({ store, agenda, record, deployments, seed }: EngineParts): PolicyEngine {
  const { state, clock } = store;
  const changes = createChanges(store, () => {
    if (state.policy.scannedAt === null || agenda.planned('policy-notice', EVERYTHING)) return;
    if (record.policies().length > 0) agenda.schedule({ at: clock.now() + NOTICED_AFTER, kind: 'policy-notice', subject: EVERYTHING });
  });

  function scan(): void {
    const { policy, estate } = state;
    if (policy.scannedAt === null) changes.look();
    record.forget();
    if (estate.assignments.length > 0) record.evaluate(record.resourcesAt(''));
    policy.scannedAt = clock.now();
    agenda.schedule({ at: clock.now() + SCAN_EVERY, kind: 'policy-scan', subject: EVERYTHING });
    store.touch();
  }
  function notice(): void {
    const { own, related } = changes.look();
    if (own.length + related.length === 0) return;
    state.draws += 1;
    const id = createRandom(seed ^ seedOf(`evaluation|${state.draws}`)).guid();
    state.policy.pending.push({ id, resources: [...own, ...related], enforced: own });
    agenda.schedule({ at: clock.now() + JUDGED_AFTER, kind: 'policy-evaluation', subject: id });
  }
  function evaluatePending(id: string): void {
    const pending = state.policy.pending.find((candidate) => candidate.id === id);
    if (!pending) return;
    state.policy.pending = state.policy.pending.filter((candidate) => candidate !== pending);
    const enforced = new Set(pending.enforced);
    const resources = pending.resources.flatMap((resource) => record.resource(resource) ?? []);
    const lacking = record.evaluate(resources);
    for (const { machine } of resources) store.touch(machine);
    for (const shortfall of lacking) if (enforced.has(shortfall.resource.id.toLowerCase())) enforce(shortfall);
  }
  // What exists already is left to a remediation; so is everything where the assignment does not enforce.
  function enforce({ policy, resource }: Shortfall): void {
    if (!isDeploying(policy) || policy.assignment.enforcementMode !== 'Default') return;
    state.draws += 1;
    deployments.begin(policy, resource, `PolicyDeployment_${createRandom(seed ^ seedOf(`deployment|${state.draws}`)).between(1e9, 9e9)}`);
  }
  function assigned(assignmentId: string): void {
    const subject = assignmentId.toLowerCase();
    // Nobody looked while there was nothing to judge by, and what changed then is not new.
    if (record.policies().every((policy) => policy.assignmentId.toLowerCase() === subject)) changes.look();
    const at = clock.now() + createRandom(seed ^ seedOf(subject)).between(5 * MINUTE, 15 * MINUTE);
    agenda.schedule({ at, kind: 'policy-assigned', subject });
  }
  function evaluateAssignment(assignmentId: string): void {
    record.forget();
    record.evaluate(record.resourcesAt(''), assignmentId);
    store.touch();
  }
  function evaluate(scope: string): void {
    record.evaluate(record.resourcesAt(scope));
    store.touch();
  }
  return {
    review() {
      if (state.policy.scannedAt === null) return scan();
      record.forget();
      for (const id of record.unjudged()) if (!agenda.planned('policy-assigned', id.toLowerCase())) assigned(id);
    },
    assigned,
    unassigned() {
      record.forget();
      store.touch();
    },
    evaluate,
    due: {
      'policy-scan': scan,
      'policy-notice': notice,
      'policy-evaluation': evaluatePending,
      'policy-assigned': evaluateAssignment,
    },
  };
}
