import type { MachineFacts } from '../../core/machine.ts';
import { agentPolicyFor, deploysTo } from '../../core/policy-reach.ts';
import { assignmentFacts, machineFacts, SUBSCRIPTION } from '../support/facts.ts';

const arc = (over: Partial<MachineFacts> = {}) =>
  machineFacts({
    id: `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-a/providers/microsoft.hybridcompute/machines/srv-01`,
    kind: 'arc',
    ...over,
  });
const group = `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-a`;

test.each<[string, Partial<MachineFacts>, string | null]>([
  ['Windows on Azure', {}, 'azure-windows'],
  ['Windows Server 2025 on Azure', { os: 'windows-server-2025' }, 'azure-windows'],
  ['Linux on Azure', { os: 'linux' }, 'azure-linux'],
  ['a system outside the list', { os: 'unsupported' }, null],
  ['a system nobody reports', { os: null }, null],
  ['a server that Azure does not show', { kind: 'listed' }, null],
])('%s is for the policy %j: %s', (_words, over, policy) => {
  expect(agentPolicyFor(machineFacts(over))).toBe(policy);
});

test.each<[string, Partial<MachineFacts>, string | null]>([
  ['2012 R2', { os: 'windows-server-2012-r2' }, 'arc-windows'],
  ['2022', { os: 'windows-server-2022' }, 'arc-windows'],
  ['2025, which the policy does not list', { os: 'windows-server-2025' }, null],
  ['Linux', { os: 'linux' }, 'arc-linux'],
  ['a multicloud connector’s machine', { tags: { mdfcSecurityConnector: 'True' } }, null],
  ['a tag of that name with another value', { tags: { MDFCSecurityConnector: 'false' } }, 'arc-windows'],
])('on Arc, %s is for the policy %j: %s', (_words, over, policy) => {
  expect(agentPolicyFor(arc(over))).toBe(policy);
});

test('a connector’s tag changes nothing for a virtual machine of Azure', () => {
  expect(deploysTo(assignmentFacts(), machineFacts({ tags: { MDFCSecurityConnector: 'true' } }))).toBe(true);
});

test('an assignment deploys only what it holds', () => {
  expect(deploysTo(assignmentFacts({ deploys: ['arc-windows'] }), arc())).toBe(true);
  expect(deploysTo(assignmentFacts({ deploys: ['azure-windows', 'arc-linux'] }), arc())).toBe(false);
});

test.each([
  ['a management group', '/providers/Microsoft.Management/managementGroups/corp', true],
  ['the subscription', `/subscriptions/${SUBSCRIPTION.toUpperCase()}`, true],
  ['its resource group', `/subscriptions/${SUBSCRIPTION}/resourceGroups/RG-A`, true],
  ['the machine itself', machineFacts().id, true],
  ['a resource group whose name begins alike', `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg`, false],
  ['another machine', `${machineFacts().id}2`, false],
])('an assignment at %s (%s) reaches the machine: %p', (_words, scope, reached) => {
  expect(deploysTo(assignmentFacts({ scope }), machineFacts())).toBe(reached);
});

test.each([
  ['its subscription', `/subscriptions/${SUBSCRIPTION}`, false],
  ['its resource group', group, false],
  ['the machine', machineFacts().id, false],
  ['a neighbour', `${machineFacts().id}2`, true],
])('an assignment that leaves out %s (%s) reaches the machine: %p', (_words, excluded, reached) => {
  expect(deploysTo(assignmentFacts({ excludes: [excluded] }), machineFacts())).toBe(reached);
});

test('an assignment with selectors reaches what all of one group let through', () => {
  const only = (what: 'location' | 'type', ...values: string[]) => ({ what, in: values, notIn: null });
  const selects = [[only('location', 'northeurope')], [only('location', 'westeurope'), only('type', 'microsoft.hybridcompute/machines')]];
  expect(deploysTo(assignmentFacts({ selects }), arc())).toBe(true);
  expect(deploysTo(assignmentFacts({ selects }), machineFacts())).toBe(false);
  expect(deploysTo(assignmentFacts({ selects }), machineFacts({ location: 'northeurope' }))).toBe(true);
  const notThere = [[{ what: 'location' as const, in: null, notIn: ['westeurope'] }]];
  expect(deploysTo(assignmentFacts({ selects: notThere }), machineFacts())).toBe(false);
});
