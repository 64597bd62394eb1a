import { z } from 'zod';
import { estateSchema } from './estate.ts';
import { machineSchema } from './machine.ts';

const OPTIONAL_IN_MACHINES = ['id', 'name', 'kind', 'subscriptionId', 'resourceGroup'];

/** The JSON schema of an estate file, for editors; what a reader may leave out is not required. */
export function estateJsonSchema(): Record<string, unknown> {
  const options = { io: 'input', unrepresentable: 'any', reused: 'inline' } as const;
  const estate = z.toJSONSchema(estateSchema, options) as Record<string, unknown> & { properties: Record<string, unknown> };
  const machine = z.toJSONSchema(machineSchema, options) as Record<string, unknown> & {
    required: string[];
    properties: Record<string, unknown>;
  };
  // Either the id or the parts of it are given; the rest is completed when the file is read.
  const required = machine.required.filter((name) => !OPTIONAL_IN_MACHINES.includes(name));
  const { $schema: _, ...shape } = machine;
  const properties = {
    ...machine.properties,
    vm: withoutRequired(machine.properties['vm']),
    arc: withoutRequired(machine.properties['arc']),
  };
  return {
    ...estate,
    title: 'An estate of the pretend Azure',
    properties: {
      $schema: { type: 'string' },
      ...estate.properties,
      machines: {
        type: 'array',
        items: { ...shape, properties, required, anyOf: [{ required: ['id'] }, { required: OPTIONAL_IN_MACHINES.slice(1) }] },
      },
    },
  };
}

// The ids Azure would have given are drawn where nobody states them.
function withoutRequired(nullable: unknown): unknown {
  const { anyOf, ...rest } = nullable as { anyOf: Record<string, unknown>[] };
  return { ...rest, anyOf: anyOf.map((schema) => ({ ...schema, required: [] })) };
}
