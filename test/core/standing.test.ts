import { sha256 } from '../../core/hash.ts';
import { makePlan } from '../../core/make-plan.ts';
import type { Plan } from '../../core/plan.ts';
import { outsideStanding } from '../../core/standing.ts';
import { probeMachines } from '../../playbook/actions/probe-machines.ts';
import { machineFacts, migration, NOW, person, snapshotOf, utc } from '../support/facts.ts';

const DAY = 86_400_000;

function plan(over: { standing: Plan['standing']; scope?: Plan['scope']; now?: number }): Plan {
  const made = makePlan(
    {
      action: probeMachines,
      scope: { ring: 'canary' },
      requestedBy: person(9),
      planId: 'GL-0001',
      now: NOW,
      ticket: null,
      follows: null,
      only: null,
      ...over,
    },
    migration,
    snapshotOf([machineFacts()]),
    utc,
  );
  if (made.kind !== 'ok') throw new Error(JSON.stringify(made));
  return made.value;
}

const standing = plan({ standing: { everyMinutes: 360, until: NOW + 14 * DAY } });
const child = plan({ standing: null, now: NOW + DAY });

describe('a standing sign-off', () => {
  it('covers a later run of the same probe in the same scope', () => {
    expect(outsideStanding(standing, child)).toBeNull();
  });

  it('covers it also when the store gives its fields in another order', () => {
    const { channelId, teamId, tenantId } = standing.channel;
    expect(outsideStanding({ ...standing, channel: { channelId, teamId, tenantId } }, child)).toBeNull();
  });

  it.each<[string, Partial<Plan>]>([
    ['another action', { action: 'set-passive-mode' }],
    ['another scope', { scope: { ring: 'broad' } }],
    ['another script', { scripts: [{ id: 'probe', text: 'other', sha256: sha256('other') }] }],
    ['another version of the executor', { executor: 'greenlight/executor/v2' }],
    ['another channel', { channel: { ...standing.channel, channelId: '19:x' } }],
    ['another migration', { migration: { ...standing.migration, id: 'other' } }],
    ['a class that changes machines', { class: 'reversible' }],
    ['a standing sign-off of its own', { standing: standing.standing }],
  ])('covers nothing with %s', (_what, over) => {
    expect(outsideStanding(standing, { ...child, ...over })).not.toBeNull();
  });

  it('covers no plan that was signed for once', () => {
    expect(outsideStanding(child, child)).not.toBeNull();
  });

  it('covers no target with a change in it, whatever its class says', () => {
    const [target] = child.targets;
    const [probe] = target!.sequence;
    const change = { do: 'change' as const, safe: true, call: probe!.call! };
    expect(outsideStanding(standing, { ...child, targets: [{ ...target!, sequence: [change] }] })).not.toBeNull();
  });

  it('covers no call whose script is not the one that was signed, whatever the list of scripts says', () => {
    const [target] = child.targets;
    const [probe] = target!.sequence;
    const body = { properties: { source: { script: 'Remove-Item C:\\' } } };
    const swapped = { ...probe!, call: { ...probe!.call!, body } } as NonNullable<typeof probe>;
    expect(outsideStanding(standing, { ...child, targets: [{ ...target!, sequence: [swapped] }] })).not.toBeNull();
  });

  it('is refused for more than 30 days, more often than every 15 minutes, and for what changes machines', () => {
    expect(() => plan({ standing: { everyMinutes: 360, until: NOW + 31 * DAY } })).toThrow('standing-too-long');
    expect(() => plan({ standing: { everyMinutes: 14, until: NOW + DAY } })).toThrow('standing-too-long');
  });
});
