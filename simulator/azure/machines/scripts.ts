import type { Machine } from '../../estates/machine.ts';
import type { Parameter } from '../state.ts';
import { clearPassiveModeLinux, clearPassiveModeWindows } from './clear-passive-mode.ts';
import { customerRemoval } from './customer-removal.ts';
import { installFeatureWindows } from './install-feature.ts';
import { makeActiveLinux, makeActiveWindows } from './make-active.ts';
import { probeLinux } from './probe-linux.ts';
import { probeWindows } from './probe-windows.ts';
import { restartScript } from './restart-script.ts';
import type { Script } from './script.ts';
import { setPassiveMode } from './set-passive-mode.ts';
import { setPassiveModeLinux } from './set-passive-mode-linux.ts';

export interface ScriptResult {
  script: string;
  exitCode: number;
  output: string;
  error: string;
  /** Whether anything in the machine is different now. */
  changed: boolean;
  /** The machine goes down that long afterwards (virtual ms); null when it does not. */
  restartsInMs: number | null;
}

/** How a script is to be run: `now` in virtual ms; with `lie` it says it did and does not. */
export interface ScriptRun {
  parameters: readonly Parameter[];
  lie: boolean;
  now: number;
}

const HEADER = /^# greenlight-script: ([a-z-]+) (v\d+)\s*$/m;

/** By what the header line says: the id and the version. */
const SCRIPTS: Readonly<Record<string, Script>> = {
  'probe-windows v2': probeWindows,
  'probe-linux v2': probeLinux,
  'set-passive-mode v1': setPassiveMode,
  'set-passive-mode-linux v1': setPassiveModeLinux,
  'restart-windows v1': restartScript('windows', 'restart-windows'),
  'restart-linux v1': restartScript('linux', 'restart-linux'),
  'install-feature-windows v1': installFeatureWindows,
  'clear-passive-mode-windows v1': clearPassiveModeWindows,
  'clear-passive-mode-linux v1': clearPassiveModeLinux,
  'make-active-windows v1': makeActiveWindows,
  'make-active-linux v1': makeActiveLinux,
};

/** Does in the machine what the script named in its header line would do; a script it does not know changes nothing. */
export function runScript(machine: Machine, text: string, { parameters, lie, now }: ScriptRun): ScriptResult {
  const [, id = 'unknown', version = ''] = HEADER.exec(text.split('\n').slice(0, 5).join('\n')) ?? [];
  const script = SCRIPTS[`${id} ${version}`] ?? customerRemoval(text, machine.os.type === 'linux' ? 'linux' : 'windows');
  if (!machine.guestKnown) return failed(id, 'Nobody has told what is inside this machine.\n');
  if (script?.os !== machine.os.type) return failed(id, notFound(machine, version === '' ? firstWord(text) : `${id} ${version}`));
  const values = new Map(parameters.map((parameter) => [parameter.name.toLowerCase(), parameter.value]));
  const refusal = script.refuse?.(values, machine) ?? null;
  if (refusal !== null) return failed(id, refusal);
  const {
    line,
    changed,
    exitCode = 0,
    error = '',
    restartsInMs = null,
  } = script.run(machine, { nonce: values.get('nonce') ?? '', values, lie: lie || machine.lies, now });
  return { script: id, exitCode, output: `${JSON.stringify(line)}\n`, error, changed, restartsInMs };
}

function failed(script: string, error: string): ScriptResult {
  return { script, exitCode: 1, output: '', error, changed: false, restartsInMs: null };
}

// The words of PowerShell and of sh for something they do not know.
function notFound({ os }: Machine, what: string): string {
  if (os.type === 'linux') return `sh: 1: ${what}: not found\n`;
  return `${what} : The term '${what}' is not recognized as the name of a cmdlet, function, script file, or operable program.\n`;
}

function firstWord(text: string): string {
  const line = text.split('\n').find((candidate) => /^\s*[^#\s]/.test(candidate)) ?? '';
  return line.trim().split(/\s/)[0]?.slice(0, 60) || 'unknown';
}
