import type { Machine } from '../../estates/machine.ts';

/** What a script was given and when it runs. */
export interface Given {
  nonce: string;
  /** Parameters by lower-case name. */
  values: ReadonlyMap<string, string>;
  /** The machine only pretends to do it. */
  lie: boolean;
  /** Virtual ms. */
  now: number;
}

export interface ScriptEffect {
  line: Record<string, unknown>;
  changed: boolean;
  /** 0 when left out. */
  exitCode?: number;
  /** What it prints as an error; nothing when left out. */
  error?: string;
  /** The machine goes down that long afterwards (virtual ms). */
  restartsInMs?: number;
}

/** A script as the machine understands it: what it prints, and whether anything is different afterwards. */
export interface Script {
  os: 'windows' | 'linux';
  /** What it says of parameters it cannot use, or on a machine where it cannot do it; null when it can. */
  refuse?(values: ReadonlyMap<string, string>, machine: Machine): string | null;
  run(machine: Machine, given: Given): ScriptEffect;
}
