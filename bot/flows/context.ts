import type { Frame } from '../../cards/frame.ts';
import type { Action } from '../../core/action.ts';
import type { Migration } from '../../core/migration.ts';
import type { Plan } from '../../core/plan.ts';
import type {
  Clock,
  Collectors,
  Ids,
  Log,
  MachineReader,
  Messenger,
  ProbeReader,
  Rights,
  Store,
  TargetReader,
  Writer,
} from '../../core/ports.ts';
import type { Phrase, Question } from '../../core/question.ts';
import type { Zone } from '../../core/schedule.ts';
import type { LivePolicy } from '../../core/signers.ts';
import { policyOf } from '../../core/signers.ts';
import type { AnyStep } from '../../core/step.ts';
import type { InForce } from './file/in-force.ts';

/** What every flow is given: ports to the outside and the content it works with. */
export interface Context {
  /** As the version of the file describes it that counts now; another one may come into force at any time. */
  readonly migration: Migration;
  readonly inForce: InForce;
  readonly rehearsal: boolean;
  readonly zone: Zone;
  /** Names the rules this process judges by: what was judged by others is judged again. */
  readonly rules: string;
  readonly steps: readonly AnyStep[];
  readonly actions: readonly Action[];
  readonly questions: readonly Question[];
  readonly phrases: readonly Phrase[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly store: Store;
  readonly collectors: Collectors;
  /** Left out where a machine cannot be read alone. */
  readonly readMachine?: MachineReader;
  readonly targets: TargetReader;
  readonly writer: Writer;
  /** Asked before anything is planned. */
  readonly rights: Rights;
  readonly probes: ProbeReader;
  readonly messenger: Messenger;
}

/** What every card needs to know besides its view. */
export function frameOf(context: Context): Frame {
  return {
    rehearsal: context.rehearsal,
    timeZone: context.migration.timeZone,
    now: context.clock.now(),
    migration: context.migration.name,
  };
}

/** Who may sign a plan, by the migration file as it stands. */
export function livePolicy(context: Context, plan: Pick<Plan, 'class' | 'decides'>): LivePolicy {
  return policyOf(context.migration, plan);
}
