import { z } from 'zod';
import type { Machine } from '../../estates/machine.ts';
import { ArmError } from '../arm-error.ts';
import type { RunCommand } from '../state.ts';
import { placeName, readBody } from './read-body.ts';

const DEFAULT_TIMEOUT_SECONDS = 90 * 60;
const LONGEST_TIMEOUT_SECONDS = 90 * 24 * 60 * 60;

const text = z.string().nullish();
const readOnly = z.unknown().optional();
const parameter = z.strictObject({ name: z.string().min(1), value: z.string() });
const identity = z.strictObject({ clientId: text, objectId: text }).nullish();

const source = z.strictObject({ script: text, scriptUri: text, commandId: text, scriptUriManagedIdentity: identity });
const shared = z.strictObject({
  source,
  parameters: z.array(parameter).nullish(),
  protectedParameters: z.array(parameter).nullish(),
  asyncExecution: z.boolean().nullish(),
  runAsUser: text,
  runAsPassword: text,
  timeoutInSeconds: z.number().int().min(1).max(LONGEST_TIMEOUT_SECONDS).nullish(),
  outputBlobUri: text,
  errorBlobUri: text,
  outputBlobManagedIdentity: identity,
  errorBlobManagedIdentity: identity,
  provisioningState: readOnly,
  instanceView: readOnly,
});
const PROPERTIES = {
  vm: shared.extend({
    source: source.extend({ galleryScriptReferenceId: text, scriptShell: text }),
    treatFailureAsDeploymentFailure: z.boolean().nullish(),
  }),
  arc: shared,
} as const;
const tags = z.record(z.string(), z.string()).nullish();
// What ARM itself adds to a resource may come back with it.
const envelope = { id: readOnly, name: readOnly, type: readOnly, systemData: readOnly };
const WRITTEN = {
  vm: z.strictObject({ ...envelope, location: z.string().min(1), tags, properties: PROPERTIES.vm }),
  arc: z.strictObject({ ...envelope, location: z.string().min(1), tags, properties: PROPERTIES.arc }),
};
const UPDATE = {
  vm: z.strictObject({ tags, properties: PROPERTIES.vm.partial().nullish() }),
  arc: z.strictObject({ tags }),
};
type Source = z.infer<typeof PROPERTIES.vm.shape.source>;

/** A run command as a caller wrote it, checked. */
export interface WrittenRunCommand {
  location: string;
  tags: Record<string, string>;
  properties: z.infer<typeof PROPERTIES.vm>;
}

const SOURCES = ['script', 'scriptUri', 'commandId', 'galleryScriptReferenceId'] as const;
const TYPE = { vm: 'VirtualMachineRunCommandProperties', arc: 'MachineRunCommandProperties' };

/** Throws Azure's 400 when the body is no run command for this kind of machine. */
export function readRunCommand({ kind }: Machine, body: unknown): WrittenRunCommand {
  const { location, tags: given, properties } = readBody(WRITTEN[kind], body, TYPE[kind]);
  const sources = SOURCES.filter((name) => (properties.source as Source)[name] != null);
  if (sources.length !== 1) {
    throw new ArmError(
      400,
      'InvalidParameter',
      'Exactly one of script, scriptUri, commandId and galleryScriptReferenceId must be given as source.',
    );
  }
  const identities = [
    properties.source.scriptUriManagedIdentity,
    properties.outputBlobManagedIdentity,
    properties.errorBlobManagedIdentity,
  ];
  if (kind === 'arc' && identities.some((given) => given != null)) {
    throw new ArmError(400, 'InvalidParameter', 'Run commands on Azure Arc-enabled servers do not support a managed identity; use a SAS.');
  }
  return { location: placeName(location), tags: given ?? {}, properties };
}

/** What a PATCH makes of a run command: new tags, and whole new content when it changed any (virtual machines only). */
export function readRunCommandUpdate(
  machine: Machine,
  known: RunCommand,
  body: unknown,
): { tags: Record<string, string>; content: unknown } {
  const update = readBody(UPDATE[machine.kind], body, `${TYPE[machine.kind]}Update`);
  const properties = 'properties' in update ? update.properties : null;
  const given = update.tags ?? known.tags;
  if (!properties) return { tags: given, content: null };
  return { tags: given, content: { location: known.location, tags: given, properties: { ...known.properties, ...properties } } };
}

/** The run command before its first run. Passwords are not kept; protected parameters only until the script has run. */
export function runCommandOf(machine: Machine, name: string, written: WrittenRunCommand, fingerprint: string): RunCommand {
  const { protectedParameters, runAsPassword: _, provisioningState: _state, instanceView: _view, ...shown } = written.properties;
  const timeoutInSeconds = shown.timeoutInSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  const properties = { ...shown, asyncExecution: shown.asyncExecution ?? false, timeoutInSeconds };
  for (const key of ['outputBlobUri', 'errorBlobUri'] as const) if (properties[key]) properties[key] = withoutSas(properties[key]);
  if (properties.source.scriptUri) properties.source = { ...properties.source, scriptUri: withoutSas(properties.source.scriptUri) };
  return {
    machineId: machine.id,
    name,
    location: written.location,
    tags: written.tags,
    properties,
    script: shown.source.script ?? '',
    parameters: shown.parameters ?? [],
    protectedParameters: protectedParameters ?? [],
    timeoutMs: timeoutInSeconds * 1000,
    waitsForScript: !shown.asyncExecution,
    failsWithScript: shown.treatFailureAsDeploymentFailure ?? false,
    lie: false,
    fingerprint,
    provisioningState: 'Creating',
    operationId: '',
    execution: { state: 'Pending', message: '', exitCode: 0, output: '', error: '', requestedAt: 0, startedAt: null, endedAt: null },
  };
}

/** Why no machine of the pretend Azure can run it; null when it brings its script along. */
export function cannotRun({ properties }: RunCommand): string | null {
  const given = properties['source'] as Source;
  if (given.scriptUri) return `Execution failed: the script could not be downloaded from '${given.scriptUri}'.`;
  if (given.commandId) return `Execution failed: the machine has no command '${given.commandId}'.`;
  if (given.galleryScriptReferenceId) return `Execution failed: the gallery script '${given.galleryScriptReferenceId}' could not be read.`;
  return null;
}

// A shared access signature is a secret: whoever may read the run command must not get it.
function withoutSas(uri: string): string {
  return uri.split('?')[0] ?? uri;
}
