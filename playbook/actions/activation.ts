import type { Expectation } from '../../core/expectation.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Item } from '../../core/plan.ts';
import type { Script } from '../scripts/index.ts';
import { scripts } from '../scripts/index.ts';
import { probe } from './probe.ts';
import { runCommand } from './run-command.ts';

/** The scripts that {@link activation} may send. */
export const ACTIVATION_SCRIPTS: readonly Script[] = [
  scripts.clearPassiveModeWindows,
  scripts.clearPassiveModeLinux,
  scripts.probeWindows,
  scripts.probeLinux,
];

/**
 * Passive mode cleared, and a separate look that Defender is the active engine. It does no harm to do it twice, so it is also what brings a
 * machine to safety that no longer has its old product. `change` and `proof` name the two calls.
 */
export function activation(machine: MachineFacts, change: string, proof: string): readonly Item[] {
  const linux = machine.os === 'linux';
  const script = linux ? scripts.clearPassiveModeLinux : scripts.clearPassiveModeWindows;
  const describes = linux ? 'switch the passive mode of mdatp off' : 'remove ForceDefenderPassiveMode';
  return [
    { do: 'change', safe: false, call: runCommand(machine, script, change, describes, {}) },
    probe(machine, activeOn(machine), proof),
  ];
}

/** What a probe must find where Defender is the active engine. */
export function activeOn(machine: MachineFacts): readonly Expectation[] {
  return machine.os === 'linux' ? ACTIVE_ON_LINUX : ACTIVE_ON_WINDOWS;
}

/**
 * Only this is active: AMRunningMode has other values in which Defender looks on (Microsoft, “Defender Antivirus compatibility”); for mdatp its
 * health tells (“Investigate agent health issues”).
 */
const ACTIVE: readonly Expectation[] = [
  { path: 'defender.mode', equals: 'Normal', words: 'Defender is in mode Normal' },
  { path: 'defender.antivirusEnabled', equals: true, words: 'its antivirus is on' },
  { path: 'defender.realTimeProtection', equals: true, words: 'its real-time protection is on' },
];

const ACTIVE_ON_WINDOWS: readonly Expectation[] = [
  ...ACTIVE,
  { path: 'passiveKey', equals: null, words: 'ForceDefenderPassiveMode is not set' },
];

const ACTIVE_ON_LINUX: readonly Expectation[] = [
  ...ACTIVE,
  { path: 'defender.healthy', equals: true, words: 'mdatp calls itself healthy' },
  { path: 'passiveKey', equals: 0, words: 'mdatp is not in passive mode' },
];
