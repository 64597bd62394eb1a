import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Extension, Machine } from '../../estates/machine.ts';
import { ArmError } from '../arm-error.ts';
import { readBody } from './read-body.ts';

const text = z.string().min(1);
const readOnly = z.unknown().optional();
const flag = z.boolean().nullish();
const properties = z.strictObject({
  publisher: text.optional(),
  type: text.optional(),
  typeHandlerVersion: text.nullish(),
  autoUpgradeMinorVersion: flag,
  enableAutomaticUpgrade: flag,
  forceUpdateTag: z.string().nullish(),
  settings: z.record(z.string(), z.unknown()).nullish(),
  protectedSettings: z.record(z.string(), z.unknown()).nullish(),
  provisioningState: readOnly,
  instanceView: readOnly,
});
const tags = z.record(z.string(), z.string()).nullish();
const written = z.strictObject({ id: readOnly, name: readOnly, type: readOnly, systemData: readOnly, location: text, tags, properties });
const update = z.strictObject({ tags, properties: properties.nullish() });
type Properties = z.infer<typeof properties>;

const TYPE = { vm: 'VirtualMachineExtensionProperties', arc: 'MachineExtensionProperties' };
/** The protected setting that onboards a machine; whoever has it can onboard machines to the tenant. */
const PACKAGE = 'defenderForEndpointOnboardingScript';

/** An extension as a caller wants it; of the protected settings only the hash of the onboarding package is left. */
export type WrittenExtension = Pick<
  Extension,
  | 'name'
  | 'publisher'
  | 'type'
  | 'version'
  | 'settings'
  | 'autoUpgradeMinorVersion'
  | 'enableAutomaticUpgrade'
  | 'forceUpdateTag'
  | 'tags'
  | 'onboardingPackageHash'
>;

/** Throws Azure's 400 when the body is no extension, 409 when it would turn a known one into another. */
export function readExtension(machine: Machine, name: string, known: Extension | undefined, body: unknown): WrittenExtension {
  const given = readBody(written, body, TYPE[machine.kind]);
  const { publisher, type, typeHandlerVersion } = given.properties;
  const missing = Object.entries({ publisher, type, ...(machine.vm ? { typeHandlerVersion } : {}) }).find(([, value]) => !value)?.[0];
  if (missing) throw new ArmError(400, 'InvalidParameter', `Required parameter '${missing}' is missing (null).`);
  const base: WrittenExtension = {
    name: known?.name ?? name,
    publisher: publisher ?? '',
    type: type ?? '',
    version: '1.0',
    settings: {},
    autoUpgradeMinorVersion: machine.arc !== null,
    enableAutomaticUpgrade: false,
    forceUpdateTag: '',
    tags: given.tags ?? {},
    onboardingPackageHash: '',
  };
  return merged(machine, base, known, given.properties);
}

/** What a PATCH makes of a known extension, and whether it has to be installed again. */
export function readExtensionUpdate(machine: Machine, known: Extension, body: unknown): { wanted: WrittenExtension; again: boolean } {
  const given = readBody(update, body, `${TYPE[machine.kind]}Update`);
  const { state: _state, message: _message, changedAt: _at, ...rest } = known;
  const base: WrittenExtension = { ...rest, tags: given.tags ?? known.tags ?? {} };
  return { wanted: merged(machine, base, known, given.properties ?? {}), again: given.properties != null };
}

function merged(machine: Machine, base: WrittenExtension, known: Extension | undefined, given: Properties): WrittenExtension {
  for (const key of ['publisher', 'type'] as const) {
    if (!known || given[key] === undefined || known[key].toLowerCase() === given[key].toLowerCase()) continue;
    throw new ArmError(
      409,
      'PropertyChangeNotAllowed',
      `Changing property '${key}' of extension '${machine.name}/${known.name}' is not allowed.`,
    );
  }
  const secret = given.protectedSettings?.[PACKAGE];
  return {
    ...base,
    version: given.typeHandlerVersion ?? base.version,
    settings: given.settings ?? base.settings,
    autoUpgradeMinorVersion: given.autoUpgradeMinorVersion ?? base.autoUpgradeMinorVersion,
    enableAutomaticUpgrade: given.enableAutomaticUpgrade ?? base.enableAutomaticUpgrade,
    forceUpdateTag: given.forceUpdateTag ?? base.forceUpdateTag,
    onboardingPackageHash: typeof secret === 'string' && secret !== '' ? sha256(secret) : base.onboardingPackageHash,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
