import type { ActionOptions, RemovalScript } from '../core/action-options.ts';
import { sha256 } from '../core/hash.ts';
import type { ScriptExit } from '../core/plan.ts';
import type { ActionsEntry } from './migration-actions.ts';
import type { CrossIssue } from './migration-raw.ts';

/** Reads what an entry names: a script’s text by its path from the file’s folder, and a secret’s bytes by its name. Null for what cannot be had. */
export interface Named {
  script(path: string): string | null;
  secret(name: string): string | null;
}

type Entry = ActionsEntry['remove-third-party']['scripts'][number];

/** The biggest script that a run command should carry. Bytes. */
const LARGEST_SCRIPT = 65_536;

/** What names something that is not there, or not what it is said to be. */
export function actionIssues(entry: ActionsEntry, named: Named): readonly CrossIssue[] {
  const { scripts } = entry['remove-third-party'];
  return scripts.flatMap((script, index) => {
    const path = ['actions', 'remove-third-party', 'scripts', index];
    const twice = scripts.findIndex((other) => sameProduct(other, script)) < index;
    return [
      ...(twice ? [{ path: [...path, 'vendor'], message: 'each vendor once for each system' }] : []),
      ...fileIssues(script, path, named.script(script.file)),
      ...Object.entries(script.secrets).flatMap(([parameter, name]) =>
        named.secret(name) === null
          ? [{ path: [...path, 'secrets', parameter], message: `a secret that is set: ${secretVariable(name)} in the environment` }]
          : [],
      ),
    ];
  });
}

function fileIssues({ sha256: said }: Entry, path: readonly (string | number)[], found: string | null): readonly CrossIssue[] {
  if (found === null) return [{ path: [...path, 'file'], message: 'a file that can be read, in UTF-8, of at most 64 kB' }];
  const is = sha256(found);
  return is === said ? [] : [{ path: [...path, 'sha256'], message: `the SHA-256 of the file, which is ${is}` }];
}

function sameProduct(a: Entry, b: Entry): boolean {
  return a.os === b.os && a.vendor.toLowerCase() === b.vendor.toLowerCase();
}

/** The environment variable that holds a secret of this name. */
export function secretVariable(name: string): string {
  return `GREENLIGHT_SECRET_${name.toUpperCase().replaceAll('-', '_')}`;
}

/** The options an entry describes. A removal script that is not what it is said to be, or lacks a secret, is left out. */
export function actionOptions(entry: ActionsEntry, named: Named): ActionOptions {
  const { 'install-defender-feature': feature, 'assign-defender-initiative': initiative, 'remove-third-party': removal } = entry;
  return {
    installDefenderFeature: { image: feature.image ?? null, withoutExclusions: feature.withoutExclusions ?? null },
    installUpdates: entry['install-updates'],
    createExclusionPolicy: entry['create-exclusion-policy'],
    assignDefenderInitiative: { ...initiative, identity: initiative.identity ?? null },
    removeThirdParty: {
      unprotectedMinutes: removal.unprotectedMinutes,
      scripts: removal.scripts.filter((script) => isWhole(script, named)).map((script) => removalScript(script, named)),
    },
  };
}

function isWhole({ file, sha256: said, secrets }: Entry, named: Named): boolean {
  const text = named.script(file);
  return text !== null && sha256(text) === said && Object.values(secrets).every((name) => named.secret(name) !== null);
}

function removalScript(entry: Entry, named: Named): RemovalScript {
  const { vendor, os, sha256: hash, minutes, doneExitCodes } = entry;
  const exit: ScriptExit = { done: true, words: 'the vendor’s script says it is done' };
  const text = named.script(entry.file) ?? '';
  const id = `remove-${vendor.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${os}`;
  return {
    vendor,
    os,
    minutes,
    script: { id, text, sha256: hash, exits: Object.fromEntries(doneExitCodes.map((code) => [String(code), exit])) },
    secrets: Object.fromEntries(
      Object.entries(entry.secrets).map(([parameter, name]) => [
        parameter,
        { ref: `setting/${name}`, sha256: sha256(named.secret(name) ?? '') },
      ]),
    ),
  };
}

/** Reads scripts through `readBytes` and secrets from an environment. */
export function namedBy(readBytes: (path: string) => Uint8Array, environment: NodeJS.ProcessEnv): Named {
  return {
    script(path) {
      try {
        const bytes = readBytes(path);
        return bytes.length > LARGEST_SCRIPT ? null : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch {
        return null;
      }
    },
    secret: (name) => environment[secretVariable(name)] || null,
  };
}
