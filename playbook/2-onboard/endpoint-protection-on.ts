import type { Evidence } from '../../core/evidence.ts';
import type { DefenderAssignment, PolicyProgress, SecuritySettings } from '../../core/facts/defender.ts';
import { acts } from '../../core/facts/defender.ts';
import type { MachineFacts } from '../../core/machine.ts';
import { deploysTo, isMadeByConnector } from '../../core/policy-reach.ts';
import type { MachineSubject } from '../../core/snapshot.ts';
import type { Judgement } from '../../core/step.ts';
import { notKnown, notReady, ready, step } from '../../core/step.ts';
import { hasPackagedSensor } from '../operating-systems.ts';
import { someOf } from '../some-of.ts';

/** Something deploys Defender to every server of the subscription: the subscription itself, or policies that reach them all. */
export const endpointProtectionOn = step({
  id: 'endpoint-protection-on',
  phase: 'onboard',
  title: 'Endpoint protection is on',
  why: 'It is what makes Defender for Cloud deploy and onboard the Defender extension.',
  link: 'https://learn.microsoft.com/azure/defender-for-cloud/enable-defender-for-endpoint',
  subject: 'subscription',
  needs: ['security-settings', 'defender-plan', 'defender-policies'],
  uses: ['policy-progress'],
  owner: 'security team',
  action: 'turn-endpoint-protection-on',
  check(facts, { id }, beside, around) {
    if (facts['defender-plan'].tier !== 'Standard') {
      return notReady('plan-off', 'the Defender for Servers plan is off', 'Enable the plan in Defender for Cloud, Environment settings.');
    }
    const machines = around.machinesIn(id);
    const acting = facts['defender-policies'].assignments.filter(acts);
    const deploying = acting.filter(({ does }) => does === 'deploys-agent');
    const settings = facts['security-settings'];
    if (settings.endpointProtection === true) return subscriptionWide(settings, machines, deploying);
    if (deploying.length > 0) return targeted(machines, deploying, beside['policy-progress']);
    if (settings.endpointProtection === null) {
      return notKnown(
        'setting-not-listed',
        'Defender for Cloud does not list the setting, which is on by default',
        'Look in Defender for Cloud, Environment settings, Servers.',
      );
    }
    const turning = acting.map(({ name }) => `“${name}”`);
    const soon = turning.length === 0 ? '' : `; ${someOf(turning)} will turn it on`;
    return notReady(
      'setting-off',
      `neither the subscription nor a policy deploys Defender${soon}`,
      'Request: turn endpoint protection on, or ring by ring: assign the Defender initiative.',
    );
  },
});

/** The two companions of the setting count where there are servers they are for. */
function subscriptionWide(
  { unifiedSolution, includesLinux }: SecuritySettings,
  machines: readonly MachineSubject[],
  deploying: readonly DefenderAssignment[],
): Judgement {
  const fix = 'Request: turn endpoint protection on.';
  const old = machines.filter(({ facts }) => hasPackagedSensor(facts.os));
  if (unifiedSolution === false && old.length > 0) {
    return notReady('unified-off', 'it is on, but the unified solution is off, so that 2012 R2 and 2016 are left out', fix);
  }
  const linux = machines.filter(({ facts }) => facts.os === 'linux');
  if (includesLinux === false && linux.length > 0) return notReady('linux-excluded', 'it is on, but Linux machines are excluded', fix);
  const narrowed = deploying.filter(
    ({ excludes, selects, scope }) => excludes.length > 0 || selects.length > 0 || /\/resourcegroups\//i.test(scope),
  );
  if (narrowed.length === 0) return ready('on for the subscription');
  const names = someOf(narrowed.map(({ name }) => `“${name}”`));
  return ready(`on for the subscription; that ${names} leaves servers out has no effect`);
}

/** Every server of the subscription has to be reached by one of the assignments. */
function targeted(
  machines: readonly MachineSubject[],
  deploying: readonly DefenderAssignment[],
  progress: Evidence<PolicyProgress>,
): Judgement {
  const reached = Map.groupBy(machines, ({ facts }) => reach(facts, deploying));
  const names = (how: Reach) => (reached.get(how) ?? []).map(({ name }) => name);
  const policies = someOf(deploying.map(({ name }) => `“${name}”`));
  if (names('left-out').length > 0) {
    return notReady(
      'targeted-incomplete',
      `${policies} leaves out ${someOf(names('left-out'))}`,
      'Widen the assignment, or turn it on for the subscription.',
    );
  }
  if (names('arc-2025').length > 0) {
    return notReady(
      'arc-2025',
      `the built-in policy for Arc does not know Windows Server 2025: ${someOf(names('arc-2025'))}`,
      'Request for these servers: deploy the Defender extension; or turn it on for the subscription.',
    );
  }
  if (names('unclear').length > 0) {
    return notKnown(
      'targeted-unclear',
      `whether ${policies} reaches ${someOf(names('unclear'))} is not known, because nobody reports their operating systems`,
      'Check that these machines are running and their agents report.',
    );
  }
  return ready(`deployed by ${policies}${progressWords(deploying, progress)}`);
}

type Reach = 'reached' | 'left-out' | 'arc-2025' | 'unclear' | 'not-meant';

/** How assignments that deploy the agent reach a machine. What a multicloud connector made is left to the connector, as it should be. */
function reach(machine: MachineFacts, deploying: readonly DefenderAssignment[]): Reach {
  const { kind, os, tags } = machine;
  if (kind === 'listed' || os === 'unsupported' || (kind === 'arc' && isMadeByConnector(tags))) return 'not-meant';
  if (kind === 'arc' && os === 'windows-server-2025') return 'arc-2025';
  const reached = (one: MachineFacts) => deploying.some((assignment) => deploysTo(assignment, one));
  if (os !== null) return reached(machine) ? 'reached' : 'left-out';
  // Whatever its system turns out to be.
  return (['windows-server-2022', 'linux'] as const).every((one) => reached({ ...machine, os: one })) ? 'reached' : 'unclear';
}

function progressWords(deploying: readonly DefenderAssignment[], progress: Evidence<PolicyProgress>): string {
  if (progress.state === 'unread') return '';
  const ids = new Set(deploying.map(({ id }) => id.toLowerCase()));
  const own = progress.value.assignments.filter(({ id }) => ids.has(id.toLowerCase()));
  const compliant = own.reduce((sum, one) => sum + one.compliant, 0);
  const all = own.reduce((sum, one) => sum + one.compliant + one.nonCompliant, 0);
  return all === 0 ? '' : `: ${compliant} of ${all} comply`;
}
