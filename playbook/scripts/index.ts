import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../../core/hash.ts';

/** A script of ours: constant text, sent as it stands; values reach it only as Run Command parameters. */
export interface Script {
  readonly id: string;
  readonly text: string;
  /** Of the text's UTF-8 bytes; bound into every plan that sends it. */
  readonly sha256: string;
}

function script(id: string, file: string): Script {
  const text = readFileSync(fileURLToPath(new URL(file, import.meta.url)), 'utf8').replaceAll('\r\n', '\n');
  return { id, text, sha256: sha256(text) };
}

export const scripts = {
  probeWindows: script('probe-windows', './probe-windows.ps1'),
  probeLinux: script('probe-linux', './probe-linux.sh'),
  setPassiveMode: script('set-passive-mode', './set-passive-mode.ps1'),
} as const;
