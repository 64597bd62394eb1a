import type { Machine } from '../../estates/machine.ts';
import type { Parameter } from '../state.ts';
import { settle } from './protection.ts';

export interface ScriptResult {
  script: string;
  exitCode: number;
  output: string;
  error: string;
  /** Whether anything in the machine is different now. */
  changed: boolean;
}

/** What the script was given, and whether the machine only pretends to do it. */
interface Given {
  nonce: string;
  /** Parameters by lower-case name. */
  values: ReadonlyMap<string, string>;
  lie: boolean;
}

interface Script {
  os: 'windows' | 'linux';
  /** What the script says of parameters it cannot use; null when it can. */
  refuse?(values: ReadonlyMap<string, string>): string | null;
  /** The JSON the script prints and whether it changed the machine. */
  run(machine: Machine, given: Given): { line: Record<string, unknown>; changed: boolean };
}

const SCRIPTS: Record<string, Script> = {
  'probe-windows': { os: 'windows', run: (machine, { nonce }) => ({ line: windowsProbe(machine, nonce), changed: false }) },
  'probe-linux': { os: 'linux', run: (machine, { nonce }) => ({ line: linuxProbe(machine, nonce), changed: false }) },
  'set-passive-mode': { os: 'windows', refuse: refuseState, run: setPassiveMode },
};

/** Does in the machine what the script named in its header line would do; an unknown script ends with exit code 1. */
export function runScript(machine: Machine, text: string, parameters: Parameter[], lie: boolean): ScriptResult {
  const [, id = ''] = /^# greenlight-script: ([a-z-]+) v\d+\s*$/m.exec(text.split('\n').slice(0, 5).join('\n')) ?? [];
  const script = SCRIPTS[id];
  if (!script) return failed(id || 'unknown', 'this machine does not know what the script does');
  if (script.os !== machine.os.type) return failed(id, `${id}: not a script for ${machine.os.type || 'this operating system'}`);
  const values = new Map(parameters.map((parameter) => [parameter.name.toLowerCase(), parameter.value]));
  const nonce = values.get('nonce');
  if (!nonce) return failed(id, `${id}: cannot process command because of one or more missing mandatory parameters: Nonce.`);
  const refusal = script.refuse?.(values) ?? null;
  if (refusal !== null) return failed(id, refusal);
  const { line, changed } = script.run(machine, { nonce, values, lie: lie || machine.lies });
  return { script: id, exitCode: 0, output: `${JSON.stringify(line)}\n`, error: '', changed };
}

function failed(script: string, error: string): ScriptResult {
  return { script, exitCode: 1, output: '', error, changed: false };
}

function refuseState(values: ReadonlyMap<string, string>): string | null {
  const state = values.get('state') ?? '';
  return state === 'on' || state === 'off' ? null : `State must be on or off, not '${state}'`;
}

function setPassiveMode(machine: Machine, { nonce, values, lie }: Given) {
  const { guest } = machine;
  const before = structuredClone(guest);
  const wanted = values.get('state') === 'on' ? 1 : null;
  const changed = !lie && guest.passiveKey !== wanted;
  if (changed) {
    guest.passiveKey = wanted;
    settle(guest, before);
  }
  return { line: { v: 1, script: 'set-passive-mode', nonce, before: before.passiveKey, after: wanted }, changed };
}

function windowsProbe({ name, guest }: Machine, nonce: string): Record<string, unknown> {
  const { defender } = guest;
  const { disabledByPolicy: _, ...shown } = defender ?? {};
  return {
    v: 1,
    script: 'probe-windows',
    nonce,
    host: name,
    osBuild: guest.osBuild,
    lastBoot: guest.lastBoot,
    passiveKey: guest.passiveKey,
    onboarded: guest.onboarded,
    defender: defender && shown,
    rebootPending: guest.rebootPending,
    thirdParty: guest.thirdParty,
  };
}

function linuxProbe({ name, guest }: Machine, nonce: string): Record<string, unknown> {
  return { v: 1, script: 'probe-linux', nonce, host: name, mdatp: guest.mdatp, thirdParty: guest.thirdParty };
}
