import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { type Document, isMap, isNode, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { sha256 } from '../core/hash.ts';
import type { Migration } from '../core/migration.ts';
import { actionIssues, namedBy } from './action-options.ts';
import { crossIssues } from './migration-checks.ts';
import { migrationFrom } from './migration-from.ts';
import type { CrossIssue } from './migration-raw.ts';
import { migrationSchema } from './migration-schema.ts';

/** Far above any real file; a bigger one is refused before it is parsed. */
const LARGEST = 1_048_576;
const MOST_ERRORS = 50;

/** Something wrong in the file. Lines and columns count from 1; `path` is empty for the file as a whole. */
export interface FileError {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  /** What should stand there. */
  readonly expected: string;
}

export type ParsedMigration =
  | { readonly kind: 'ok'; readonly migration: Migration }
  | { readonly kind: 'errors'; readonly file: string; readonly errors: readonly FileError[] };

/** What the text of a migration file does not say about itself. */
export interface Around {
  /** The folder its paths go from; the present one when left out. */
  readonly folder?: string;
  /** Ids of the steps that a migration may switch off; not checked when left out. */
  readonly optionalSteps?: readonly string[];
  /** Where secrets are; the process’s own when left out. */
  readonly environment?: NodeJS.ProcessEnv;
  /** True for a version that was accepted before: a removal script that is not what it was then is left out of it, and no error. */
  readonly kept?: true;
}

/** Reads a migration file from disk; a file that cannot be read is an error like any other. */
export async function readMigration(path: string, around: Omit<Around, 'folder'> = {}): Promise<ParsedMigration> {
  const found = await readMigrationText(path);
  if (found.kind !== 'ok') return found;
  return parseMigration(found.text, basename(path), { ...around, folder: dirname(path) });
}

/** The text of a migration file as it lies on disk. */
export async function readMigrationText(
  path: string,
): Promise<{ readonly kind: 'ok'; readonly text: string } | Extract<ParsedMigration, { kind: 'errors' }>> {
  const fileName = basename(path);
  try {
    if ((await stat(path)).size > LARGEST) return tooLarge(fileName);
    return { kind: 'ok', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path)) };
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    const expected = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'text in UTF-8' : `a file that can be read (${code})`;
    return errorsIn(fileName, [{ line: 1, column: 1, path: '', expected }]);
  }
}

/** Reads the text of a migration file; every error at once, each with its line and what was expected there. */
export function parseMigration(text: string, fileName: string, around: Around = {}): ParsedMigration {
  const { folder = '.', optionalSteps, environment = process.env, kept = false } = around;
  if (Buffer.byteLength(text) > LARGEST) return tooLarge(fileName);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const broken = [...syntaxErrors(document, lines), ...aliases(document, lines)];
  if (broken.length > 0) return errorsIn(fileName, broken);
  const file: unknown = document.toJS({ maxAliasCount: 0 });
  const parsed = migrationSchema.safeParse(file);
  const named = namedBy((path) => readFileSync(resolve(folder, path)), environment);
  const outside = parsed.success && !kept ? actionIssues(parsed.data.actions, named) : [];
  const issues = [...spelledOut(parsed.error?.issues ?? []), ...crossIssues(file, optionalSteps ?? null), ...outside];
  const errors = issues.map((issue) => located(issue, document, lines));
  if (!parsed.success || errors.length > 0) return errorsIn(fileName, errors);
  return { kind: 'ok', migration: migrationFrom(parsed.data, sha256(text), folder, named) };
}

/** One line a person can act on: `migration.yaml:12:3 approvers.0.id: expected …`. */
export function describeFileError(file: string, { line, column, path, expected }: FileError): string {
  return `${file}:${line}:${column} ${path === '' ? '' : `${path}: `}expected ${expected}`;
}

function tooLarge(file: string): Extract<ParsedMigration, { kind: 'errors' }> {
  return errorsIn(file, [{ line: 1, column: 1, path: '', expected: 'a file of at most 1 MB' }]);
}

function errorsIn(file: string, errors: readonly FileError[]): Extract<ParsedMigration, { kind: 'errors' }> {
  const sorted = errors.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { kind: 'errors', file, errors: sorted.slice(0, MOST_ERRORS) };
}

function syntaxErrors(document: Document.Parsed, lines: LineCounter): readonly FileError[] {
  return [...document.errors, ...document.warnings].map((error) => ({
    ...position(error.pos[0], lines),
    path: '',
    expected: `YAML that can be read (${error.message.split('\n')[0]})`,
  }));
}

/** An alias can blow a small file up to any size, and hides from a reviewer what stands where. */
function aliases(document: Document.Parsed, lines: LineCounter): readonly FileError[] {
  const found: FileError[] = [];
  visit(document, {
    Alias(_key, node) {
      found.push({
        ...position(node.range?.[0] ?? 0, lines),
        path: '',
        expected: 'the value itself: aliases are not used in a migration file',
      });
    },
  });
  return found;
}

/** Unknown keys get an error each. */
function spelledOut(issues: readonly z.core.$ZodIssue[]): readonly CrossIssue[] {
  return issues.flatMap((issue) => {
    const path = issue.path as (string | number)[];
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `${issue.message}; there is no ${JSON.stringify(key)}`,
      atKey: true,
    }));
  });
}

function located(issue: CrossIssue, document: Document.Parsed, lines: LineCounter): FileError {
  return { ...position(offsetOf(issue, document), lines), path: issue.path.join('.'), expected: issue.message };
}

/** Where a value stands; for one that is not there, what should hold it. */
function offsetOf({ path, atKey }: CrossIssue, document: Document.Parsed): number {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  const holder = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const key = isMap(holder) ? holder.items.find((pair) => isNode(pair.key) && String(pair.key) === String(path.at(-1)))?.key : null;
  const known = atKey ? key : node;
  if (isNode(known) && known.range) return known.range[0];
  return path.length === 0 ? 0 : offsetOf({ path: path.slice(0, -1), message: '' }, document);
}

function position(offset: number, lines: LineCounter): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
