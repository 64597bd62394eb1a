import { ArmError } from '../arm-error.ts';
import type { ParameterDefinition, ParameterDefinitions } from './definition.ts';

type Values = Readonly<Record<string, unknown>>;

/** Who hands parameters to whom, in the words of the error. */
export interface Handing {
  /** "policy assignment 'x'", "policy set definition 'x'". */
  giver: string;
  /** Name of the definition that takes them. */
  taker: string;
  /** Whether it assigns them further, as an initiative does. */
  further: boolean;
}

const FITS: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value),
  float: (value) => typeof value === 'number',
  datetime: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
};

/** Checks handed values (`{name: {value}}`) against what a definition takes; throws Azure's 400. Expressions are left unjudged. */
export function requireParameters(definitions: ParameterDefinitions, handed: Values, { giver, taker, further }: Handing): void {
  const known = new Map(Object.entries(definitions).map(([name, definition]) => [name.toLowerCase(), definition]));
  const names = Object.keys(handed);
  const undefinedOnes = names.filter((name) => !known.has(name.toLowerCase()));
  if (undefinedOnes.length > 0) {
    const does = further ? 'is attempting to assign' : 'has';
    throw new ArmError(
      400,
      'UndefinedPolicyParameter',
      `The ${giver} ${does} the parameter(s) '${undefinedOnes.join(',')}' which are not defined in the policy definition '${taker}'.`,
    );
  }
  const has = (name: string) => names.some((candidate) => candidate.toLowerCase() === name.toLowerCase());
  const missing = Object.entries(definitions).filter(([name, { defaultValue }]) => defaultValue === undefined && !has(name));
  if (missing.length > 0) {
    throw new ArmError(
      400,
      'MissingPolicyParameter',
      `The ${giver} is missing the parameter(s) '${missing.map(([name]) => name).join(',')}' as defined in the policy definition '${taker}'.`,
    );
  }
  for (const [name, held] of Object.entries(handed)) requireValue(name, held, known.get(name.toLowerCase()), giver);
}

function requireValue(name: string, held: unknown, definition: ParameterDefinition | undefined, giver: string): void {
  if (typeof held !== 'object' || held === null || !('value' in held)) {
    throw new ArmError(400, 'InvalidRequestContent', `The value of the parameter '${name}' must be an object with the member 'value'.`);
  }
  const { value } = held;
  if (typeof value === 'string' && value.startsWith('[') && !value.startsWith('[[')) return;
  const type = definition?.type ?? 'String';
  if (FITS[type.toLowerCase()]?.(value) === false) {
    throw new ArmError(400, 'InvalidPolicyParameters', `The ${giver} parameter '${name}' is not of the type '${type}'.`);
  }
  const allowed = definition?.allowedValues;
  const fits = (item: unknown) => String(item).toLowerCase() === String(value).toLowerCase();
  if (allowed && !Array.isArray(value) && !allowed.some(fits)) {
    throw new ArmError(
      400,
      'PolicyParameterValueNotAllowed',
      `The ${giver} parameter '${name}' has the value '${String(value)}' which is not one of the allowed values '${allowed.join(', ')}'.`,
    );
  }
}
