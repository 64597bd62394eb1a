import { at, isJsonObject } from '../core/json.ts';

/** Something that only shows when two places of the file are seen together. */
export interface CrossIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** True when the key itself is wrong, not its value. */
  readonly atKey?: boolean;
}

interface Uniqueness {
  readonly list: readonly string[];
  /** Compared without regard to case; null leaves the entry out. */
  readonly key: (entry: unknown, file: unknown) => unknown;
  readonly message: string;
}

const unique: readonly Uniqueness[] = [
  { list: ['subscriptions'], key: (entry) => at(entry, 'id'), message: 'each subscription once' },
  { list: ['subscriptions'], key: (entry) => at(entry, 'name'), message: 'a different name for each subscription' },
  { list: ['rings'], key: (entry) => at(entry, 'name'), message: 'a different name for each ring' },
  { list: ['rings'], key: (entry) => at(entry, 'tag'), message: 'a different tag for each ring' },
  { list: ['approvers'], key: approverKey, message: 'each approver once' },
  { list: ['digest', 'days'], key: (entry) => entry, message: 'each day once' },
];

/** Checks between entries, on the file as it was read: they hold whatever else is wrong, so that every error shows at once. */
export function crossIssues(file: unknown): readonly CrossIssue[] {
  return [...unique.flatMap((row) => repeats(file, row)), ...quorumIssues(file)];
}

function repeats(file: unknown, { list, key, message }: Uniqueness): readonly CrossIssue[] {
  const keys = entriesOf(file, list.join('.')).map((entry) => textOf(key(entry, file)));
  return keys.flatMap((value, index) => (value !== null && keys.indexOf(value) < index ? [{ path: [...list, index], message }] : []));
}

function quorumIssues(file: unknown): readonly CrossIssue[] {
  const quorum = at(file, 'quorum');
  const approvers = new Set(entriesOf(file, 'approvers').map((entry) => textOf(approverKey(entry, file)))).size;
  if (typeof quorum !== 'number' || approvers === 0 || quorum <= approvers) return [];
  const words = approvers === 1 ? 'there is only 1 approver' : `there are only ${approvers} approvers`;
  return [{ path: ['quorum'], message: `a quorum the approvers can reach: ${words}` }];
}

/** One person in two tenants is two people. */
function approverKey(entry: unknown, file: unknown): unknown {
  const id = at(entry, 'id');
  const tenantId = at(entry, 'tenantId') ?? at(file, 'channel.tenantId') ?? '';
  return typeof id === 'string' ? `${textOf(tenantId) ?? ''}/${id}` : null;
}

function entriesOf(file: unknown, path: string): readonly unknown[] {
  const list = isJsonObject(file) ? at(file, path) : null;
  return Array.isArray(list) ? list : [];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().toLowerCase() : null;
}
