import type { ActionOptions } from '../../core/action-options.ts';
import { DAY, HOUR } from '../../core/instant.ts';
import type { PlanRequest } from '../../core/make-plan.ts';
import { MAX_TARGETS } from '../../core/make-plan.ts';
import { approver, changeItem, machineFacts, migration, NOW, person, snapshotOf } from '../support/facts.ts';
import { action, asking, outcome, plan, tags, ten } from './plan-made.ts';

describe('who may request', () => {
  it('needs a ticket where the policy asks for one, and keeps it', () => {
    const file = asking({ ticketNeeded: true });
    expect(outcome({}, file)).toMatchObject({ code: 'ticket-needed' });
    expect(plan({ ticket: 'CHG0012345' }, file).ticket).toBe('CHG0012345');
  });

  it('is not an approver without whom the quorum cannot be met', () => {
    expect(outcome({ requestedBy: person(1) }, asking({ quorum: 3 }))).toMatchObject({ code: 'no-quorum' });
    const alternates = { afterHours: 4, people: [approver(4)] };
    expect(plan({ requestedBy: person(1) }, asking({ quorum: 3 }, { alternates })).signers.alternatesAt).toBe(NOW + 4 * HOUR);
  });

  it('is not the only one of a role that has to sign', () => {
    const inRole = (digit: number, role: string) => ({ ...approver(digit), role });
    const approvers = [inRole(1, 'endpoint'), inRole(2, 'server'), inRole(3, 'Server ')];
    const file = asking({ distinctRoles: 2 }, { approvers });
    expect(outcome({ requestedBy: person(1) }, file)).toMatchObject({
      code: 'no-quorum',
      because: expect.stringContaining('different roles'),
    });
    expect(plan({ requestedBy: person(2) }, file).signers).toMatchObject({ quorum: 2, distinctRoles: 2 });
  });

  it('asks the signers of the action’s own class', () => {
    const irreversible = { ...action, class: 'irreversible' as const };
    expect(plan({ action: irreversible }).signers).toMatchObject({ distinctRoles: 2, typeCount: true });
    expect(plan().signers).toMatchObject({ distinctRoles: 1, typeCount: false });
  });
});

describe('owners who have to sign', () => {
  const people = { 'erp-team': [person(5)], web: [person(6), person(7)], nobody: [] };
  const file = asking({ ownersSign: true }, { owners: { tag: 'owner', people } });
  const owned = ['ERP-Team', 'web', 'unknown', 'nobody', undefined];
  const snapshot = ten((index) => {
    const owner = owned[index % 5];
    return { tags: { ...tags(index), ...(owner === undefined ? {} : { Owner: owner }) } };
  });

  it('are one group for each tag among the targets; a machine nobody answers for stays out', () => {
    const made = plan({}, file, snapshot);
    expect(made.targets.map(({ name, owner }) => `${name} ${owner}`)).toEqual(['m0 ERP-Team', 'm1 web', 'm5 ERP-Team', 'm6 web']);
    expect(made.signers.owners.map(({ value }) => value)).toEqual(['erp-team', 'web']);
    expect(made.leftOut.map(({ code }) => code)).toEqual(Array.from({ length: 6 }, () => 'no-owner'));
  });

  it('need no second word of a requester who owns the machines', () => {
    expect(plan({ requestedBy: person(7) }, file, snapshot).signers.owners.map(({ value }) => value)).toEqual(['erp-team']);
  });

  it('are not asked, and leave nothing out, where the policy does not ask for them', () => {
    const made = plan({}, asking({ ownersSign: false }, { owners: { tag: 'owner', people } }), snapshot);
    expect(made.targets).toHaveLength(10);
    expect(made.targets[2]?.owner).toBe('unknown');
    expect(made.signers.owners).toEqual([]);
  });
});

