import type { Machine } from '../../estates/machine.ts';
import { windowsRelease } from '../../estates/windows-releases.ts';
import { installFeature, RESTART_NEEDED, removeFeature } from './feature.ts';
import type { Given, Script, ScriptEffect } from './script.ts';

/** What the script makes of DISM's codes; any other is 29. */
const OWN_CODES: Readonly<Record<number, number>> = {
  0: 0,
  [RESTART_NEEDED]: RESTART_NEEDED,
  2148468767: 20,
  2148469076: 21,
  14081: 22,
  2148468783: 23,
  2148468748: 28,
};

/** Installs the feature of Defender Antivirus or takes it off, and ends with a code of its own. */
export const installFeatureWindows: Script = {
  os: 'windows',
  refuse: (values) => (/^(on|off)$/i.test(stateOf(values)) ? null : `State must be on or off, not '${stateOf(values)}'`),
  run(machine, given) {
    const refusal = refusalOf(machine, given);
    if (refusal) return ended(given, false, refusal[0], '', refusal[1]);
    if (given.lie) return ended(given, false, RESTART_NEEDED, hex(RESTART_NEEDED), '');
    const wanted = machine.guest.defender?.featureAfterBoot;
    const { values, now } = given;
    const image = values.get('image') ?? '';
    const source = image === '' ? null : `wim:${image}:${values.get('index')}`;
    const { exitCode } = stateOf(values).toLowerCase() === 'on' ? installFeature(machine, source, now) : removeFeature(machine, false, now);
    const code = OWN_CODES[exitCode] ?? 29;
    const failed = code !== 0 && code !== RESTART_NEEDED;
    const error = failed ? `DISM ended with ${hex(exitCode)}.` : '';
    return ended(given, machine.guest.defender?.featureAfterBoot !== wanted, code, hex(exitCode), error);
  },
};

/** In the order in which the script looks. */
function refusalOf(machine: Machine, { values }: Given): readonly [code: number, because: string] | null {
  const { guest } = machine;
  const release = windowsRelease(machine);
  if (!release?.feature || !guest.defender) return [28, 'Windows knows no feature of Defender Antivirus.'];
  const on = stateOf(values).toLowerCase() === 'on';
  const { feature, featureAfterBoot, disabledByPolicy } = guest.defender;
  const reached = ((featureAfterBoot ?? feature) === 'Installed') === on;
  if (reached) return null;
  if (guest.rebootPending) return [23, 'Windows waits for a restart.'];
  if (!on) return null;
  if (guest.passiveKey !== 1) return [30, 'ForceDefenderPassiveMode is not 1.'];
  if (release.name === '2016' && disabledByPolicy) return [24, 'DisableAntiSpyware is 1.'];
  const path = values.get('image') ?? '';
  return path === '' ? null : imageRefusal(machine, path, values.get('sha256') ?? '');
}

function imageRefusal({ guest }: Machine, path: string, sha256: string): readonly [code: number, because: string] | null {
  const image = guest.images.find((one) => one.path.toLowerCase() === path.toLowerCase());
  if (!image) return [25, 'The image cannot be opened: Could not find the file.'];
  if (image.sha256 !== sha256.toLowerCase()) return [26, `The SHA-256 of the image is ${image.sha256}.`];
  const build = guest.osBuild.split('.')[0];
  if (image.build === '' || image.build === build) return null;
  return [27, `The image is of build ${image.build}, and the server of build ${build}.`];
}

function ended({ nonce, values }: Given, changed: boolean, exitCode: number, dism: string, error: string): ScriptEffect {
  const line = { v: 1, script: 'install-feature-windows', nonce, state: stateOf(values), code: exitCode, dism };
  return { line, changed, exitCode, error: error === '' ? '' : `${error}\n` };
}

function stateOf(values: ReadonlyMap<string, string>): string {
  return values.get('state') ?? '';
}

function hex(code: number): string {
  return `0x${code.toString(16).padStart(8, '0')}`;
}
