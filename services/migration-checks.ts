import { actionClasses } from '../core/policy.ts';
import type { CrossIssue } from './migration-raw.ts';
import { entriesAt, keysAt, personOf, textOf, valueAt } from './migration-raw.ts';
import { repeatIssues } from './migration-repeats.ts';
import { wallOf } from './zone.ts';

const QUORUM_UNLESS_SAID = 2;
const STEP_ID = /^[a-z0-9][a-z0-9-]{0,79}$/;
const LONGEST_TAG_VALUE = 256;

const checks: readonly ((file: unknown, optionalSteps: readonly string[] | null) => readonly CrossIssue[])[] = [
  repeatIssues,
  quorumIssues,
  roleIssues,
  alternateIssues,
  stepIssues,
  switchedOffIssues,
  ownerIssues,
  ownersSignIssues,
  inWindowIssues,
  windowRingIssues,
  freezeIssues,
];

/**
 * Checks between entries, on the file as it was read: they hold whatever else is wrong, so that every error shows at once. `optionalSteps` are
 * the steps that may be switched off; null where nobody knows them.
 */
export function crossIssues(file: unknown, optionalSteps: readonly string[] | null): readonly CrossIssue[] {
  return checks.flatMap((check) => check(file, optionalSteps));
}

function quorumIssues(file: unknown): readonly CrossIssue[] {
  const approvers = approversOf(file).size;
  if (approvers === 0) return [];
  const words = approvers === 1 ? 'there is only 1 approver' : `there are only ${approvers} approvers`;
  const stated = [['quorum'], ...actionClasses.map((name) => ['signOff', name, 'quorum'])].flatMap((path) => {
    const quorum = valueAt(file, path);
    if (typeof quorum !== 'number' || quorum <= approvers) return [];
    return [{ path, message: `a quorum the approvers can reach: ${words}` }];
  });
  if (valueAt(file, ['quorum']) !== undefined || approvers >= QUORUM_UNLESS_SAID) return stated;
  return [
    ...stated,
    { path: ['quorum'], message: `a quorum, or a second approver: it is ${QUORUM_UNLESS_SAID} unless the file says so, and ${words}` },
  ];
}

function roleIssues(file: unknown): readonly CrossIssue[] {
  const roles = new Set(entriesAt(file, ['approvers']).map((entry) => textOf(valueAt(entry, ['role'])))).size;
  if (roles === 0) return [];
  const words = roles === 1 ? 'they have only 1 role' : `they have only ${roles} roles`;
  return actionClasses.flatMap((name) => {
    const path = ['signOff', name, 'distinctRoles'];
    const wanted = valueAt(file, path);
    return typeof wanted === 'number' && wanted > roles ? [{ path, message: `as many roles as the approvers have: ${words}` }] : [];
  });
}

function alternateIssues(file: unknown): readonly CrossIssue[] {
  const approvers = approversOf(file);
  const list = ['people', 'alternates', 'people'];
  return entriesAt(file, list).flatMap((entry, index) => {
    const person = personOf(entry, file);
    return person !== null && approvers.has(person) ? [{ path: [...list, index], message: 'somebody who is not an approver already' }] : [];
  });
}

function stepIssues(file: unknown): readonly CrossIssue[] {
  const map = ['people', 'attesters'];
  const wrong = keysAt(file, map).filter((key) => !STEP_ID.test(key));
  return wrong.map((key) => ({ path: [...map, key], message: 'the id of a step, such as arc-connected', atKey: true }));
}

function switchedOffIssues(file: unknown, optionalSteps: readonly string[] | null): readonly CrossIssue[] {
  const map = ['switchedOff'];
  return keysAt(file, map).flatMap((key) => {
    const at = { path: [...map, key], atKey: true };
    if (!STEP_ID.test(key)) return [{ ...at, message: 'the id of a step, such as managed-by-defender' }];
    if (optionalSteps === null || optionalSteps.includes(key)) return [];
    const which = optionalSteps.length === 0 ? 'there is none' : `one of ${optionalSteps.join(', ')}`;
    return [{ ...at, message: `a step that may be switched off: ${which}` }];
  });
}

function ownerIssues(file: unknown): readonly CrossIssue[] {
  const map = ['people', 'owners', 'people'];
  const keys = keysAt(file, map);
  const values = keys.map(textOf);
  return keys.flatMap((key, index) => {
    const at = { path: [...map, key], atKey: true };
    const fits = key.trim() === key && key !== '' && key !== '__proto__' && key.length <= LONGEST_TAG_VALUE;
    if (!fits) return [{ ...at, message: `a value of the tag, without blanks around it, at most ${LONGEST_TAG_VALUE} characters` }];
    return values.indexOf(values[index] ?? null) < index ? [{ ...at, message: 'each value of the tag once' }] : [];
  });
}

function ownersSignIssues(file: unknown): readonly CrossIssue[] {
  if (valueAt(file, ['people', 'owners']) !== undefined) return [];
  return classesThatSay(file, 'ownersSign').map((path) => ({ path, message: 'false, or people.owners to say who the owners are' }));
}

function inWindowIssues(file: unknown): readonly CrossIssue[] {
  const windows = valueAt(file, ['windows']);
  if (windows !== undefined && !(Array.isArray(windows) && windows.length === 0)) return [];
  return classesThatSay(file, 'inWindow').map((path) => ({ path, message: 'false, or at least one window' }));
}

function windowRingIssues(file: unknown): readonly CrossIssue[] {
  const rings = entriesAt(file, ['rings']).map((ring) => textOf(valueAt(ring, ['name'])));
  const names = entriesAt(file, ['rings']).flatMap((ring) => {
    const name = valueAt(ring, ['name']);
    return typeof name === 'string' ? [name.trim()] : [];
  });
  if (names.length === 0) return [];
  return entriesAt(file, ['windows']).flatMap((window, index) =>
    entriesAt(window, ['rings']).flatMap((ring, place) => {
      const name = textOf(ring);
      return name === null || rings.includes(name)
        ? []
        : [{ path: ['windows', index, 'rings', place], message: `one of the rings ${names.join(', ')}` }];
    }),
  );
}

function freezeIssues(file: unknown): readonly CrossIssue[] {
  return entriesAt(file, ['freezes']).flatMap((freeze, index) => {
    const [from, until] = ['from', 'until'].map((key) => valueAt(freeze, [key]));
    if (typeof from !== 'string' || typeof until !== 'string') return [];
    const [begins, ends] = [wallOf(from.trim()), wallOf(until.trim())];
    if (begins === null || ends === null || begins < ends) return [];
    return [{ path: ['freezes', index, 'until'], message: 'an end that is later than the beginning' }];
  });
}

function classesThatSay(file: unknown, key: string): readonly (readonly string[])[] {
  return actionClasses.map((name) => ['signOff', name, key]).filter((path) => valueAt(file, path) === true);
}

function approversOf(file: unknown): ReadonlySet<string> {
  return new Set(entriesAt(file, ['approvers']).flatMap((entry) => personOf(entry, file) ?? []));
}
