import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../../core/hash.ts';
import type { ScriptExit } from '../../core/plan.ts';
import { ASKED_HOTFIXES } from '../hotfixes.ts';
import { FEATURE_EXITS } from '../platform/feature-exits.ts';
import { products } from '../products/index.ts';
import type { Tables } from './tables.ts';
import { powerShellNames, powerShellProducts, shellProducts, shellUnits, withTables } from './tables.ts';

/** A script of ours: constant text, sent as it stands; values reach it only as Run Command parameters. */
export interface Script {
  readonly id: string;
  readonly text: string;
  /** Of the text's UTF-8 bytes; bound into every plan that sends it. */
  readonly sha256: string;
  /** What its own exit codes mean; left out where any but 0 is a failure. */
  readonly exits?: Readonly<Record<string, ScriptExit>>;
}

function script(id: string, file: string, tables: Tables = {}): Script {
  const template = readFileSync(fileURLToPath(new URL(file, import.meta.url)), 'utf8').replaceAll('\r\n', '\n');
  const text = withTables(template, tables);
  return { id, text, sha256: sha256(text) };
}

export const scripts = {
  probeWindows: script('probe-windows', './probe-windows.ps1', {
    products: powerShellProducts(products),
    hotfixes: powerShellNames(ASKED_HOTFIXES),
  }),
  probeLinux: script('probe-linux', './probe-linux.sh', { units: shellUnits(products), products: shellProducts(products) }),
  setPassiveMode: script('set-passive-mode', './set-passive-mode.ps1'),
  setPassiveModeLinux: script('set-passive-mode-linux', './set-passive-mode-linux.sh'),
  restartWindows: script('restart-windows', './restart-windows.ps1'),
  restartLinux: script('restart-linux', './restart-linux.sh'),
  installFeatureWindows: { ...script('install-feature-windows', './install-feature-windows.ps1'), exits: FEATURE_EXITS },
  clearPassiveModeWindows: script('clear-passive-mode-windows', './clear-passive-mode-windows.ps1'),
  clearPassiveModeLinux: script('clear-passive-mode-linux', './clear-passive-mode-linux.sh'),
  makeActiveWindows: script('make-active-windows', './make-active-windows.ps1', { products: powerShellProducts(products) }),
  makeActiveLinux: script('make-active-linux', './make-active-linux.sh', { units: shellUnits(products) }),
} as const;
