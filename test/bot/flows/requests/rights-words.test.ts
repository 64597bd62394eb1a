import type { Context } from '../../../../bot/flows/context.ts';
import { checkRights } from '../../../../bot/flows/requests/check-rights.ts';
import { read } from '../../../../core/evidence.ts';
import type { LackingRights } from '../../../../core/ports.ts';
import { actionById } from '../../../../playbook/actions/index.ts';
import { NOW } from '../../../support/facts.ts';

const place = (n: number, more: Partial<LackingRights> = {}): LackingRights => ({
  where: `subscription s-${n}`,
  operations: ['Microsoft.Security/settings/write'],
  targets: n,
  commands: [`az ${n}`],
  custom: [],
  ...more,
});

/** What is said of a request whose writer lacks this. */
async function said(...lacking: readonly LackingRights[]) {
  const rights = { lacking: async () => read(lacking, 'test', NOW) };
  return checkRights({ rights } as Partial<Context> as Context, actionById('probe-machines')!, []);
}

it('says nothing where nothing is lacking', async () => {
  expect(await said()).toBeNull();
});

it('names three places with their commands, and counts the rest', async () => {
  expect(await said(...[1, 2, 3, 4, 5].map((n) => place(n)))).toEqual({
    kind: 'refused',
    code: 'missing-role',
    because:
      'No plan was made, because the writer identity lacks Microsoft.Security/settings/write in subscription s-1 (1 target), subscription s-2 (2 targets), subscription s-3 (3 targets) and 2 more.',
    next: 'Have somebody who may assign roles there run this, and ask again. What 2 more places lack is said when these are done.',
    commands: ['az 1', 'az 2', 'az 3'],
  });
});

it('names two operations and counts the rest, and says where a role has to be made', async () => {
  const operations = ['a/write', 'b/write', 'c/write'];
  expect(await said(place(1, { operations, custom: ['c/write'] }), place(2, { operations: ['b/write'] }))).toMatchObject({
    because:
      'No plan was made, because the writer identity lacks a/write, b/write and 1 more in subscription s-1 (1 target) and subscription s-2 (2 targets).',
    next: 'Have somebody who may assign roles there run this, and ask again. Where no built-in role is fit, it makes one with exactly these operations.',
  });
});
