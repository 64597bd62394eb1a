import { z } from 'zod';
import type { Machine } from '../../estates/machine.ts';
import { ArmError } from '../arm-error.ts';
import type { PatchWish } from '../state.ts';
import { readBody } from './read-body.ts';

const HOUR = 60;
const SHORTEST = HOUR / 2;
const LONGEST = 4 * HOUR;
const WINDOWS = ['Critical', 'Security', 'UpdateRollUp', 'FeaturePack', 'ServicePack', 'Definition', 'Tools', 'Updates'];
const LINUX = ['Critical', 'Security', 'Other'];

const among = (names: string[]) => {
  const known = new Map(names.map((name) => [name.toLowerCase(), name]));
  return z.array(z.string().refine((name) => known.has(name.toLowerCase()), `must be one of ${names.join(', ')}`)).nullish();
};
const masks = z.array(z.string().min(1)).nullish();
const numbers = z.array(z.string().regex(/^(KB)?\d{4,8}$/i, 'must be KB numbers')).nullish();

const schema = z.strictObject({
  maximumDuration: z.string().nullish(),
  rebootSetting: z.enum(['IfRequired', 'Never', 'Always']),
  windowsParameters: z
    .strictObject({
      classificationsToInclude: among(WINDOWS),
      kbNumbersToInclude: numbers,
      kbNumbersToExclude: numbers,
      excludeKbsRequiringReboot: z.boolean().nullish(),
      maxPatchPublishDate: z.iso.datetime({ offset: true }).nullish(),
      patchNameMasksToInclude: masks,
      patchNameMasksToExclude: masks,
    })
    .nullish(),
  linuxParameters: z
    .strictObject({
      classificationsToInclude: among(LINUX),
      packageNameMasksToInclude: masks,
      packageNameMasksToExclude: masks,
      maintenanceRunId: z.string().nullish(),
    })
    .nullish(),
});

/** What installPatches is asked for; throws Azure's 400 when it does not fit the machine. */
export function readPatchWish(machine: Machine, body: unknown): PatchWish {
  const given = readBody(schema, body, 'VirtualMachineInstallPatchesParameters');
  requireDuration(given.maximumDuration ?? null, machine.kind === 'arc');
  const other = machine.os.type === 'linux' ? 'windowsParameters' : 'linuxParameters';
  if (given[other])
    throw new ArmError(400, 'InvalidParameter', `'${other}' cannot be used for a machine with OS type '${machine.os.type}'.`);
  const { windowsParameters: windows, linuxParameters: linux } = given;
  return {
    rebootSetting: given.rebootSetting,
    classifications: windows?.classificationsToInclude ?? linux?.classificationsToInclude ?? [],
    kbNumbers: (windows?.kbNumbersToInclude ?? []).map(digits),
    excludedKbNumbers: (windows?.kbNumbersToExclude ?? []).map(digits),
    nameMasks: windows?.patchNameMasksToInclude ?? linux?.packageNameMasksToInclude ?? [],
    excludedNameMasks: windows?.patchNameMasksToExclude ?? linux?.packageNameMasksToExclude ?? [],
    excludeRebooting: windows?.excludeKbsRequiringReboot ?? false,
    publishedUntil: windows?.maxPatchPublishDate ?? null,
  };
}

function digits(number: string): string {
  return number.replace(/^KB/i, '');
}

function requireDuration(duration: string | null, needed: boolean): void {
  if (duration === null && !needed) return;
  const [whole, hours = '0', minutes = '0'] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(duration ?? '') ?? [];
  const total = Number(hours) * HOUR + Number(minutes);
  if (whole && total >= SHORTEST && total <= LONGEST) return;
  throw new ArmError(400, 'InvalidParameter', "The value of parameter 'maximumDuration' must be an ISO 8601 duration from PT30M to PT4H.");
}
