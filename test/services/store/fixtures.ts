import type { ExtensionFacts } from '../../../core/facts/defender.ts';
import type { MachineFacts } from '../../../core/machine.ts';
import type { PersonKey } from '../../../core/person.ts';
import type { Plan } from '../../../core/plan.ts';
import { planHash } from '../../../core/plan.ts';
import type { PlanRecord, Tx } from '../../../core/ports.ts';
import type { Run } from '../../../core/run.ts';
import { waitingRun } from '../../../core/run.ts';
import { openSignOff } from '../../../core/sign-off.ts';

const TENANT = '11111111-1111-4111-8111-111111111111';

export const anna: PersonKey = { objectId: 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa', tenantId: TENANT };
export const bo: PersonKey = { objectId: 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb', tenantId: TENANT };
export const T0 = Date.UTC(2026, 10, 2, 8);

/** A plan with text and numbers that a careless round trip would change. */
export function planCalled(id: string): Plan {
  return {
    schema: 'greenlight/plan/v1',
    id,
    executor: 'greenlight/executor/v1',
    migration: { id: 'm1', fileHash: 'f'.repeat(64) },
    channel: { tenantId: TENANT, teamId: 'team', channelId: '19:x@thread.tacv2' },
    action: 'probe-machines',
    class: 'read-only',
    title: 'Zoë\u200d👩‍👩‍👧 “\\u0041” e\u0301 é \u2028 </script> \t',
    phase: 'prepare',
    requestedBy: { ...anna, name: 'Anna' },
    requestedAt: T0,
    ticket: null,
    scope: { ring: 'canary' },
    follows: null,
    effect: 'none',
    blastRadius: 'one',
    undoWords: 'none',
    makeSafeWords: 'none',
    tidies: false,
    finalWords: 'none',
    scripts: [{ id: 'probe', text: 'exit', sha256: 'a'.repeat(64) }],
    targets: [
      {
        id: '/subscriptions/s/m1',
        name: 'm1',
        kind: 'machine',
        ring: 'canary',
        owner: null,
        apartFrom: null,
        found: 'on',
        fingerprint: { z: '1', a: '2', é: '3', aa: '4' },
        holds: ['/subscriptions/s/m1'],
        sequence: [
          {
            do: 'change',
            safe: true,
            call: {
              id: 'set',
              describes: 'sets',
              method: 'PUT',
              path: '/x',
              query: { 'api-version': '2024-07-10' },
              body: {
                tiny: 5e-324,
                big: 1.7976931348623157e308,
                third: 0.1 + 0.2,
                round: 1e21,
                minus: -0,
                deep: [[], {}, null, '', { 10: 1, 9: 2 }],
              },
              settles: 'setting',
              timeoutSeconds: 60,
            },
          },
        ],
        makeSafe: [],
        undo: [],
        finalCheck: null,
      },
    ],
    leftOut: [],
    waves: [{ name: 'canary', ring: 'canary', targetIds: ['/subscriptions/s/m1'] }],
    limits: { concurrency: 1, stopAfterFailures: 1, maxFailedShare: 0.5, maxDroppedShare: 0.2, soakMinutes: 0 },
    window: null,
    estimateMinutes: 5,
    signers: {
      quorum: 1,
      distinctRoles: 1,
      typeCount: false,
      approvers: [{ ...bo, name: 'Bo', role: 'lead' }],
      alternates: [],
      alternatesAt: T0,
      owners: [],
    },
    expiresAt: T0 + 86_400_000,
    graceSeconds: 120,
    standing: null,
    decides: null,
  };
}

/** A plan with its own hash, saved and pending. */
export async function savedPlan(tx: Tx): Promise<PlanRecord> {
  const plan = planCalled(await tx.nextPlanId());
  const hash = planHash(plan);
  const signOff = openSignOff(plan, hash);
  await tx.insertPlan(hash, plan, signOff);
  return { hash, plan, signOff, version: 1 };
}

/** A saved plan with a waiting run. */
export async function savedRun(tx: Tx): Promise<Run> {
  const { plan, hash } = await savedPlan(tx);
  const run = waitingRun(plan, hash, T0, []);
  await tx.insertRun(run);
  return run;
}

/** A saved plan with a waiting run of these targets. */
export async function savedRunOf(tx: Tx, ids: readonly string[]): Promise<Run> {
  const { plan, hash } = await savedPlan(tx);
  const [target] = plan.targets;
  const run = waitingRun({ ...plan, targets: ids.map((id) => ({ ...target!, id })) }, hash, T0, []);
  await tx.insertRun(run);
  return run;
}

export function machine(name: string): MachineFacts {
  return {
    id: `/subscriptions/s/${name}`,
    name,
    kind: 'arc',
    subscriptionId: 's',
    resourceGroup: 'rg',
    location: 'westeurope',
    os: 'windows-server-2022',
    osLabel: 'Windows Server 2022',
    status: 'Connected',
    configMode: 'full',
    agentVersion: '1.5',
    refuses: null,
    statusSince: null,
    fqdn: '',
    esu: null,
    vmId: null,
    availabilitySet: null,
    tags: { owner: 'Zoë' },
  };
}

export const extension: ExtensionFacts = {
  present: true,
  type: 'MDE.Windows',
  state: 'Succeeded',
  version: '1.0',
  message: '',
  exitCode: null,
};
