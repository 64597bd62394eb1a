import type { DefenderAssignment } from '../../core/facts/defender.ts';
import { acts } from '../../core/facts/defender.ts';
import { notKnown, notReady, ready, step } from '../../core/step.ts';
import type { Surroundings } from '../../core/surroundings.ts';
import { count, someOf } from '../some-of.ts';

/** Nothing pushes the Defender extension to servers that are not prepared. The setting, policies and initiatives all can. */
export const endpointProtectionOff = step({
  id: 'endpoint-protection-off',
  phase: 'prepare',
  title: 'Endpoint protection is off',
  why: 'While it is on, Defender for Cloud pushes the Defender extension to machines that are not prepared.',
  link: 'https://learn.microsoft.com/azure/defender-for-cloud/enable-defender-for-endpoint',
  subject: 'subscription',
  needs: ['security-settings', 'defender-policies', 'defender-plan'],
  around: ['defender-extension'],
  owner: 'security team',
  holdsThrough: 'prepare',
  action: 'turn-endpoint-protection-off',
  check(facts, { id }, _beside, around) {
    const { endpointProtection } = facts['security-settings'];
    const planned = facts['defender-plan'].tier === 'Standard';
    const acting = facts['defender-policies'].assignments.filter(acts);
    if (planned && endpointProtection === true && acting.length > 0) {
      return notReady(
        'setting-and-policy',
        `the subscription pushes the Defender extension, and so do policies: ${policyWords(acting)}`,
        'Set the assignments to DoNotEnforce, then request: turn endpoint protection off.',
      );
    }
    if (planned && endpointProtection === true) {
      return notReady('setting-on', 'the subscription pushes the Defender extension', 'Request: turn endpoint protection off.');
    }
    if (acting.length > 0) {
      return notReady(
        'policy-acts',
        `policies push the Defender extension: ${policyWords(acting)}`,
        'Set the assignments to DoNotEnforce, or leave the subscription out of them.',
      );
    }
    if (planned && endpointProtection === null) {
      return notKnown(
        'setting-not-listed',
        'Defender for Cloud does not list the setting, which is on by default',
        'Look in Defender for Cloud, Environment settings, Servers.',
      );
    }
    const off = planned ? 'off, and no policy turns it on' : 'the plan is off; enabling it switches endpoint protection on';
    return ready(`${off}${alreadyThere(id, around)}`);
  },
});

function policyWords(assignments: readonly DefenderAssignment[]): string {
  return someOf(assignments.map(({ name, does }) => `“${name}” ${does === 'deploys-agent' ? 'deploys it' : 'turns it back on'}`));
}

/** Off does not take away what is there already. */
function alreadyThere(subscriptionId: string, around: Surroundings<'defender-extension'>): string {
  const names = around
    .machinesIn(subscriptionId)
    .filter((machine) => {
      const extension = around.about('defender-extension', machine.id);
      return extension.state === 'read' && extension.value.present;
    })
    .map(({ name }) => name);
  return names.length === 0 ? '' : `; ${count(names.length, 'server')} already had the extension: ${someOf(names)}`;
}