describe('a standing sign-off', () => {
  const probe = { ...action, class: 'read-only' as const };
  const standing = { everyMinutes: 60, until: NOW + 30 * DAY };

  it('is for read-only actions, at most 30 days, every 15 minutes at the soonest', () => {
    expect(plan({ action: probe, standing }).standing).toEqual(standing);
    expect(outcome({ standing })).toMatchObject({ code: 'not-standing' });
    for (const wrong of [{ until: NOW + 30 * DAY + 1 }, { until: NOW }, { everyMinutes: 14 }])
      expect(outcome({ action: probe, standing: { ...standing, ...wrong } })).toMatchObject({ code: 'standing-too-long' });
  });
});

describe('a plan that goes on from another', () => {
  const follows = (how: 'rest' | 'undo') => ({ hash: 'a'.repeat(64), plan: 'GL-0007', how });
  const only = new Set(['/m/1', '/m/4']);

  it('has exactly the targets it is asked for, wherever they are by now', () => {
    const made = plan({ follows: follows('rest'), only, scope: { ring: 'canary' } });
    expect(made.targets.map(({ id }) => id)).toEqual(['/m/1', '/m/4']);
    expect(made.leftOut).toEqual([]);
    expect(made.title).toContain('what GL-0007 left');
  });

  it('does what an undo asks instead of the action’s own calls', () => {
    const consider: PlanRequest['consider'] = ({ id }) =>
      id === '/m/4'
        ? { include: false, code: 'phase-order', because: 'it is onboarded' }
        : {
            include: true,
            target: {
              found: '',
              fingerprint: {},
              holds: [id],
              sequence: [changeItem('undo', true)],
              makeSafe: [],
              undo: [],
              finalCheck: null,
            },
          };
    const made = plan({ follows: follows('undo'), only, consider });
    expect(made.targets.map(({ id, sequence }) => `${id} ${sequence[0]?.call?.id}`)).toEqual(['/m/1 undo']);
    expect(made.leftOut).toMatchObject([{ id: '/m/4', code: 'phase-order' }]);
    expect(made.title).toMatch(/^Undo: /);
    expect(made.undoWords).toMatch(/^None, because/);
  });
});

describe('waves and their time', () => {
  it('go ring by ring in the order of the file, in waves of the size it names', () => {
    const made = plan();
    expect(made.waves.map(({ name, targetIds }) => `${name}: ${targetIds.length}`)).toEqual([
      'canary: 2',
      ...[1, 2, 3, 4].map((n) => `broad ${n} of 4: 2`),
    ]);
    expect(made.waves.map(({ ring }) => ring)).toEqual(['canary', 'broad', 'broad', 'broad', 'broad']);
  });

  it('are reckoned by the time of a target, the concurrency and the soak', () => {
    expect(plan().estimateMinutes).toBe(5 * 10);
    const soaking = { ...migration, waves: { ...migration.waves, concurrency: 1, soakMinutes: 30 } };
    expect(plan({}, soaking).estimateMinutes).toBe(10 * 10 + 30);
    expect(plan({ scope: { ring: 'broad' } }, soaking).estimateMinutes).toBe(8 * 10);
  });

  it('are reckoned by what the migration file grants a target, where it decides on that', () => {
    const granted = { ...action, minutesFor: ({ installUpdates: { hours } }: ActionOptions) => hours * 60 };
    expect(plan({ action: granted }).estimateMinutes).toBe(5 * 120);
  });

  it('take longer for machines of one availability set, which are changed one after the other', () => {
    const wide = { ...migration, waves: { ...migration.waves, size: 10, concurrency: 10 } };
    const sets = ten((index) => ({ availabilitySet: index < 5 ? '/sets/1' : null }));
    expect(plan({}, wide, sets).estimateMinutes).toBe((2 + 3) * 10);
    expect(
      plan({}, wide, sets)
        .targets.map(({ apartFrom }) => apartFrom)
        .slice(4, 6),
    ).toEqual(['/sets/1', null]);
    expect(plan({ action: { ...action, class: 'read-only' } }, wide, sets).targets[0]?.apartFrom).toBeNull();
  });

  it('are refused when there are more targets than one plan may carry', () => {
    const many = snapshotOf(Array.from({ length: MAX_TARGETS + 1 }, (_, index) => machineFacts({ name: `m${index}`, id: `/m/${index}` })));
    expect(outcome({}, migration, many)).toMatchObject({ code: 'too-many' });
  });
});
