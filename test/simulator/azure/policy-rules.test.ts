import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN_DEFINITIONS, BUILT_IN_SETS } from '../../../simulator/azure/policy/catalogue.ts';
import { compiled, RuleError, UNKNOWN } from '../../../simulator/azure/policy/condition.ts';
import { ExpressionError, evaluated } from '../../../simulator/azure/policy/expression.ts';
import { functionsOver } from '../../../simulator/azure/policy/functions.ts';
import type { Json } from '../started-outside.ts';

const official = (name: string): Json => JSON.parse(readFileSync(join(__dirname, 'examples', `builtin_${name}.json`), 'utf8'));

describe('the built-in catalogue', () => {
  test.each(['policy_WindowsAgent_VM', 'policy_LinuxAgent_VM', 'policy_WindowsAgent_ARC', 'policy_LinuxAgent_ARC'])(
    '%s has the rule, the template and the version Azure publishes',
    (file) => {
      const published = official(file);
      const own = BUILT_IN_DEFINITIONS.find(({ id }) => id === published['id']);
      expect(own?.properties.policyRule).toEqual(published['properties'].policyRule);
      const { displayName, mode, version, versions, metadata } = published['properties'];
      expect(own?.properties).toMatchObject({ displayName, mode, version, versions, metadata });
      expect(Object.keys(own?.properties.parameters ?? {})).toEqual(Object.keys(published['properties'].parameters));
    },
  );
  test.each(['initiative_MDEAgent', 'initiative_WDATP_settings'])('%s has the members Azure publishes', (file) => {
    const published = official(file);
    const own = BUILT_IN_SETS.find(({ id }) => id === published['id']);
    const { displayName, version, policyDefinitions, metadata } = published['properties'];
    expect(own?.properties).toMatchObject({ displayName, version, policyDefinitions, metadata });
    expect(Object.keys(own?.properties.parameters ?? {})).toEqual(Object.keys(published['properties'].parameters));
  });
  test('every member of a built-in initiative is there', () => {
    const known = BUILT_IN_DEFINITIONS.map(({ id }) => id);
    for (const { properties } of BUILT_IN_SETS) {
      for (const { policyDefinitionId } of properties.policyDefinitions) expect(known).toContain(policyDefinitionId);
    }
  });
});

describe('conditions', () => {
  const fields: Record<string, unknown> = { type: 'Microsoft.Compute/virtualMachines', sku: '2022-datacenter', list: ['a', 'B'] };
  const ground = { field: (name: string) => fields[name], value: (value: unknown) => value };
  const field = (name: string, condition: object) => ({ field: name, ...condition });

  test.each([
    [true, field('type', { equals: 'microsoft.compute/VIRTUALMACHINES' })],
    [false, field('absent', { equals: 'x' })],
    [true, field('absent', { notEquals: 'x' })],
    [true, field('sku', { contains: 'DATA' })],
    [true, field('list', { contains: 'b' })],
    [true, field('absent', { notContains: 'openshift' })],
    [true, field('sku', { Like: '20*center' })],
    [false, field('sku', { like: '2022' })],
    [true, field('sku', { notIn: ['2019'] })],
    [false, field('absent', { in: ['x'] })],
    [true, field('absent', { exists: 'false' })],
    [false, { not: field('sku', { contains: '2022' }) }],
    [true, { anyOf: [field('sku', { equals: 'x' }), field('type', { like: '*machines' })] }],
    [false, { allOf: [field('sku', { equals: 'x' }), field('type', { like: '*machines' })] }],
  ])('is %s for %j', (verdict, condition) => {
    expect(compiled(condition)(ground)).toBe(verdict);
  });
  test('what is not looked at leaves a condition open unless the rest decides', () => {
    const open = { ...ground, field: (name: string) => (name === 'type' ? fields['type'] : UNKNOWN) };
    const sku = field('sku', { contains: '2022' });
    expect(compiled({ allOf: [field('type', { equals: fields['type'] as string }), sku] })(open)).toBeNull();
    expect(compiled({ allOf: [field('type', { equals: 'x' }), sku] })(open)).toBe(false);
    expect(compiled({ anyOf: [field('type', { equals: fields['type'] as string }), sku] })(open)).toBe(true);
  });
  test.each([{ field: 'type' }, { equals: 'x' }, { field: 'type', resembles: 'x' }, { allOf: {} }, 'x'])(
    '%j is no condition',
    (condition) => {
      expect(() => compiled(condition)).toThrow(RuleError);
    },
  );
});

describe('expressions', () => {
  const functions = functionsOver({ Name: 'x', none: [] }, { subscription: () => ({ subscriptionId: 'sub-1' }) });

  test.each([
    ["[parameters('name')]", 'x'],
    ["[concat('/subscriptions/', subscription().subscriptionId, '/it''s')]", "/subscriptions/sub-1/it's"],
    ["[empty(parameters('none'))]", true],
    ["[if(equals(parameters('name'), 'X'), 'yes', 'no')]", 'yes'],
    ["[split('a/b', '/')[1]]", 'b'],
    ["[[parameters('name')]", "[parameters('name')]"],
    ['plain', 'plain'],
  ])('%s', (text, value) => {
    expect(evaluated({ deep: [text] }, functions)).toEqual({ deep: [value] });
  });
  test.each(["[parameters('other')]", '[unheardOf()]', "[concat('a']", "[concat('a') 'b']", '[subscription().x.y]', '[#]'])(
    '%s cannot be worked out',
    (text) => {
      expect(() => evaluated(text, functions)).toThrow(ExpressionError);
    },
  );
});
